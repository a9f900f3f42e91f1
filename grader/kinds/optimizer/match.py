"""Which rule explains the steps that a function makes."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from grader.training.optimizer_bank import BANK, RIGHT_FORMS, OptimizerSlip, Rule, Step
from grader.training.task import FloatArray
from reference.adam import AdamState, Rates
from reference.bptt import Parameters

# Of the largest value a column takes; honest float32 stays below 2e-5, the nearest mistake is 6e-4 off.
TOLERANCE = 1e-4
# float32 parameters near 1 are rounded by so much, whatever the step.
ROUNDING = 1e-7

RATES = Rates()
# Other settings, to see whether a function takes them.
OTHER_RATES = Rates(lr=0.003, beta1=0.8, beta2=0.99, eps=1e-6)
SHAPES = ((3, 2), (2, 2), (2, 1), (2,), (1,))
"""Of U, W, V, b and c."""
ONES = ((1, 1), (1, 1), (1, 1), (1,), (1,))
# Never one after the other: a function that counts its calls must not be right by chance.
SMALL_STEPS = (1, 3, 2)
STEPS = (7, 1, 3, 12, 2, 9, 100, 5, 1, 11, 4, 6)
# Which of these are made again after all others.
AGAIN = (2, 0)
OTHER_STEP = 15
N_STEPS = len(SMALL_STEPS) + len(STEPS) + len(AGAIN)
"""Steps with the usual settings."""


class Moment(NamedTuple):
    """A step to make: the state before, the gradient, its number and settings; all arrays flat."""

    state: AdamState
    g: FloatArray
    t: int
    rates: Rates
    shapes: tuple[tuple[int, ...], ...] = SHAPES

    @property
    def sizes(self) -> tuple[int, ...]:
        """Entries of each array."""
        return tuple(int(np.prod(shape)) for shape in self.shapes)


class Moves(NamedTuple):
    """What steps did: parameters' change, and the moments after; each (n_steps, n) for each set of shapes."""

    change: tuple[FloatArray, ...]
    m: tuple[FloatArray, ...]
    v: tuple[FloatArray, ...]


@functools.lru_cache(maxsize=8)
def moments(seed: int) -> tuple[Moment, ...]:
    """Steps of many runs, each from a state of its own, and one with other settings.

    First with arrays of one entry, then with others, in no order, two of them twice. No state follows from
    another step, so nothing that is handed over holds the answer to what was asked before.
    """
    rng = np.random.default_rng(seed)
    small = [_small(t, rng) for t in SMALL_STEPS]
    scale = _scales(rng)
    usual = [_drawn(t, scale, RATES, rng) for t in STEPS]
    other = _drawn(OTHER_STEP, scale, OTHER_RATES, rng)
    return (*small, *usual, *(usual[i] for i in AGAIN), other)


def repeated() -> tuple[tuple[int, int], ...]:
    """The steps that are made twice: where they stand first and where again."""
    start, end = len(SMALL_STEPS), len(SMALL_STEPS) + len(STEPS)
    return tuple((start + i, end + k) for k, i in enumerate(AGAIN))


def _small(t: int, rng: np.random.Generator) -> Moment:
    """A step of arrays with one entry each, in numbers of one digit, for people to compute with."""

    def draw() -> FloatArray:
        tenths = rng.integers(2, 10, len(ONES)) * rng.choice((-1, 1), len(ONES))
        return np.asarray(tenths / 10, dtype=np.float64)

    theta, g, m, v = draw(), draw(), draw(), np.abs(draw())
    start = np.zeros(len(ONES))
    state = AdamState(theta, *(start, start) if t == 1 else (np.round(m / 10, 2), np.round(v / 100, 3)))
    return Moment(state, g, t, RATES, ONES)


