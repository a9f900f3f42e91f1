"""The sequences that a network is trained on: as an exercise file writes them, and as they are returned."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from grader.errors import Unreadable
from grader.formula.signals import from_step, input_name, parse_signal
from grader.formula.tree import Constant, Formula, FunctionCall, Product, Sum, Symbol, everything_in
from grader.model.kind import Params

FloatArray = npt.NDArray[np.float64]
LARGEST = 1e100
"""What comes out of numbers of size 1 is never near it; its cube is still finite."""


class OtherTargets(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Targets that a known mistake leads to.

    Args:
        id: Stable kebab-case word; the feedback's code.
        targets: One signal for each output.
        message: What to tell a student whose work fits them: the mistake, never a number of the answer.
        share: Credit for work that fits them in every output, e.g. "3/4"; empty for the usual credit.
    """

    id: str
    targets: tuple[str, ...]
    message: str
    share: str = ""

    def __post_init__(self) -> None:
        if self.share and not 0 <= Fraction(self.share) <= 1:
            raise ValueError(f"share is {self.share}; wanted 0 to 1")


class TaskParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all kinds about learnt sequences share.

    Args:
        inputs: Elements of x(t); each is uniform in [0, 1].
        targets: One signal for each output.
        mistakes: Known wrong targets.
    """

    inputs: int
    targets: tuple[str, ...]
    mistakes: tuple[OtherTargets, ...] = ()

    @property
    def starts(self) -> tuple[int, ...]:
        """For each output the first step, from 0, that does not reach back before the first input."""
        return tuple(from_step(signal) - 1 for signal in read_signals(self.targets, self.inputs))

    def clean(self, x: FloatArray) -> FloatArray:
        """(n_seqs, T, n_out) the targets of inputs (n_seqs, T, inputs), without noise."""
        return clean_targets(self.targets, x)

    def __post_init__(self) -> None:
        if not 1 <= self.inputs <= 16:
            raise ValueError(f"inputs is {self.inputs}; wanted 1 to 16")
        if not self.targets:
            raise ValueError("targets is empty; wanted one signal for each output")
        read_signals(self.targets, self.inputs)
        for mistake in self.mistakes:
            if len(mistake.targets) != len(self.targets):
                raise ValueError(f"mistake {mistake.id!r} has another number of targets")
            read_signals(mistake.targets, self.inputs)


@functools.lru_cache(maxsize=256)
def read_signals(targets: tuple[str, ...], inputs: int) -> tuple[Formula, ...]:
    """The parsed signals.

    Raises:
        SignalError: If a text is no signal.
    """
    return tuple(parse_signal(text, inputs) for text in targets)


def clean_targets(targets: tuple[str, ...], x: FloatArray) -> FloatArray:
    """The values of the targets, without noise.

    Args:
        targets: One signal for each output.
        x: (n_seqs, T, inputs).

    Returns:
        (n_seqs, T, n_out).
    """
    signals = read_signals(targets, x.shape[-1])
    return np.stack([signal_values(signal, x) for signal in signals], axis=-1)


def one_digit(rng: np.random.Generator, *shape: int) -> FloatArray:
    """Numbers from 0.2 to 0.9 of either sign, for people to compute with."""
    tenths = rng.integers(2, 10, shape) * rng.choice((-1, 1), shape)
    return np.asarray(tenths / 10, dtype=np.float64)


def rounded(value: float, digits: int) -> float | None:
    """A number as a report has it; None where it is not finite.

    Args:
        value: The number.
        digits: Digits that count.
    """
    return float(f"{value:.{digits}g}") if np.isfinite(value) else None


class Sequences(NamedTuple):
    """Inputs (n_seqs, T, inputs), clean targets (n_seqs, T, n_out), and the first marked step, from 0."""

    x: FloatArray
    y: FloatArray
    start: int


def draw_sequences(params: TaskParams, n_seqs: int, n_steps: int, rng: np.random.Generator) -> Sequences:
    """Inputs drawn uniformly from [0, 1], and their clean targets."""
    x = rng.random((n_seqs, n_steps, params.inputs))
    return Sequences(x, params.clean(x), max(params.starts))


def judged_only(y: FloatArray, starts: Sequence[int]) -> FloatArray:
    """A copy with 0 wherever an output is not judged.

    Args:
        y: (n_seqs, T, n_out).
        starts: For each output its first judged step, from 0.
    """
    kept = y.copy()
    for k, start in enumerate(starts):
        kept[:, :start, k] = 0.0
    return kept


def shaped(
    array: FloatArray, shape: tuple[int, ...], name: str, starts: Sequence[int] | None = None
) -> FloatArray:
    """The array, if it has the shape.

    Args:
        array: What came back.
        shape: What was asked for.
        name: Its name, for messages.
        starts: For each output its first judged step, from 0: what stands before may be anything. All is
            judged if left out.

    Raises:
        Unreadable: If it has another one ("shape"), or a number is not finite ("not-finite") or so large
            that a product of three may not be ("too-large").
    """
    if array.shape != shape:
        axes = "(sequences, steps, elements)"
        hint = f"{axes} = {shape} was asked for"
        if sorted(array.shape) == sorted(shape):
            hint += "; the axes are in another order"
        elif array.ndim == len(shape) and abs(array.shape[1] - shape[1]) == 1:
            hint += "; it is one step off"
        raise Unreadable(f"it has shape {array.shape}", hint, name, "shape")
    judged = array if starts is None else judged_only(array, starts)
    not_finite = np.argwhere(~np.isfinite(judged))
    if len(not_finite):
        place = ", ".join(map(str, not_finite[0]))
        raise Unreadable(f"its entry [{place}] is not a finite number", None, name, "not-finite")
    if np.abs(judged).max(initial=0) > LARGEST:
        raise Unreadable(f"it has an entry beyond {LARGEST:g}", None, name, "too-large")
    return array


def signal_values(signal: Formula, x: npt.ArrayLike) -> FloatArray:
    """The values of a signal, step by step.

    Args:
        signal: Any signal, products included.
        x: (..., T, n) inputs: x[..., t - 1, i - 1] is x[i] at step t.

    Returns:
        (..., T) values, float64.

    Raises:
        ValueError: If x has too few elements for the signal's indices, or fewer than two axes.
    """
    values = np.asarray(x, dtype=np.float64)
    if values.ndim < 2:
        raise ValueError(f"x has shape {values.shape}; wanted (..., T, n)")
    inputs = {input_name(i + 1): values[..., i].copy() for i in range(values.shape[-1])}
    for part in everything_in(signal):
        if isinstance(part, Symbol) and part.name not in inputs:
            raise ValueError(f"x has {len(inputs)} elements a step; the signal reads {part.name}")
    return np.broadcast_to(_values(signal, inputs), values.shape[:-1]).copy()


def _values(signal: Formula, inputs: Mapping[str, FloatArray]) -> FloatArray:
    match signal:
        case Constant(value=value):
            return np.full(next(iter(inputs.values())).shape, float(value))
        case Symbol(name=name):
            return inputs[name]
        case Sum(terms=(left, right)):
            return _values(left, inputs) + _values(right, inputs)
        case Product(factors=(left, right)):
            return _values(left, inputs) * _values(right, inputs)
        case FunctionCall(function="delay", argument=argument, steps=steps):
            values = _values(argument, inputs)
            late = np.zeros_like(values)
            late[..., steps:] = values[..., : max(values.shape[-1] - steps, 0)]
            return late
        case FunctionCall(function="cumsum", argument=argument):
            return np.cumsum(_values(argument, inputs), axis=-1)
        case FunctionCall(function="decay", argument=argument, rate=rate):
            return _decayed(_values(argument, inputs), float(rate))
    raise TypeError(signal)


def _decayed(values: FloatArray, rate: float) -> FloatArray:
    total = np.zeros_like(values)
    for step in range(values.shape[-1]):
        before = total[..., step - 1] if step else 0.0
        total[..., step] = rate * before + values[..., step]
    return total
