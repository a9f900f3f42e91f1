"""Gradients worked out by hand for given numbers: which entries are right, also after rounding on the way."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any, NamedTuple

import numpy as np
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from grader.answers.numbers import ExactNumber, nearest_float
from grader.answers.rounding import MARGIN, Slip, credit_of, read_entry, slip_feedback, slip_of, without_luck
from grader.answers.tables import read_table
from grader.errors import Unreadable
from grader.kinds.gradient.question import GradientParams, backward, instance_by_hand
from grader.model.evidence import LOCATION, PROVED, Evidence
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback, Outcome, verdict_for
from grader.model.value import Value
from grader.networks.backward.adjoint import BackwardPass
from grader.networks.backward.gradients import Arrays, FloatArray, gradients
from grader.networks.backward.together import Passes, all_gradients
from grader.networks.equations.network import Network
from grader.networks.equations.tree import Function

# Of the ways to round, those with one habit for the forward pass and one for the way back, and so many mixed.
MIXED_WAYS = 120


class ByHandEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows of gradients by hand: what each entry is, and how many are right."""

    entries: Annotated[dict[str, list[Slip]], LOCATION]
    entries_right: Annotated[int | UnsetType, LOCATION] = UNSET


class FactsByHand(NamedTuple):
    """What was read and decided.

    Args:
        entries: As handed in, by gradient, row by row; those left out are not there.
        slips: What each is to the right one.
    """

    entries: dict[str, tuple[ExactNumber | Slip, ...]]
    slips: dict[str, tuple[Slip, ...]]

    @property
    def numbers(self) -> dict[str, FloatArray] | None:
        """The entries as floats; None where one is no number, or beyond what floats hold."""
        made = {}
        for name, entries in self.entries.items():
            if any(isinstance(one, Slip) for one in entries):
                return None
            made[name] = np.array([nearest_float(one.value) for one in entries if not isinstance(one, Slip)])
            if not np.isfinite(made[name]).all():
                return None
        return made


def judge_by_hand(params: GradientParams, answer: Answer) -> Judgement[FactsByHand]:
    """Mark each gradient by its entries; each gradient counts the same.

    Raises:
        Unreadable: If a gradient has another shape, or an entry is no number.
    """
    right = right_by_hand(params)
    entries = {
        name: _read(answer.fields[f"d{name}"], one.shape, f"d{name}", params.places)
        for name, one in right.items()
        if f"d{name}" in answer.fields
    }
    slips = {name: _slips(one, right[name], params.places) for name, one in entries.items()}
    if not _are_right(slips):
        slips = _without_luck(_rounded_on_the_way(params, entries, slips), entries)
    feedback = [Feedback("missing-field", f"d{name} is not given.") for name in right if name not in entries]
    for name, found in slips.items():
        feedback += slip_feedback(found, _places(f"d{name}", right[name].shape))
    wrong = [f"d{name}" for name, found in slips.items() if any(credit_of(one) < 1 for one in found)]
    if wrong:
        told = [f"d{name}" for name in slips if f"d{name}" not in wrong]
        text = f"Wrong gradients: {', '.join(wrong)}; right: {', '.join(told) or 'none'}."
        feedback.insert(0, Feedback("wrong-gradient", text))
    shares = [
        sum(map(credit_of, slips[name]), Fraction(0)) / len(slips[name]) if name in slips else Fraction(0)
        for name in right
    ]
    fraction = sum(shares, Fraction(0)) / len(shares)
    n_right = sum(credit_of(one) == 1 for found in slips.values() for one in found)
    evidence = ByHandEvidence(
        entries={f"d{name}": list(found) for name, found in slips.items()}, entries_right=n_right
    )
    outcome = Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=PROVED,
        feedback=tuple(feedback),
        evidence=(evidence,),
    )
    return Judgement(outcome, FactsByHand(entries, slips))


def right_by_hand(params: GradientParams) -> Arrays:
    """The right gradients that are asked."""
    return _right(params)


def numbers(params: GradientParams) -> dict[str, Any]:
    """The right gradients by field, at full precision; none where a function is asked for."""
    return (
        {} if params.function else {f"d{name}": one.tolist() for name, one in right_by_hand(params).items()}
    )


@functools.lru_cache(maxsize=32)
def _right(params: GradientParams) -> Arrays:
    found = gradients(backward(params), instance_by_hand(params))
    return {name: found[name] for name in params.names}


