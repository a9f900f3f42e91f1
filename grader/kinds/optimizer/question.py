"""A function that makes one step of Adam: called for steps of many runs, in no order and two of them twice.

Gradients go from 1e-9 to 1e4, and one step has other settings than the usual ones.
"""

from __future__ import annotations

import functools
import math
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from grader.answers.arrays import from_numpy
from grader.model.kind import Params
from grader.model.run import Call
from grader.model.value import Fields, Items, Value
from grader.training.calls import CalledFunction, call, real, whole
from grader.training.task import FloatArray, one_digit
from reference.adam import AdamState, Rates
from reference.bptt import Parameters

RATES = Rates()
# Other settings, to see whether a function takes them.
OTHER_RATES = Rates(lr=0.003, beta1=0.8, beta2=0.99, eps=1e-6)
Shapes: TypeAlias = tuple[tuple[int, ...], ...]
SHAPES: Shapes = ((3, 2), (2, 2), (2, 1), (2,), (1,))
"""Of U, W, V, b and c."""
ONES: Shapes = ((1, 1), (1, 1), (1, 1), (1,), (1,))
# Never one after the other: a function that counts its calls must not be right by chance.
SMALL_STEPS = (1, 3, 2)
STEPS = (7, 1, 3, 12, 2, 9, 100, 5, 1, 11, 4, 6)
# Which of these are made again after all others.
AGAIN = (2, 0)
OTHER_STEP = 15
N_STEPS = len(SMALL_STEPS) + len(STEPS) + len(AGAIN)
"""Steps with the usual settings."""
Form: TypeAlias = Literal["dict", "list", "array"]
FORMS: tuple[Form, ...] = ("dict", "list", "array")
"""Ways to hand arrays over."""


class OptimizerParams(CalledFunction, Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `optimizer`.

    Args:
        function: Its name; called as function(params, grads, m, v, t, lr=, beta1=, beta2=, eps=) with dicts
            of arrays U, W, V, b, c (lists of arrays and single arrays are tried too). It returns
            (params, m, v) or changes them in place.
        seed: Of the steps.
    """

    kind = "optimizer"
    arguments = "params, grads, m, v, t, lr=, beta1=, beta2=, eps="
    function: str = "adam_step"
    seed: int = 0

    def __post_init__(self) -> None:
        self.require_name()


class AskedStep(NamedTuple):
    """A step to make: the state before, the gradient, the step's number and settings.

    The five arrays of a state or gradient, of the given shapes, are one after the other in a flat one.
    """

    state: AdamState
    g: FloatArray
    t: int
    rates: Rates
    shapes: Shapes = SHAPES


def probes(params: OptimizerParams) -> tuple[Call, ...]:
    """All steps for each way to hand over arrays: dicts, lists, single arrays."""
    return tuple(_call(step, form) for form in FORMS for step in asked_steps(params.instance_seed))


def _call(step: AskedStep, form: Form) -> Call:
    theta, m, v = step.state
    arrays = (handed(one, form, step.shapes) for one in (theta, step.g, m, v))
    settings: dict[str, Value] = {name: real(value) for name, value in step.rates._asdict().items()}
    return call(*arrays, whole(step.t), kwargs=settings, returns_arguments=True)


def handed(flat: FloatArray, form: Form, shapes: Shapes) -> Value:
    """The arrays as they are handed to the function."""
    if form == "array":
        return from_numpy(flat)
    arrays = {name: from_numpy(array) for name, array in split(flat, shapes)._asdict().items()}
    return Fields(dict(arrays)) if form == "dict" else Items(tuple(arrays.values()))


@functools.lru_cache(maxsize=8)
def asked_steps(seed: int) -> tuple[AskedStep, ...]:
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


def _small(t: int, rng: np.random.Generator) -> AskedStep:
    """A step of arrays with one entry each, in numbers of one digit, for people to compute with."""
    theta, g, m, v = (one_digit(rng, len(ONES)) for _ in range(4))
    v = np.abs(v)
    start = np.zeros(len(ONES))
    state = AdamState(theta, *(start, start) if t == 1 else (np.round(m / 10, 2), np.round(v / 100, 3)))
    return AskedStep(state, g, t, RATES, ONES)


def _scales(rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """The size of gradients before a step and in it, entry by entry.

    They lie between 1e-9, where eps tells the accepted forms apart, and 1e4, beyond what people clip at. One
    is zero, and one is 1e-4 times what it was before, where AMSGrad differs.
    """
    before = np.concatenate([np.logspace(-9, 4, 12), [0.0, 1.0, 1.0]])
    now = before.copy()
    now[13] *= 1e-4
    order = rng.permutation(len(before))
    return before[order], now[order]


def _drawn(t: int, scale: tuple[FloatArray, FloatArray], rates: Rates, rng: np.random.Generator) -> AskedStep:
    """A random step from moments of the size that t - 1 gradients of the size `scale` would leave."""
    before, now = scale
    n = len(now)

    def signs() -> FloatArray:
        return np.asarray(rng.choice((-1.0, 1.0), n), dtype=np.float64)

    theta = rng.uniform(0.3, 0.9, n) * signs()
    m = (1 - rates.beta1 ** (t - 1)) * rng.uniform(0.2, 1.2, n) * signs() * before
    v = (1 - rates.beta2 ** (t - 1)) * rng.uniform(0.5, 1.5, n) * before**2
    g = rng.uniform(0.5, 1.5, n) * signs() * (before if t == 1 else now)
    return AskedStep(AdamState(theta, m, v), g, t, rates)


def split(flat: npt.NDArray[Any], shapes: Shapes = SHAPES) -> Parameters:
    """A flat array as the five arrays."""
    ends = np.cumsum(list(map(math.prod, shapes)))
    parts = np.split(flat, ends[:-1])
    return Parameters(*(part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)))
