"""A network run on numbers of choice: which forms of inputs are read as which steps, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import pytest

from grader.errors import CannotDo, Unreadable
from grader.grading import tracing
from grader.grading.tracing import traced
from grader.model.exercise import Exercise, Limits, Question
from grader.model.kind import Asks, Kind, Params
from grader.model.outcome import Feedback, Outcome, Verdict
from grader.model.run import CallReading, Fault, RunResult
from grader.model.submission import Submission
from grader.model.value import Items, Number, Text
from grader.networks.equations.network import network
from grader.networks.running.stepwise import OwnNetwork

NOBODY = Submission(student="nobody", files=(), digest="")
ONE = Number("1", "int")


def question(id="q", own=None, cpu_s=None, kind="numeric", **asks):
    wanted = Asks(**(asks or {"fields": ("w",)}))
    check = Kind(
        params=Params,
        asks=lambda params: wanted,
        judge=lambda params, answer: pytest.fail("nothing is judged"),
        own_network=None if own is None else lambda params, answer: own,
    )
    return Question(
        id=id,
        label=id,
        points=Fraction(1),
        prompt="",
        fields={},
        asks=wanted,
        kind=kind,
        params=Params(),
        check=check,
        call_cpu_s=cpu_s,
    )


def exercise(*questions):
    limits = Limits(call_cpu_s=7.0)
    return Exercise(id="e", title="", source="", questions=questions, digest="", limits=limits)


def twice(shapes, sizes):
    """A network that doubles its first input."""
    first, *others = shapes
    equations = [f"h(t) = 2 * {first}(t)", *(f"k{i}(t) = {name}(t)" for i, name in enumerate(others))]
    return OwnNetwork(network({"inputs": shapes, "equations": equations}), {}, sizes)


def inputs_read(shapes, sizes, given):
    """What each step was given."""
    asked = question(own=twice(shapes, sizes))
    found = traced(exercise(asked), asked, NOBODY, given, lambda *_: RunResult(names={"q": ONE}))
    return [dict(step.inputs) for step in found.steps]


def table(*rows):
    return Items(tuple(Items(tuple(Number(str(x), "int") for x in row)) for row in rows))


VECTOR, SINGLE, NUMBER = ({"x": "n"}, {"n": 2}), ({"x": "n"}, {"n": 1}), ({"x": "number"}, {})


@pytest.mark.parametrize(
    ("network", "value", "steps"),
    [
        (VECTOR, Text("1 2; 3 4"), [(1, 2), (3, 4)]),
        (VECTOR, table((1, 2), (3, 4), (5, 6)), [(1, 2), (3, 4), (5, 6)]),
        (VECTOR, table((1, 2)), [(1, 2)]),
        (VECTOR, Text("1/3 0.5"), [(Fraction(1, 3), Fraction(1, 2))]),
        (SINGLE, Text("1 2 3"), [(1,), (2,), (3,)]),
        (SINGLE, table((4,), (5,)), [(4,), (5,)]),
        (SINGLE, ONE, [(1,)]),
        (NUMBER, Text("1 2 3"), [1, 2, 3]),
        (NUMBER, table((4,), (5,)), [4, 5]),
        (NUMBER, ONE, [1]),
    ],
)
def test_a_row_is_a_step_and_numbers_alone_are_one_each(network, value, steps):
    assert inputs_read(*network, {"x": value}) == [{"x": step} for step in steps]


@pytest.mark.parametrize(
    ("network", "value", "per_step", "example"),
    [
        (VECTOR, Text("1 2 3"), "3 numbers at a step; your network takes 2", "1 0; 0 1"),
        (VECTOR, Text("1 2 3 4"), "4 numbers at a step; your network takes 2", "1 0; 0 1"),
        (VECTOR, ONE, "1 number at a step; your network takes 2", "1 0; 0 1"),
        (VECTOR, Items(()), "0 numbers at a step; your network takes 2", "1 0; 0 1"),
        (VECTOR, Items((table((1, 2)),)), "2 numbers at a step; your network takes 2", "1 0; 0 1"),
        (SINGLE, table((1, 2)), "2 numbers at a step; your network takes 1", "1; 0"),
        (NUMBER, table((1, 2)), "2 numbers at a step; your network takes 1", "1; 0"),
        (({"x": "n"}, {"n": 3}), table((1, 2)), "2 numbers at a step; your network takes 3", "1 0 0; 0 1 0"),
    ],
)
def test_steps_of_another_width_are_told_with_an_example_that_fits(network, value, per_step, example):
    with pytest.raises(Unreadable) as refused:
        inputs_read(*network, {"x": value})
    assert (refused.value.message, refused.value.where) == (per_step, "x")
    assert f'"{example}"' in refused.value.hint


TWO = ({"x": "n", "u": "number"}, {"n": 2})


def test_inputs_go_step_by_step_together():
    found = inputs_read(*TWO, {"u": Text("7 8"), "x": Text("1 2; 3 4")})
    assert found == [{"x": (1, 2), "u": 7}, {"x": (3, 4), "u": 8}]


@pytest.mark.parametrize(
    ("network", "given", "told"),
    [
        (TWO, {"x": Text("1 2; 3 4"), "u": ONE}, "x has 2 steps and u has 1 step"),
        (TWO, {"x": Text("1 2")}, "the inputs are x and u; given is x"),
        (TWO, {"": Text("1 2")}, "the inputs are x and u; given is one without a name"),
        (TWO, {}, "the inputs are x and u; given is none"),
        (VECTOR, {"x": Text("1 2"), "u": ONE}, "the inputs are x; given is x and u"),
    ],
)
def test_inputs_that_are_not_those_of_the_network_are_told(network, given, told):
    with pytest.raises(Unreadable) as refused:
        inputs_read(*network, given)
    assert told in refused.value.message


def test_an_only_input_needs_no_name():
    assert inputs_read(*VECTOR, {"": Text("1 2")}) == [{"x": (1, 2)}]


@pytest.mark.parametrize(("count", "is_run"), [(200, True), (201, False)])
def test_200_steps_are_run_and_no_more(count, is_run):
    given = {"x": Items((ONE,) * count)}
    if is_run:
        assert len(inputs_read(*NUMBER, given)) == count
    else:
        with pytest.raises(Unreadable, match="201 steps; at most 200 are shown"):
            inputs_read(*NUMBER, given)


@pytest.mark.parametrize(
    ("ids", "told"),
    [
        ([], "no question of this exercise has one"),
        (["b"], "of this exercise b has one"),
        (["b", "c"], "of this exercise b and c have one"),
    ],
)
def test_where_a_question_has_no_network_those_that_have_one_are_told(ids, told):
    asked = question("a")
    others = [question(id, own=twice(*VECTOR)) for id in ids]
    with pytest.raises(CannotDo) as refused:
        traced(exercise(asked, *others), asked, NOBODY, {}, lambda *_: pytest.fail("it is not run"))
    assert told in str(refused.value)


def test_a_function_that_computes_a_network_is_one_to_run():
    asked, other = question("a"), question("b", kind="code", function="f")
    with pytest.raises(CannotDo) as refused:
        traced(exercise(asked, other), asked, NOBODY, {}, lambda *_: pytest.fail("it is not run"))
    assert "of this exercise b has one" in str(refused.value)


def test_what_is_for_staff_is_not_told(monkeypatch):
    feedback = (Feedback("a", "Seen."), Feedback("b", "Hidden.", "staff"), Feedback("c", "Seen too."))
    outcome = Outcome(verdict=Verdict.MISSING, fraction=Fraction(0), feedback=feedback)
    monkeypatch.setattr(tracing, "missing", lambda given: outcome)
    asked = question(own=twice(*VECTOR))
    with pytest.raises(CannotDo) as refused:
        traced(exercise(asked), asked, NOBODY, {"x": ONE}, lambda *_: RunResult(names={}))
    assert str(refused.value) == "q: Seen. Seen too."


def test_what_is_missing_is_told_to_the_student_by_the_question_s_name():
    asked = question(own=twice(*VECTOR))
    with pytest.raises(CannotDo, match=r"q: Nothing was handed in: there is no object named q\."):
        traced(exercise(asked), asked, NOBODY, {"x": ONE}, lambda *_: RunResult(names={}))


def function_of_one_argument(monkeypatch):
    """A kind whose answer is a function of x that gives back what it is called with."""
    own_call = SimpleNamespace(
        arguments=lambda params, inputs: (inputs["x"],), steps=lambda params, inputs, returned: returned
    )
    monkeypatch.setattr(tracing, "part_of", lambda kind, part: own_call if part == "own_call" else None)


@pytest.mark.parametrize(("own_s", "cpu_s"), [(None, 7.0), (2.5, 2.5)])
def test_a_function_is_called_as_its_question_says(own_s, cpu_s, monkeypatch):
    function_of_one_argument(monkeypatch)
    asked = question(function="f", cpu_s=own_s)

    def sandbox(submission, probes, limits):
        (call,) = [probe for probe in probes if hasattr(probe, "args")]
        assert (call.args, call.cpu_s) == ((ONE,), cpu_s)
        assert call.function == (("q", "f"), ("f",), ("q",))
        return RunResult(names={}, calls=(CallReading(results=(Text("first"), Text("second"))),))

    assert traced(exercise(asked), asked, NOBODY, {"x": ONE}, sandbox) == Text("first")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(kind="exception", message="ZeroDivisionError", where="line 2"), "line 2: ZeroDivisionError"),
        (Fault(kind="timeout", message="too slow"), "f: too slow"),
    ],
)
def test_a_call_that_fails_is_told_with_its_place(fault, told, monkeypatch):
    function_of_one_argument(monkeypatch)
    asked = question(function="f")
    with pytest.raises(CannotDo) as refused:
        traced(
            exercise(asked),
            asked,
            NOBODY,
            {"x": ONE},
            lambda *_: RunResult(names={}, calls=(CallReading(fault=fault),)),
        )
    assert str(refused.value) == told