def _read(value: Value, shape: tuple[int, ...], name: str, places: int) -> tuple[ExactNumber | Slip, ...]:
    table = read_table(value, name)
    size = int(np.prod(shape, dtype=int))
    is_flat = len(shape) <= 1 or min(shape) == 1
    if table.shape != shape and not (is_flat and len(table.entries) == size and _is_line(table.shape)):
        wanted = "a number" if not shape else " x ".join(map(str, shape))
        raise Unreadable(
            f"its shape is {' x '.join(map(str, table.shape)) or 'a number'}",
            f"wanted {wanted}",
            name,
            "shape",
        )
    return tuple(read_entry(entry, name, places) for entry in table.entries)


def _is_line(shape: tuple[int, ...]) -> bool:
    return sum(n != 1 for n in shape) <= 1


def _slips(entries: tuple[ExactNumber | Slip, ...], right: FloatArray, places: int) -> tuple[Slip, ...]:
    pairs = zip(entries, right.ravel(), strict=True)
    return tuple(slip_of(entry, Fraction(float(wanted)), places) for entry, wanted in pairs)


def _without_luck(
    slips: dict[str, tuple[Slip, ...]], entries: dict[str, tuple[ExactNumber | Slip, ...]]
) -> dict[str, tuple[Slip, ...]]:
    chain = itertools.chain.from_iterable
    every = iter(without_luck([*chain(slips.values())], [*chain(entries[name] for name in slips)]))
    return {name: tuple(itertools.islice(every, len(found))) for name, found in slips.items()}


def _are_right(slips: dict[str, tuple[Slip, ...]]) -> bool:
    return all(one is Slip.RIGHT for found in slips.values() for one in found)


def _places(name: str, shape: tuple[int, ...]) -> list[str]:
    if not shape:
        return [name]
    return [f"{name}[{', '.join(str(i + 1) for i in index)}]" for index in np.ndindex(shape)]


def _rounded_on_the_way(
    params: GradientParams,
    entries: dict[str, tuple[ExactNumber | Slip, ...]],
    slips: dict[str, tuple[Slip, ...]],
) -> dict[str, tuple[Slip, ...]]:
    """Entries that are right after rounding intermediate values, all of them in one and the same way."""
    for way in ways_to_round(params):
        if all(
            not isinstance(entry, Slip)
            and (one is Slip.RIGHT or _is_near(entry.value, wanted, params.places))
            for name, found in slips.items()
            for one, entry, wanted in zip(found, entries[name], way[name].ravel(), strict=True)
        ):
            return {
                name: tuple(one if one is Slip.RIGHT else Slip.ROUNDED_INTERMEDIATE for one in found)
                for name, found in slips.items()
            }
    return slips


def _is_near(value: Fraction, wanted: float, places: int) -> bool:
    return (
        np.isfinite(wanted) and abs(value - Fraction(float(wanted))) <= Fraction(1, 2 * 10**places) + MARGIN
    )


@functools.lru_cache(maxsize=16)
def ways_to_round(params: GradientParams) -> tuple[Arrays, ...]:
    """The gradients where each value on the way is kept to the asked places, to one more, or in full."""
    one = backward(params)
    rounded = {
        (equation.name, places): replace(
            equation, right_side=Function("rounded", (equation.right_side,), places)
        )
        for each in (one.forward, one.network)
        for equation in each.equations
        for places in (params.places, params.places + 1)
    }

    def keeping(network: Network, kept: Kept) -> Network:
        equations = (rounded.get((each.name, kept.get(each.name) or 0), each) for each in network.equations)
        return replace(network, equations=tuple(equations))

    ways = [
        Passes(keeping(one.forward, first), keeping(one.network, then))
        for first, then in _habits(one, params.places)
    ]
    found = all_gradients(one, instance_by_hand(params), ways)
    return tuple({name: made[name] for name in params.names} for made in found if made is not None)


Kept = dict[str, int | None]


def _habits(one: BackwardPass, places: int) -> Iterator[tuple[Kept, Kept]]:
    """The decimals that each value is kept to, None for all; what is asked for is rounded only at the end."""
    asked = {f"d{name}" for name in one.asked}
    forward = [equation.name for equation in one.forward.equations]
    back = [equation.name for equation in one.network.equations if equation.name not in asked]
    choices: tuple[int | None, ...] = (places, places + 1, None)
    for first, second in itertools.product(choices, choices):
        if first is not None or second is not None:
            yield dict.fromkeys(forward, first), dict.fromkeys(back, second)
    rng = np.random.default_rng(1)
    for _ in range(MIXED_WAYS):
        yield (
            {name: choices[rng.integers(3)] for name in forward},
            {name: choices[rng.integers(3)] for name in back},
        )
