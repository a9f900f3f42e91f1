"""Step 5: each step of what is asked by itself, right by the key or by follow-through."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from grader.answers.rounding import Slip, credit_of, slip_feedback
from grader.explaining import explained
from grader.kinds.trace.layers import Layer, read_asked, read_intermediate_values
from grader.kinds.trace.question import TraceParams, hand_trace
from grader.kinds.trace.remarks import Work, remarks, row_name, wrong_intermediate_values
from grader.model.evidence import LOCATION, PROVED, Evidence
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Outcome, verdict_for
from grader.networks.drawn import DrawnRun, Number, UnrolledDrawing, unrolled
from grader.networks.follow_through import Followed, follow
from grader.networks.running.functions import Array

DIGITS = 6


class TraceFacts(NamedTuple):
    """What was read and decided.

    Args:
        asked: (T, n) of each variable that is asked; (1, n) where it has one value; NaN for no number.
        intermediate: The same of all others that were handed in and could be read.
        fraction: What the rows earn.
    """

    asked: Mapping[str, Array]
    intermediate: Mapping[str, Array]
    fraction: Fraction


class StepEvidence(msgspec.Struct, frozen=True):
    """What the values of one variable at one step are.

    Args:
        t: The step, counted from 1; the last one for what has one value after all steps.
        codes: One for each entry.
        credit: The share of the row.
        variable: Which one it is, where several are asked.
    """

    t: int
    codes: list[str]
    credit: str
    variable: str | UnsetType = UNSET


class TraceEvidence(Evidence, frozen=True, kw_only=True):
    """What each step earns.

    Args:
        steps: All of them, of each asked variable.
        first_wrong_working_step: Of the intermediate values, where some were handed in; None where all are
            right, or none could be read.
        slips: The values that are neither the key's nor follow: "h(1)", "y(3)".
        unrolled: The network with what was handed in, up to the first of them.
    """

    steps: Annotated[list[StepEvidence], LOCATION]
    first_wrong_working_step: Annotated[int | UnsetType | None, LOCATION] = UNSET
    slips: Annotated[list[str] | UnsetType, LOCATION] = UNSET
    unrolled: Annotated[UnrolledDrawing | UnsetType, LOCATION] = UNSET


class _Row(NamedTuple):
    """One row of an asked variable, t counted from 0."""

    variable: str
    t: int
    slips: list[Slip]

    @property
    def credit(self) -> Fraction:
        """The share that its entries earn."""
        return sum(map(credit_of, self.slips), Fraction(0)) / len(self.slips)


def judge(params: TraceParams, answer: Answer) -> Judgement[TraceFacts]:
    """Mark each step of each asked variable by itself; each counts the same.

    A step is right by the key, by work that was rounded on the way, or because it follows from the student's
    own values; see `grader.networks.follow_through`.

    Raises:
        Unreadable: If an asked variable is not given or cannot be read.
    """
    asked = read_asked(params, answer)
    intermediate, unread = read_intermediate_values(params, answer)
    work = Work(hand_trace(params), asked, intermediate, _followed(params, asked, intermediate))
    rows = [
        _Row(name, t, slips)
        for name, layer in asked.items()
        for t, slips in enumerate(_with_follow_through(layer.slips, work.followed.get(name)))
    ]
    fraction = sum((row.credit for row in rows), Fraction(0)) / len(rows)
    every = [slip for row in rows for slip in row.slips]
    names = [name for row in rows for name in _entry_names(work, row)]
    feedback = explained(lambda: slip_feedback(every, names)) or []
    told = explained(lambda: remarks(work, params, is_solved=fraction == 1)) or []
    evidence = _evidence(work, rows, bool(unread))
    drawing = explained(lambda: drawn(work)) if fraction < 1 else None
    outcome = Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=PROVED,
        feedback=(*feedback, *unread, *told),
        evidence=(msgspec.structs.replace(evidence, unrolled=drawing or UNSET),),
    )
    return Judgement(outcome, TraceFacts(_values(asked), _values(intermediate), fraction))


def _followed(
    params: TraceParams, asked: Mapping[str, Layer], intermediate: Mapping[str, Layer]
) -> Mapping[str, Followed]:
    """What follows from what; nothing is looked for where all is right."""
    trace, every = hand_trace(params), {**asked, **intermediate}
    if not any(layer.wrong_rows for layer in every.values()):
        return {}
    if params.places == 0 and trace.reach:
        return {}  # without decimals every activation is within reach of every other
    found = follow(trace, {name: layer.handed_in for name, layer in every.items()})
    if intermediate:
        # Working that is handed in never lowers a mark: what follows without it counts as well.
        alone = follow(trace, {name: layer.handed_in for name, layer in asked.items()})
        for name in asked:
            with_it, without = found[name], alone[name]
            with_it.earns |= without.earns
            with_it.is_slip = [a and b for a, b in zip(with_it.is_slip, without.is_slip, strict=True)]
    return found


def _with_follow_through(slips: list[list[Slip]], followed: Followed | None) -> list[list[Slip]]:
    if followed is None:
        return slips
    return [
        [
            Slip.FOLLOWS if follows and credit_of(slip) < 1 else slip
            for slip, follows in zip(own, earns, strict=True)
        ]
        for own, earns in zip(slips, followed.earns.tolist(), strict=True)
    ]


def _evidence(work: Work, rows: list[_Row], is_unread: bool) -> TraceEvidence:
    steps = [
        StepEvidence(
            work.trace.n_steps if work.trace.is_static(row.variable) else row.t + 1,
            [slip.value for slip in row.slips],
            str(row.credit),
            row.variable if len(work.asked) > 1 else UNSET,
        )
        for row in rows
    ]
    wrong = wrong_intermediate_values(work)
    first: int | UnsetType | None = None if work.intermediate or is_unread else UNSET
    return TraceEvidence(
        steps=steps,
        first_wrong_working_step=wrong[0].t + 1 if wrong else first,
        slips=_slip_names(work) if any(Slip.FOLLOWS in row.slips for row in rows) else UNSET,
    )


def _slip_names(work: Work) -> list[str]:
    return [
        row_name(work.trace, name, t)
        for t in range(work.trace.n_steps)
        for name in work.in_order
        if t < len(work.followed[name].is_slip) and work.followed[name].is_slip[t]
    ]


def _entry_names(work: Work, row: _Row) -> list[str]:
    name = row_name(work.trace, row.variable, row.t)
    return [name] if len(row.slips) == 1 else [f"{name}[{k}]" for k in range(1, len(row.slips) + 1)]


def _values(layers: Mapping[str, Layer]) -> dict[str, Array]:
    return {name: layer.values for name, layer in layers.items()}


def drawn(work: Work) -> UnrolledDrawing | None:
    """The network with the question's numbers and the student's values; None where no step is wrong.

    Args:
        work: What was handed in. Nothing that was computed from the question is drawn.
    """
    trace = work.trace
    layers = {**work.asked, **work.intermediate}
    marked = list(_marked(work, layers))
    wrong = next((place for place, is_right in marked if not is_right), None)
    if wrong is None:
        return None
    values = {name: _rows(rows) for name, rows in trace.inputs.items()}
    values |= {name: _rows(layer.values) for name, layer in layers.items()}
    run = DrawnRun(
        values=values,
        parameters={name: _matrix(value) for name, value in trace.parameters.items()},
        wrong=wrong,
        right=[place for place, is_right in marked if is_right],
    )
    return unrolled(trace.network, run)


def _marked(work: Work, layers: dict[str, Layer]) -> Iterator[tuple[tuple[str, int], bool]]:
    """Each row that was handed in, in the order of computing, and whether it is right or follows."""
    for t in range(work.trace.n_steps):
        for name in work.in_order:
            layer, followed = layers[name], work.followed.get(name)
            if work.trace.is_static(name) or t >= len(layer.values):
                continue
            follows = followed is not None and t < len(followed.is_slip) and not followed.is_slip[t]
            yield (name, t + 1), t not in layer.wrong_rows or follows


def _rows(values: Array) -> list[list[Number] | None]:
    rows = [[_number(one) for one in row] for row in values.reshape(len(values), -1).tolist()]
    return [row if all(one is not None for one in row) else None for row in rows]  # type: ignore[misc]


def _matrix(value: Array) -> list[list[Number]]:
    rows = value.reshape(-1, value.shape[-1] if value.ndim else 1).tolist()
    return [[one if (one := _number(entry)) is not None else "" for entry in row] for row in rows]


def _number(value: float) -> Number | None:
    """A whole number as such; None for what is no number."""
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 10**15 else float(f"{value:.{DIGITS}g}")
