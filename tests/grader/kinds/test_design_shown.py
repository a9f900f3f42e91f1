"""A word on which a network fails, step by step, against plain loops; and how its numbers are written."""

from __future__ import annotations

import math
from fractions import Fraction

import msgspec
import pytest

from grader.kinds.design import PARITY, SIGMOID, STEP_UNITS
from grader.kinds.design.deciding import student_of
from grader.kinds.design.question import DesignParams, task_of
from grader.kinds.design.shown import json_number, row_text, shown, traced, word_text
from tests.grader.networks.automaton.nets import fractions

HALF = Fraction(1, 2)


def task_from(base=PARITY, **changed):
    return task_of(msgspec.convert({**base, **changed}, DesignParams))


def exact(weights):
    return {name: fractions(value) for name, value in weights.items()}


def sizes_of(weights):
    return {"n_in": len(weights["U"][0]), "n_h": len(weights["U"]), "n_out": len(weights["V"])}


def by_hand(weights, word, unit):
    """Each step's sums and values of h and y, by a unit's function."""
    own = exact(weights)
    h, steps = [Fraction(0)] * len(own["b"]), []
    for letter in word:
        sums = [
            sum(u * x for u, x in zip(own["U"][i], letter, strict=True))
            + sum(w * old for w, old in zip(own["W"][i], h, strict=True))
            + own["b"][i]
            for i in range(len(h))
        ]
        h = [unit(one) for one in sums]
        outs = [
            sum(v * one for v, one in zip(row, h, strict=True)) + c
            for row, c in zip(own["V"], own["c"], strict=True)
        ]
        steps.append((sums, h, outs))
    return steps


WEIGHTS = {"U": [[1], [1]], "W": [[1, -1], ["1/2", -1]], "b": [-1, "-3/2"], "V": [[1, -1]], "c": [-1]}


@pytest.mark.parametrize("word", [(0,), (1,), (1, 0, 1, 1), (0, 0, 1, 1, 0, 1)])
def test_each_step_has_its_values_its_ties_what_is_read_and_what_is_wanted(word):
    task = task_from()
    trace = traced(task, student_of(task, exact(WEIGHTS), sizes_of(WEIGHTS)), word)
    steps = by_hand(WEIGHTS, [[x] for x in word], lambda u: Fraction(int(u >= 0)))
    assert trace.values == tuple(
        {"h": tuple(int(x) for x in h), "y": (int(outs[0] >= 0),)} for _, h, outs in steps
    )
    assert trace.read == tuple((int(outs[0] >= 0),) for _, _, outs in steps)
    assert trace.wanted == tuple((sum(word[: t + 1]) % 2,) for t in range(len(word)))
    ties = []
    for t, (sums, _, outs) in enumerate(steps, start=1):
        ties += [(t, name) for name, values in (("h", sums), ("y", outs)) if 0 in values]
    assert list(trace.ties) == ties
    assert word_text(task, word) == f"x = {', '.join(map(str, word))}"
    told = shown(task, trace, word)
    assert (told.inputs, told.first_wrong_step) == ({"x": [[x] for x in word]}, len(word))
    assert (told.expected, told.got) == (
        [list(row) for row in trace.wanted],
        [list(row) for row in trace.read],
    )


def test_only_steps_and_signs_have_a_threshold_to_stand_on():
    """max and relu are 0 where their sum is, and step and sign jump there."""
    for unit, is_told in (("step", True), ("sign", True), ("relu", False), ("abs", False)):
        own = {
            **STEP_UNITS,
            "equations": [f"h(t) = {unit}(U @ x(t) + W @ h(t-1) + b)", "y(t) = V @ h(t) + c"],
        }
        task = task_from(network=own)
        weights = {"U": [[1]], "W": [[0]], "b": [-1], "V": [[1]], "c": [0]}
        trace = traced(task, student_of(task, exact(weights), sizes_of(weights)), (1, 0))
        assert trace.ties == (((1, "h"),) if is_told else ())


@pytest.mark.parametrize(
    ("wanted", "threshold"), [("3*x(t)", "3"), ("x(t)", "1"), ("x(t) - 1", 0), ("x(t)", "1/2")]
)
def test_outputs_at_a_threshold_are_on_or_off_for_both(wanted, threshold):
    """The answer gives 2 x - 1 + threshold: on at its threshold only where x is 1/2 or more."""
    own = {**STEP_UNITS, "equations": ["h(t) = U @ x(t) + W @ h(t-1) + b", "y(t) = V @ h(t) + c"]}
    target = {"inputs": {"x": "number"}, "sizes": {"y": "number"}, "equations": [f"y(t) = {wanted}"]}
    task = task_from(network=own, target=target, threshold=threshold, alphabet={"x": [0, 1, "1/2"]})
    weights = {"U": [[2]], "W": [[0]], "b": [-1], "V": [[1]], "c": [threshold]}
    trace = traced(task, student_of(task, exact(weights), sizes_of(weights)), (0, 1, 2))
    level = Fraction(threshold)
    outputs = [eval(wanted.replace("x(t)", "x"), {"x": x}) for x in (Fraction(0), Fraction(1), HALF)]
    assert trace.wanted == tuple((int(one >= level),) for one in outputs)
    assert trace.read == ((0,), (1,), (1,))
    values = [2 * x - 1 + level for x in (0, 1, HALF)]
    assert [Fraction(str(step["y"][0])) for step in trace.values] == values


