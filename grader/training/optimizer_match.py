"""Which rule explains the steps that a function makes."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from grader.training.optimizer_bank import BANK, RIGHT_FORMS, OptimizerSlip, Rule, Step, right
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
N_STEPS = 12
SHAPES = ((3, 2), (2, 2), (2, 1), (2,), (1,))
"""Of U, W, V, b and c."""
SIZES = tuple(int(np.prod(shape)) for shape in SHAPES)


class Moment(NamedTuple):
    """A step to make: the state before, the gradient, its number and settings; all arrays flat."""

    state: AdamState
    g: FloatArray
    t: int
    rates: Rates


class Moves(NamedTuple):
    """What the steps did: parameters' change, and the moments after; each (n_steps, n)."""

    change: FloatArray
    m: FloatArray
    v: FloatArray


@functools.lru_cache(maxsize=8)
def moments(seed: int) -> tuple[Moment, ...]:
    """Twelve steps, each from a state of its own, and one with other settings.

    A state is where a right run ends of which no other step is a part: what one call is handed tells nothing
    of what another should give, in whichever order they come.

    Gradients lie between 1e-9 and 1e2, where the forms of eps part; one is zero, one falls by 1e-4 after the
    first step, where AMSGrad parts.
    """
    rng = np.random.default_rng(seed)
    n = sum(SIZES)
    scale = np.concatenate([np.logspace(-9, 2, 12), [0.0, 1.0, 1.0]])
    order = rng.permutation(n)
    made = []
    for t in range(1, N_STEPS + 2):
        g = rng.choice((-1.0, 1.0), (t, n)) * rng.uniform(0.5, 1.5, (t, n)) * scale
        g[1:, 13] *= 1e-4
        start = rng.uniform(0.3, 0.9, n) * rng.choice((-1.0, 1.0), n)
        rates = RATES if t <= N_STEPS else OTHER_RATES
        made.append(Moment(state_after(start, g[:-1, order]), g[-1, order], t, rates))
    return tuple(made)


def state_after(start: FloatArray, gradients: FloatArray) -> AdamState:
    """Where right Adam is after steps with these gradients, one a row."""
    state = AdamState(start, np.zeros_like(start), np.zeros_like(start))
    for t, g in enumerate(gradients, 1):
        state = right(Step(state, g, t, RATES))
    return state


def split(flat: FloatArray) -> Parameters:
    """A flat array as the five arrays."""
    parts = np.split(flat, np.cumsum(SIZES)[:-1])
    return Parameters(*(part.reshape(shape) for part, shape in zip(parts, SHAPES, strict=True)))


def moves_of(rule: Rule, steps: Iterable[Moment]) -> Moves:
    """What a rule makes of the steps, each from its own state."""
    memories: list[dict[str, FloatArray]] = [{} for _ in SIZES]
    after = []
    for moment in steps:
        parts = zip(*(np.split(one, np.cumsum(SIZES)[:-1]) for one in (*moment.state, moment.g)), strict=True)
        with np.errstate(all="ignore"):
            ends = [
                rule(Step(AdamState(*state), g, moment.t, moment.rates, i, len(SIZES), memories[i]))
                for i, (*state, g) in enumerate(parts)
            ]
        theta, m, v = (np.concatenate(arrays) for arrays in zip(*ends, strict=True))
        after.append((theta - moment.state.theta, m, v))
    return Moves(*(np.array(arrays) for arrays in zip(*after, strict=True)))


@functools.lru_cache(maxsize=8)
def bank_moves(seed: int) -> tuple[tuple[OptimizerSlip, Moves], ...]:
    """What each known mistake makes of the twelve steps."""
    with np.errstate(all="ignore"):
        return tuple((slip, moves_of(slip.rule, moments(seed)[:-1])) for slip in BANK)


def parts_alike(got: Moves, made: Moves) -> tuple[bool, bool, bool]:
    """Whether changes, first and second moments are the same, column by column."""
    return (
        _alike(got.change, made.change, ROUNDING),
        _alike(got.m, made.m, 0.0),
        _alike(got.v, made.v, 0.0),
    )


def _alike(got: FloatArray, made: FloatArray, floor: float) -> bool:
    with np.errstate(invalid="ignore"):
        gap = np.abs(got - made)
    both_lost = ~np.isfinite(got) & ~np.isfinite(made)
    largest = np.where(np.isfinite(made), np.abs(made), 0.0).max(axis=0)
    # Written as "<=": NaN must be another thing.
    return bool(np.all((gap <= TOLERANCE * largest + floor) | both_lost))


KERAS_FORMS = ("keras", "keras-paper")


@functools.lru_cache(maxsize=8)
def _forms(seed: int) -> tuple[tuple[str, Moves], ...]:
    return tuple((name, moves_of(rule, moments(seed)[:-1])) for name, rule in RIGHT_FORMS.items())


def right_moves(seed: int) -> Moves:
    """What Adam makes of the twelve steps."""
    return _forms(seed)[0][1]


def right_form(got: Moves, seed: int) -> str | None:
    """Which accepted form the twelve steps have, or None."""
    return next((name for name, made in _forms(seed) if all(parts_alike(got, made))), None)


def explain(got: Moves, seed: int) -> tuple[OptimizerSlip, ...]:
    """Every known mistake that makes these steps."""
    return tuple(slip for slip, made in bank_moves(seed) if all(parts_alike(got, made)))


def ignored_settings(got: Moves, seed: int) -> tuple[str, ...] | None:
    """Which settings a right function does not take from its arguments; None where nothing explains it.

    Args:
        got: What it made of the last step alone.
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
