"""A wrong network function: everything that it returned is compared with what known mistakes give."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from msgspec.structs import replace

from grader.answers.arrays import FloatArray
from grader.kinds.code.conventions import FEWEST_WRONG, in_another_convention, kept_state
from grader.kinds.code.judge import CodeFacts
from grader.kinds.code.question import CodeParams, instances_seed, runner, trials
from grader.kinds.code.signature import Arrays, at
from grader.model.mistake import Identifiability
from grader.model.outcome import Finding
from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import Network
from grader.networks.identity import Identical
from grader.networks.layout import STEPS, Returned
from grader.networks.mutants.combination import MOST_TOGETHER, Combination, Mask, finding, identifiability
from grader.networks.mutants.declared import Other
from grader.networks.mutants.edit import GIVEN
from grader.networks.mutants.explaining import in_pairs, singles, table_of
from grader.networks.mutants.mutant import Mutant

# Two places are what sheets ask by hand; from 6 on, rounding is within the tolerance.
OTHER_PLACES = (1, 3, 4, 5)


def diagnose(params: CodeParams, facts: CodeFacts) -> Finding:
    """The fewest known mistakes that give every array that came back.

    Args:
        params: The question.
        facts: What came of the calls; the first call on each instance counts, where its shape is right.
    """
    if (kept := kept_state(params, facts.results)) is not None:
        return Finding(diagnoses=(kept,))
    returned = [(k, one.first) for k, one in enumerate(facts.results) if one.first is not None]
    has_evidence = sum(one.first_wrong_step is not None for one in facts.results) >= FEWEST_WRONG
    for size in range(1, MOST_TOGETHER + 1):
        if has_evidence and (found := explaining(params, size, returned)):
            return finding(found, params.slip_credit**size, facts.fraction, asked_of(params))
        if size == 1 and has_evidence and (found := _rounded_otherwise(params, returned)):
            return finding(found, params.slip_credit, facts.fraction, asked_of(params))
        if size == 1 and (convention := in_another_convention(params, facts.results)):
            return Finding(diagnoses=(convention,))
    return Finding()


def _rounded_otherwise(params: CodeParams, returned: ReturnedArrays) -> list[Combination]:
    """Mistakes that keep another number of decimals than two."""
    for places in OTHER_PLACES:
        if found := explaining(params, 1, returned, places):
            return found
    return []


# What is rounded inside a function is most often rounded to the places that sheets ask by hand.
PLACES = 2
# So many numbers tell nearly all mistakes apart; of instances with as many, that with the fewest steps is
# worked out soonest.
MANY = 24
# The students' and our order of summing differ by this much of a large number.
RELATIVE_MARGIN = 1e-9
# The number of an instance, and what came back on it, in the standard order.
ReturnedArrays: TypeAlias = Sequence[tuple[int, tuple[FloatArray, ...]]]


class MistakenResults(NamedTuple):
    """What combinations of mistakes give on one instance.

    Args:
        combinations: K of them, those that can be run.
        arrays: One for each return, (K, ...) with the standard order behind.
    """

    combinations: tuple[Combination, ...]
    arrays: tuple[FloatArray, ...]


def explaining(
    params: CodeParams, size: int, returned: ReturnedArrays, places: int = PLACES
) -> list[Combination]:
    """The combinations that give all that came back, eliminated instance by instance.

    Args:
        params: The question.
        size: How many mistakes a combination has, 1 or 2.
        returned: The instances on which the function gave arrays of the right shapes.
        places: Decimal places that mistakes about rounding keep.
    """
    if _is_one_number(returned):
        return []
    # All are run on the first instance, and those that are left on the others.
    ordered = sorted(returned, key=lambda one: _cost(params, *one))
    left: tuple[Combination, ...] | None = None
    for trial, arrays in ordered:
        given = given_by_all(params, size, trial, places) if left is None else given_by(params, left, trial)
        near = _near(given, arrays, params.atol)
        left = tuple(one for one, is_near in zip(given.combinations, near, strict=True) if is_near)
        if not left:
            break
    return list(left or ())


def _is_one_number(returned: ReturnedArrays) -> bool:
    """Whether the same came back everywhere: anybody could guess it, and two mistakes give zeros often."""
    return len({number for _, arrays in returned for array in arrays for number in array.ravel()}) == 1


def _cost(params: CodeParams, trial: int, arrays: tuple[FloatArray, ...]) -> tuple[bool, int]:
    """Lowest for the instance that leaves few mistakes for least work."""
    numbers = sum(array.size for array in arrays)
    steps = trials(params)[trial].instance.sizes.get(STEPS, 1)
    return (False, steps) if numbers >= MANY else (True, -numbers)


def given_by_all(params: CodeParams, size: int, trial: int, places: int = PLACES) -> MistakenResults:
    """What every combination gives on one instance; worked out once."""
    return _given_by_all(Identical(params), size, trial, places, instances_seed(params))


def given_by(params: CodeParams, known: tuple[Combination, ...], trial: int) -> MistakenResults:
    """What some combinations give on one instance; kept, since many students make the same mistake.

    Args:
        params: The question.
        known: The combinations.
        trial: The number of the instance.
    """
    return _given_by(Identical(params), known, trial, instances_seed(params))


@functools.lru_cache(maxsize=4096)
def _given_by(
    key: Identical[CodeParams], known: tuple[Combination, ...], trial: int, seed: int
) -> MistakenResults:
    return _run(key.one, known, trial)


def _run(params: CodeParams, known: tuple[Combination, ...], trial: int) -> MistakenResults:
    run = runner(params)
    arrays: Arrays = run.lead(trials(params)[trial].instance.arrays)
    table = table_of(asked_of(params), known, arrays, arrays)
    return MistakenResults(
        table.combinations, tuple(_standard(table.values[one.name], one) for one in run.signature.returns)
    )


def asked_of(params: CodeParams) -> Network:
    """The network with what the function returns as its output; the same object for the same question."""
    return _asked_of(Identical(params))


@functools.lru_cache(maxsize=64)
def _asked_of(key: Identical[CodeParams]) -> Network:
    run = runner(key.one)
    return replace(run.network, output=tuple(dict.fromkeys(one.name for one in run.signature.returns)))


def known_of(params: CodeParams, size: int, places: int) -> tuple[Combination, ...]:
    """Every known mistake that can be made in the network, or pairs of them.

    Args:
        params: The question.
        size: 1 or 2.
        places: Decimal places that mistakes about rounding keep; of others than `PLACES` these alone.
    """
    return _known_of(Identical(params), size, places)


@functools.lru_cache(maxsize=64)
def _known_of(key: Identical[CodeParams], size: int, places: int) -> tuple[Combination, ...]:
    params = key.one
    if size > 1:
        return in_pairs(known_of(params, 1, places))
    if places != PLACES:
        return singles(asked_of(params), "as-code", places, only_digits=True)
    others = [Other(one.name, network_of(one.network)) for one in params.others]
    known = singles(asked_of(params), "as-code", places, others)
    if all(one.when != "every step" for one in runner(params).signature.returns):
        known = tuple(one for one in known if not _is_order_of_steps(one.mistakes[0]))
    return known


def cannot_tell(params: CodeParams, size: int = 1) -> Identifiability:
    """Which combinations give the same on every instance that a function is tried on.

    Args:
        params: The question.
        size: How many mistakes a combination has, 1 or 2.
    """
    return _cannot_tell(Identical(params), size, instances_seed(params))


@functools.lru_cache(maxsize=256)
def _given_by_all(
    key: Identical[CodeParams], size: int, trial: int, places: int, seed: int
) -> MistakenResults:
    return _run(key.one, known_of(key.one, size, places), trial)


@functools.lru_cache(maxsize=16)
def _cannot_tell(key: Identical[CodeParams], size: int, seed: int) -> Identifiability:
    params = key.one
    known = known_of(params, size, PLACES)
    places = {one.id: k for k, one in enumerate(known)}
    tables, expected = [], []
    for trial, tried in enumerate(trials(params)):
        given = given_by_all(params, size, trial)
        rows = [places[one.id] for one in given.combinations]
        for array, right in zip(given.arrays, tried.expected, strict=True):
            # Where a mistake cannot be run it gives nothing, and so nothing that would tell it apart.
            whole = np.full((len(known), right.size), np.nan)
            whole[rows] = array.reshape(len(rows), -1)
            tables.append(whole)
            expected.append(right.ravel())
    table, right = np.concatenate(tables, axis=1), np.concatenate(expected)
    runs = ~np.isnan(table).all(axis=1)
    known, table = tuple(itertools.compress(known, runs)), table[runs]

    def like(values: FloatArray) -> Mask:
        same = (np.abs(table - values) <= 2 * params.atol) | np.isnan(table) | np.isnan(values)
        return np.asarray(np.all(same, axis=1))

    return identifiability(known, lambda k: like(table[k]), like(right))


def _is_order_of_steps(mutant: Mutant) -> bool:
    """Whether it exchanges the steps of what is handed in, of which one is asked."""
    return any(edit.slot == "step" and edit.equation.endswith(GIVEN) for edit in mutant.effect)


def _near(given: MistakenResults, arrays: tuple[FloatArray, ...], atol: float) -> Mask:
    near = np.ones(len(given.combinations), dtype=bool)
    with np.errstate(invalid="ignore"):
        for table, array in zip(given.arrays, arrays, strict=True):
            same = np.abs(table - array) <= atol + RELATIVE_MARGIN * np.abs(table)
            near &= same.all(axis=tuple(range(1, same.ndim)))
    return near


def _standard(values: FloatArray, one: Returned) -> FloatArray:
    """(K, N, T, n) as what is returned of it, (K, T, N, n) or (K, N, n)."""
    by_step = values.transpose(2, 0, 1, 3)
    if one.when == "every step":
        return np.asarray(by_step.swapaxes(0, 1))
    return np.asarray(by_step[0] if one.when == "once" else at(one.when, by_step))