def _scales(rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """The size of gradients before a step and in it, entry by entry.

    They lie between 1e-9, where the forms of eps part, and 1e4, beyond what people clip at; one is zero, and
    one falls by 1e-4, where AMSGrad parts.
    """
    before = np.concatenate([np.logspace(-9, 4, 12), [0.0, 1.0, 1.0]])
    now = before.copy()
    now[13] *= 1e-4
    order = rng.permutation(len(before))
    return before[order], now[order]


def _drawn(t: int, scale: tuple[FloatArray, FloatArray], rates: Rates, rng: np.random.Generator) -> Moment:
    """A step from averages of the size that t - 1 such gradients leave."""
    before, now = scale
    n = len(now)

    def signs() -> FloatArray:
        return np.asarray(rng.choice((-1.0, 1.0), n), dtype=np.float64)

    theta = rng.uniform(0.3, 0.9, n) * signs()
    m = (1 - rates.beta1 ** (t - 1)) * rng.uniform(0.2, 1.2, n) * signs() * before
    v = (1 - rates.beta2 ** (t - 1)) * rng.uniform(0.5, 1.5, n) * before**2
    g = rng.uniform(0.5, 1.5, n) * signs() * (before if t == 1 else now)
    return Moment(AdamState(theta, m, v), g, t, rates)


def split(flat: npt.NDArray[Any], shapes: tuple[tuple[int, ...], ...] = SHAPES) -> Parameters:
    """A flat array as the five arrays."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    parts = np.split(flat, ends[:-1])
    return Parameters(*(part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)))


def moves_of(rule: Rule, steps: Iterable[Moment]) -> Moves:
    """What a rule makes of the steps, each from its own state."""
    made = tuple(steps)
    memories: list[dict[str, FloatArray]] = [{} for _ in SHAPES]
    return moves_between(made, [after(rule, moment, memories) for moment in made])


def after(rule: Rule, moment: Moment, memories: list[dict[str, FloatArray]] | None = None) -> AdamState:
    """The state after a step.

    Args:
        rule: What is done.
        moment: The step.
        memories: What is kept for each array from step to step; nothing if left out.
    """
    memories = [{} for _ in SHAPES] if memories is None else memories
    parts = zip(*(split(one, moment.shapes) for one in (*moment.state, moment.g)), strict=True)
    with np.errstate(all="ignore"):
        ends = [
            rule(
                Step(
                    AdamState(*(array.ravel() for array in state)),
                    g.ravel(),
                    moment.t,
                    moment.rates,
                    i,
                    len(memories),
                    memories[i],
                )
            )
            for i, (*state, g) in enumerate(parts)
        ]
    theta, m, v = (np.concatenate(arrays) for arrays in zip(*ends, strict=True))
    return AdamState(theta, m, v)


def moves_between(steps: Sequence[Moment], ends: Sequence[AdamState]) -> Moves:
    """What was done, from the states before and after, steps with arrays of the same shapes together."""
    changes = [end.theta - moment.state.theta for moment, end in zip(steps, ends, strict=True)]

    def grouped(rows: Sequence[FloatArray]) -> tuple[FloatArray, ...]:
        groups = (
            [row for row, moment in zip(rows, steps, strict=True) if moment.shapes == shapes]
            for shapes in (ONES, SHAPES)
        )
        return tuple(np.array(group) for group in groups if group)

    return Moves(grouped(changes), grouped([end.m for end in ends]), grouped([end.v for end in ends]))


@functools.lru_cache(maxsize=8)
def bank_moves(seed: int) -> tuple[tuple[OptimizerSlip, Moves], ...]:
    """What each known mistake makes of the steps with the usual settings."""
    with np.errstate(all="ignore"):
        return tuple((slip, moves_of(slip.rule, moments(seed)[:-1])) for slip in BANK)


Alike: TypeAlias = tuple[tuple[npt.NDArray[np.bool_], ...], ...]


def parts_alike(got: Moves, made: Moves) -> tuple[bool, bool, bool]:
    """Whether changes, first and second moments are the same, column by column."""
    changes, firsts, seconds = entries_alike(got, made)
    return _all(changes), _all(firsts), _all(seconds)


def entries_alike(got: Moves, made: Moves) -> Alike:
    """For changes, first and second moments, and each set of shapes: which entries are the same."""
    return tuple(
        tuple(_alike(a, b, floor) for a, b in zip(part, other, strict=True))
        for part, other, floor in zip(got, made, (ROUNDING, 0.0, 0.0), strict=True)
    )


def _all(parts: tuple[npt.NDArray[np.bool_], ...]) -> bool:
    return all(bool(part.all()) for part in parts)


def _alike(got: FloatArray, made: FloatArray, floor: float) -> npt.NDArray[np.bool_]:
    with np.errstate(invalid="ignore", over="ignore"):
        gap = np.abs(got - made)
    both_lost = ~np.isfinite(got) & ~np.isfinite(made)
    largest = np.where(np.isfinite(made), np.abs(made), 0.0).max(axis=0)
    # Written as "<=": NaN must be another thing.
    return np.asarray((gap <= TOLERANCE * largest + floor) | both_lost)


KERAS_FORMS = ("keras", "keras-paper")


@functools.lru_cache(maxsize=8)
def _forms(seed: int) -> tuple[tuple[str, Moves], ...]:
    return tuple((name, moves_of(rule, moments(seed)[:-1])) for name, rule in RIGHT_FORMS.items())


def right_moves(seed: int) -> Moves:
    """What Adam makes of the steps with the usual settings."""
    return _forms(seed)[0][1]


def right_form(got: Moves, seed: int) -> str | None:
    """Which accepted form the steps have, or None."""
    return next((name for name, made in _forms(seed) if all(parts_alike(got, made))), None)


def explain(got: Moves, seed: int) -> tuple[OptimizerSlip, ...]:
    """Every known mistake that makes these steps."""
    return tuple(slip for slip, made in bank_moves(seed) if all(parts_alike(got, made)))


def ignored_settings(got: Moves, seed: int) -> tuple[str, ...] | None:
    """Which settings a right function does not take from its arguments; None where nothing explains it.

    Args:
        got: What it made of the step with other settings alone.
        seed: Of the steps.
    """
    last = moments(seed)[-1:]
    names = Rates._fields
    for number in sorted(range(2 ** len(names)), key=lambda bits: bits.bit_count()):
        ignored = tuple(name for i, name in enumerate(names) if number >> i & 1)
        for eps in (RATES.eps, 1e-7) if "eps" in ignored else (OTHER_RATES.eps,):
            values = {name: getattr(RATES, name) for name in ignored} | (
                {"eps": eps} if "eps" in ignored else {}
            )
            step = last[0]._replace(rates=OTHER_RATES._replace(**values))
            for rule in (RIGHT_FORMS["torch"], RIGHT_FORMS["paper"]):
                if all(parts_alike(got, moves_of(rule, (step,)))):
                    return ignored
    return None
