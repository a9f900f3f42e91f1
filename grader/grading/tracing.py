"""A student's own network run on inputs of choice: neither judged nor compared, so that no key is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.answers.numbers import read_number
from grader.answers.tables import read_table
from grader.errors import CannotDo, Unreadable
from grader.grading.asked import flat_names, places_of
from grader.grading.mark import Runner
from grader.grading.names import missing, with_offered_names
from grader.grading.resolve import Given
from grader.kinds import part_of
from grader.model.exercise import Exercise, Question
from grader.model.run import Call, Read, RunResult
from grader.model.submission import Submission
from grader.model.text import counted, joined
from grader.model.value import Value
from grader.networks.equations.network import Network
from grader.networks.equations.sizes import Shape
from grader.networks.running.stepwise import StepwiseRun, run

MOST_STEPS = 200
"""A longer run is read by nobody."""

ONLY_INPUT = ""
"""The name of an input that was given without one."""


def traced(
    exercise: Exercise,
    question: Question,
    submission: Submission,
    inputs: Mapping[str, Value],
    sandbox: Runner,
) -> StepwiseRun:
    """Run the network of an answer step by step.

    Args:
        exercise: The exercise.
        question: One that asks for weights, or for a function that computes a network.
        submission: What was handed in; its code runs in the sandbox.
        inputs: By name, one row a step; for a function all its arguments.
        sandbox: Runs code.

    Raises:
        CannotDo: If the question has no network of the student's, nothing was handed in, or it cannot be run.
        Unreadable: If the answer or an input has the wrong form; says which size is needed.
    """
    own_call = part_of(question.kind, "own_call")
    if own_call is not None:
        call = Call(
            question=question.id,
            function=places_of(exercise, question),
            args=own_call.arguments(question.params, inputs),
            cpu_s=question.call_cpu_s or exercise.limits.call_cpu_s,
        )
        result = sandbox(submission, (Read(question.id), call), exercise.limits)
        _require_answer(exercise, question, submission, result)
        if (fault := result.calls[0].fault) is not None:
            raise CannotDo(fault.message, where=fault.where or question.asks.function)
        found: StepwiseRun = own_call.steps(question.params, inputs, result.calls[0].results[0])
        return found
    own_network = question.check.own_network
    if own_network is None:
        raise CannotDo(f"{question.id} has no network of yours to run", _what_has_one(exercise))
    flat = flat_names(exercise, question, (question,))
    names = dict.fromkeys((question.id, *flat, *question.asks.also))
    result = sandbox(submission, tuple(map(Read, names)), exercise.limits)
    answer = _require_answer(exercise, question, submission, result).answer
    own = own_network(question.params, answer)
    return run(own, _as_steps(own.network, own.sizes, inputs))


def _require_answer(
    exercise: Exercise, question: Question, submission: Submission, result: RunResult
) -> Given:
    flat = flat_names(exercise, question, (question,))
    given = Given(question, flat, result.calls, result, left_out=submission.left_out)
    if given.is_missing:
        messages = [
            one.message
            for one in with_offered_names(given, missing(given)).feedback
            if one.audience == "student"
        ]
        raise CannotDo(" ".join(messages), where=question.id)
    return given


def _what_has_one(exercise: Exercise) -> str:
    ids = [one.id for one in exercise.questions if one.check.own_network or part_of(one.kind, "own_call")]
    return (
        f"of this exercise {joined(ids)} {'has' if len(ids) == 1 else 'have'} one"
        if ids
        else ("no question of this exercise has one")
    )


def _as_steps(
    network: Network, sizes: Mapping[str, int], inputs: Mapping[str, Value]
) -> dict[str, list[Any]]:
    """Each input, step by step, as exact numbers or tuples of them."""
    named = with_names(inputs, tuple(network.inputs))
    found = {name: _rows(named[name], shape, sizes, name) for name, shape in network.inputs.items()}
    lengths = {name: len(rows) for name, rows in found.items()}
    if len(set(lengths.values())) > 1:
        counts = joined([f"{name} has {counted(length, 'step')}" for name, length in lengths.items()])
        raise Unreadable(f"the inputs need as many steps each, and {counts}")
    if max(lengths.values(), default=0) > MOST_STEPS:
        raise Unreadable(f"{max(lengths.values())} steps; at most {MOST_STEPS} are shown")
    return found


def with_names(inputs: Mapping[str, Value], wanted: Sequence[str]) -> dict[str, Value]:
    """The inputs by name, exactly the wanted ones; where only one is wanted, it needs no name.

    Args:
        inputs: As they were given.
        wanted: All names.

    Raises:
        Unreadable: If one is missing, or one is given that is not wanted.
    """
    named = {
        wanted[0] if name == ONLY_INPUT and len(wanted) == 1 else name: one for name, one in inputs.items()
    }
    if set(named) != set(wanted):
        found = joined([name or "one without a name" for name in named]) or "none"
        raise Unreadable(f"the inputs are {joined(wanted)}; given is {found}", "give each as NAME=VALUES")
    return named


def _rows(value: Value, shape: Shape, sizes: Mapping[str, int], name: str) -> list[Any]:
    width = shape[0].at(sizes) if shape else 1
    table = read_table(value, name)
    numbers = tuple(read_number(entry, name).value for entry in table.entries)
    is_flat = len(table.shape) < 2
    if numbers and is_flat and width == 1:
        rows: list[Any] = [(number,) for number in numbers]
    elif numbers and (table.shape[1:] == (width,) or (is_flat and len(numbers) == width)):
        rows = [numbers[start : start + width] for start in range(0, len(numbers), width)]
    else:
        per_step = counted(table.shape[-1] if table.shape else 1, "number")
        example = "; ".join(" ".join("1" if k == step else "0" for k in range(width)) for step in (0, 1))
        raise Unreadable(
            f"{per_step} at a step; your network takes {width}",
            f'write one row a step, such as "{example}"',
            name,
        )
    return rows if shape else [row[0] for row in rows]