def test_outputs_that_count_as_they_are_are_shown_so():
    own = {**STEP_UNITS, "equations": ["h(t) = U @ x(t) + W @ h(t-1) + b", "y(t) = V @ h(t) + c"]}
    table = [{"state": "a", "next": ["a", "a"], "output": [[0, "1/3"], [2, -1]]}]
    task = task_from(network=own, target=table)
    weights = {"U": [["1/2"]], "W": [[1]], "b": [0], "V": [[1], [2]], "c": [0, "1/3"]}
    trace = traced(task, student_of(task, exact(weights), sizes_of(weights)), (1, 1, 0))
    assert trace.read == (("1/2", "4/3"), (1, "7/3"), (1, "7/3"))
    assert trace.wanted == ((2, -1), (2, -1), (0, "1/3"))


def test_real_units_are_shown_to_four_digits_and_have_no_ties():
    task = task_from(SIGMOID)
    weights = {"U": [[1], ["1/3"]], "W": [[0, 0], [0, 0]], "b": [0, -2], "V": [[1, -1]], "c": ["-1/2"]}
    student = student_of(task, exact(weights), sizes_of(weights))
    trace = traced(task, student, (0, 1))

    def sigmoid(u):
        return 1 / (1 + math.exp(-u))

    steps = by_hand(weights, [[0], [1]], lambda u: Fraction(sigmoid(float(u))))
    for step, (_, h, outs) in zip(trace.values, steps, strict=True):
        assert step["h"] == tuple(float(f"{float(x):.4g}") for x in h)
        assert step["y"] == (float(f"{sigmoid(float(outs[0])):.4g}"),)
    assert trace.read == tuple((int(outs[0] >= 0),) for _, _, outs in steps)
    assert trace.ties == ()


@pytest.mark.parametrize("c", ["0", "-1e-12", "1e-12"])
def test_a_real_output_that_is_not_surely_off_is_shown_as_on(c):
    """sigmoid(0) - sigmoid(0) is zero, known to some digits only."""
    task = task_from(SIGMOID)
    weights = {"U": [[1], [1]], "W": [[0, 0], [0, 0]], "b": [0, 0], "V": [[1, -1]], "c": [c]}
    trace = traced(task, student_of(task, exact(weights), sizes_of(weights)), (0,))
    assert trace.read == ((int(Fraction(c) >= 0),),)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0", 0),
        ("-7", -7),
        (10**15 - 1, 10**15 - 1),
        (1 - 10**15, 1 - 10**15),
        ("1/3", "1/3"),
        ("-3/4", "-3/4"),
        # 12 signs are the longest that is written as a fraction.
        ("12345/678901", "12345/678901"),
        ("123457/678901", round(123457 / 678901, 6)),
        ("-123457/67891", -1.81846),
        (Fraction(2**2000, 3), 1.7e308),
        (Fraction(-(2**2000), 3), -1.7e308),
        (Fraction(2, 3**2000), 0.0),
    ],
)
def test_numbers_are_written_whole_as_a_short_fraction_or_to_six_digits(value, written):
    found = json_number(Fraction(value))
    assert (found, type(found)) == (written, type(written))


def test_a_whole_number_of_16_digits_is_too_long_for_a_number():
    """JavaScript reads numbers as floats: from 2^53 on not every whole number is one."""
    assert [type(json_number(Fraction(sign * 10**15))) for sign in (1, -1)] == [float, float]


def test_one_output_stands_alone_and_several_in_brackets():
    assert [row_text(row) for row in ((1,), (0, 1), ("1/2", 2, 3))] == ["1", "(0, 1)", "(1/2, 2, 3)"]


def test_inputs_are_told_by_name_with_vectors_in_brackets():
    own = {
        "inputs": {"x": "2", "s": "number", "o": "1"},
        "parameters": {"U": "1 x 2"},
        "equations": ["y(t) = step(U @ x(t) + s(t) + o(t))"],
    }
    table = [{"state": "a", "next": ["a", "a"], "output": [0, 1]}]
    alphabet = {"x": [[0, "1/2"], [1, 1]], "s": [3, "0.5"], "o": [4, 5]}
    task = task_from(network=own, target=table, alphabet=alphabet)
    assert word_text(task, (1, 0)) == "x = (1, 1), (0, 1/2); s = 1/2, 3; o = 5, 4"
    trace = traced(task, student_of(task, {"U": ((Fraction(1), Fraction(1)),)}, {}), (1, 0))
    assert shown(task, trace, (1, 0)).inputs == {
        "x": [[1, 1], [0, "1/2"]],
        "s": ["1/2", 3],
        "o": [[5], [4]],
    }
