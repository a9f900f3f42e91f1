"""Mistakes outside of the equations: another layout, another order, something kept between calls."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np

from grader.answers.arrays import FloatArray
from grader.kinds.code.question import CodeParams, runner
from grader.kinds.code.returned import is_same
from grader.kinds.code.signature import Arrays, Runner, at
from grader.kinds.code.trial import TrialResult, first_wrong
from grader.model.mistake import Mistake
from grader.model.outcome import Diagnosis
from grader.networks.equations.network import Network
from grader.networks.equations.tree import MatrixProduct, Parameter, Transpose, walk
from grader.networks.layout import SEQUENCES, STEPS

# What a function of another convention returns, in the standard order; None where it cannot.
Other: TypeAlias = Callable[[Arrays], tuple[FloatArray, ...] | None]
STATE_KEPT = "A call goes on where the one before has ended; what is fed back starts {start} in every call."
# One instance of size 1 is explained by much; two wrong results leave little.
FEWEST_WRONG = 2


Convention: TypeAlias = Mistake[Other]
"""A way to take the arguments or to return the results that is not the one asked for, by what it gives."""


def kept_state(params: CodeParams, results: Sequence[TrialResult]) -> Diagnosis | None:
    """Whether every second call goes on from where a right first one has ended."""
    run = runner(params)
    found = []
    for result in results:
        if result.second is None or result.first_wrong_step is not None:
            continue
        goes_on = _going_on(run, result.trial.instance.arrays)
        if not _is_near(params, goes_on, result.trial.expected):
            found.append(_is_near(params, result.second, goes_on))
    if not found or not all(found):
        return None
    start = "from what is handed in" if run.network.start_arguments else "from zero"
    return Diagnosis("state-kept-between-calls", STATE_KEPT.format(start=start))


def in_another_convention(params: CodeParams, results: Sequence[TrialResult]) -> Diagnosis | None:
    """The convention that gives every array that came back, if one does."""
    run = runner(params)
    if (steps := _steps_for_step(params, results)) is not None:
        return steps
    returned = [one for one in results if one.first is not None]
    if sum(one.first_wrong_step is not None for one in returned) < FEWEST_WRONG:
        return None
    for one in _conventions(run):
        if all(_gives(params, one, result) for result in returned):
            return Diagnosis(one.id, one.message)
    return None


def _conventions(run: Runner) -> Iterator[Convention]:
    yield from _exchanged_starts(run)
    yield from _other_end(run)
    yield from _steps_for_sequences(run)
    yield from _weights_transposed(run)


def _gives(params: CodeParams, convention: Convention, result: TrialResult) -> bool:
    assert result.first is not None
    other = convention.effect(result.trial.instance.arrays)
    if other is None or any(a.shape != b.shape for a, b in zip(other, result.first, strict=True)):
        return False
    return _is_near(params, result.first, other)


def _is_near(params: CodeParams, got: tuple[FloatArray, ...], right: tuple[FloatArray, ...]) -> bool:
    return first_wrong(runner(params).signature.returns, got, right, params.atol) is None


def _going_on(run: Runner, arrays: Arrays) -> tuple[FloatArray, ...]:
    """What a second call returns that starts where the first has ended: the second half of both in a row."""
    twice = {name: np.concatenate([arrays[name]] * 2) for name in run.network.inputs}
    half = len(next(iter(twice.values()))) // 2
    values = run.values({**arrays, **twice})
    return tuple(
        at(one.when, values[one.name] if one.when == "once" else values[one.name][half:])
        for one in run.signature.returns
    )


def _exchanged_starts(run: Runner) -> Iterator[Convention]:
    for one, other in itertools.combinations(run.network.start_arguments, 2):

        def returned(arrays: Arrays, one: str = one, other: str = other) -> tuple[FloatArray, ...] | None:
            if arrays[one].shape != arrays[other].shape:
                return None
            return run.returned({**arrays, one: arrays[other], other: arrays[one]})

        yield Mistake(f"{one}-and-{other}-exchanged", f"{one} and {other} are used for each other.", returned)


def _other_end(run: Runner) -> Iterator[Convention]:
    """The last step for the first, as of a layer that reads backwards, or the first for the last."""
    for place, asked in enumerate(run.signature.returns):
        if asked.when not in ("first", "last"):
            continue
        end = "first" if asked.when == "last" else "last"

        def returned(arrays: Arrays, place: int = place, end: str = end) -> tuple[FloatArray, ...]:
            values, returns = run.values(arrays), run.signature.returns
            return tuple(
                at(end if number == place else one.when, values[one.name])
                for number, one in enumerate(returns)
            )

        text = f"{asked.name} is returned of the {end} step; {asked.name} of the {asked.when} step is asked."
        yield Mistake(f"{asked.name}-of-the-{end}-step", text, returned)


def _steps_for_sequences(run: Runner) -> Iterator[Convention]:
    """A loop along the sequences, with the steps for a batch: shapes fit, values do not."""
    layouts = [run.signature.arguments[name].own for name in run.network.inputs]
    if not all({STEPS, SEQUENCES} <= set(own) for own in layouts):
        return
    if any(one.when != "every step" for one in run.signature.returns):
        return
    name, own = next(iter(run.network.inputs)), layouts[0]
    axes = " x ".join(own)
    first = "steps first" if own.index(STEPS) < own.index(SEQUENCES) else "sequences first"
    text = f"The loop of the steps runs along the sequences: {name} is {axes}, {first}."
    for starts in ("given", "zero"):

        def returned(arrays: Arrays, starts: str = starts) -> tuple[FloatArray, ...] | None:
            turned = {one: arrays[one].swapaxes(0, 1) for one in run.network.inputs}
            steps = len(arrays[name])
            for one in run.network.start_arguments:
                if starts == "given" and len(arrays[one]) not in (1, steps):
                    return None
                turned[one] = arrays[one] if starts == "given" else np.zeros_like(arrays[one][:1])
            return tuple(one.swapaxes(0, 1) for one in run.returned({**arrays, **turned}))

        yield Mistake("steps-and-sequences-exchanged", text, returned)


def _weights_transposed(run: Runner) -> Iterator[Convention]:
    matrices = [name for name, shape in run.network.parameters.items() if len(shape) == 2]
    direction = _direction(run.network)
    if not matrices or direction is None:
        return
    name, shape = matrices[0], " x ".join(run.signature.arguments[matrices[0]].own)
    goes, comes = "goes to", "comes from"
    theirs, ours = (goes, comes) if direction == "from" else (comes, goes)
    text = (
        f"All weights are used as if each row belonged to a neuron that a signal {theirs}; here it belongs "
        f"to one that it {ours}: {name} is {shape}. So there are outputs only where sizes are equal."
    )

    def returned(arrays: Arrays) -> tuple[FloatArray, ...] | None:
        if any(arrays[one].shape != arrays[one].T.shape for one in matrices):
            return None
        return run.returned({**arrays, **{one: arrays[one].T for one in matrices}})

    yield Mistake("weights-in-other-layout", text, returned)


def _direction(network: Network) -> str | None:
    """Whether the row of every matrix belongs to the neuron that a signal goes "to" or comes "from"."""
    found = set()
    for equation in network.equations:
        for _, node in walk(equation.right_side):
            if isinstance(node, MatrixProduct):
                if isinstance(node.left, Transpose) and isinstance(node.left.arg, Parameter):
                    found.add("from")
                elif isinstance(node.left, Parameter):
                    found.add("to")
                else:
                    found.add("other")
    return found.pop() if len(found) == 1 and "other" not in found else None


def _steps_for_step(params: CodeParams, results: Sequence[TrialResult]) -> Diagnosis | None:
    """One step where all are asked, or all where one is."""
    run = runner(params)
    if len(run.signature.returns) != 1 or run.signature.is_one_step:
        return None
    asked = run.signature.returns[0]
    if asked.when == "once":
        return None
    shown = 0
    for result in results:
        if result.got is None or result.code == "right":
            continue
        values = run.values(result.trial.instance.arrays)[asked.name]
        other = values[-1] if asked.when == "every step" else values
        got = result.got[0]
        if len(result.got) != 1 or result.first is not None or not _is_same_array(params, got, other):
            return None
        shown += 1
    if shown < FEWEST_WRONG:
        return None
    if asked.when == "every step":
        return Diagnosis(
            "last-step-alone", f"Only {asked.name} of the last step is returned; all steps are asked."
        )
    return Diagnosis(
        "all-steps-returned", f"All steps of {asked.name} are returned; the {asked.when} alone is asked."
    )


def _is_same_array(params: CodeParams, got: FloatArray, other: FloatArray) -> bool:
    """Whether it is the same in some order of its axes."""
    for order in itertools.permutations(range(other.ndim)):
        turned = other.transpose(order)
        if is_same(got.shape, turned.shape) and np.allclose(
            got.reshape(turned.shape), turned, rtol=0, atol=params.atol
        ):
            return True
    return False
