"""A student's function called on numbers of choice, and what it returns step by step; nothing is compared."""

from __future__ import annotations

from collections.abc import Mapping

from grader.answers.arrays import FloatArray, to_numpy
from grader.errors import Unreadable
from grader.kinds.code.instances import Instance
from grader.kinds.code.own_numbers import ValuesError, written_instance
from grader.kinds.code.question import CodeParams, arguments_of, runner
from grader.kinds.code.returned import read, wanted
from grader.model.text import joined
from grader.model.value import Value
from grader.networks.equations.sizes import show_shape
from grader.networks.layout import STEPS
from grader.networks.running.stepwise import Step, StepwiseRun, Worked


def arguments(params: CodeParams, inputs: Mapping[str, Value]) -> tuple[Value, ...]:
    """What the function is called with, in the course's order and layout.

    Args:
        params: The question.
        inputs: Everything that it takes, by name: an input one row a step, the others as declared.

    Raises:
        Unreadable: If one is missing or unknown, or the sizes do not fit.
    """
    return arguments_of(runner(params).signature, _instance(params, inputs))


def steps(params: CodeParams, inputs: Mapping[str, Value], returned: Value) -> StepwiseRun:
    """What the function returned, at the steps to which it belongs.

    Args:
        params: The question.
        inputs: As for `arguments`.
        returned: From the call.

    Raises:
        Unreadable: If it is not what the question asks for, in form or size.
    """
    made, instance = runner(params).signature, _instance(params, inputs)
    asked = wanted(runner(params).network, made, instance.sizes)
    found = read(returned, asked, params.function)
    if not found.fits:
        told = joined([f"an array of shape {array.shape}" for array in found.arrays])
        shapes = joined(
            [f"{name} of shape {shape}" for name, shape in zip(asked.names, asked.shapes, strict=True)]
        )
        raise Unreadable(f"returns {told}; wanted {shapes}", where=params.function, code="shape")
    count = instance.sizes.get(STEPS, 1)
    worked: list[list[Worked]] = [[] for _ in range(count)]
    for one, array in zip(made.returns, found.arrays, strict=False):
        if one.when == "every step":
            for t in range(count):
                worked[t].append(Worked(f"{one.name}({t + 1})", _row(array[t][0]), True))
        else:
            t = 1 if one.when == "first" else count
            worked[t - 1].append(Worked(f"{one.name}({t})", _row(array[0]), True))
    given = {name: instance.arrays[name] for name in runner(params).network.inputs}
    return StepwiseRun(
        tuple(
            Step(t + 1, {name: _row(array[t][0]) for name, array in given.items()}, tuple(worked[t]))
            for t in range(count)
        ),
        is_exact=False,
    )


def _instance(params: CodeParams, inputs: Mapping[str, Value]) -> Instance:
    run = runner(params)
    shapes = {**run.network.inputs, **run.network.parameters}
    try:
        return written_instance(run, {name: to_numpy(value, name) for name, value in inputs.items()})
    except ValueError as error:
        takes = joined([f"{name} ({show_shape(shapes[name])})" for name in run.signature.arguments])
        hint = f"{params.function} takes {takes}: give them all by name, an input with one row a step"
        found = error.found if isinstance(error, ValuesError) else str(error)
        raise Unreadable(found, hint) from None


def _row(numbers: FloatArray) -> tuple[float, ...]:
    return tuple(map(float, numbers))
