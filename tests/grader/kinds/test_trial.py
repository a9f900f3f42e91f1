"""What a network function returned on one instance: how it is read, and held against the right outputs."""

from __future__ import annotations

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.behaviour.trial import (
    TriedInstance,
    counterexample,
    examine,
    first_wrong_step,
    read_outputs,
)
from grader.model.run import CallReading, Fault
from grader.model.value import Items, Nothing
from reference.instances import Instance, Sizes


def refusal(read, *arguments):
    with pytest.raises(Unreadable) as error:
        read(*arguments)
    return error.value


SIZES = Sizes(T=4, n_in=2, n_h=3, n_out=2)
ONE = Sizes(T=4, n_in=2, n_h=3, n_out=1)


def array(*shape):
    return from_numpy(np.arange(np.prod(shape, dtype=int), dtype=float).reshape(shape) + 1)


@pytest.mark.parametrize(
    ("shape", "sizes", "has_shape"),
    [
        ((4, 2), SIZES, True),
        ((4, 2, 1), SIZES, True),
        ((4, 1, 2), SIZES, True),
        ((1, 4, 2), SIZES, False),
        ((2, 4), SIZES, False),
        ((8,), SIZES, False),
        ((4,), SIZES, False),
        ((4,), ONE, True),
        ((4, 1), ONE, True),
        ((1, 4), ONE, False),
        ((3,), ONE, False),
        ((4, 2), ONE, False),
    ],
)
def test_outputs_are_one_row_a_step(shape, sizes, has_shape):
    outputs = read_outputs(array(*shape), sizes, "f")
    assert (outputs.has_shape, outputs.is_pair) == (has_shape, False)
    assert outputs.y.shape == ((sizes.T, sizes.n_out) if has_shape else shape)


@pytest.mark.parametrize(
    ("hidden", "is_pair"),
    [
        ((4, 3), True), ((5, 3), True), ((3,), True), ((1, 3), True), ((4, 3, 1), True), ((5, 1, 3), True),
        ((1, 3, 1), True), ((3, 3), False), ((6, 3), False), ((4, 2), False), ((3, 4), False), ((5,), False),
        ((2,), False), ((4,), False),
    ],
)  # fmt: skip
def test_of_a_pair_the_second_must_be_hidden_activations(hidden, is_pair):
    pair = Items((array(4, 2), array(*hidden)))
    try:
        outputs = read_outputs(pair, SIZES, "f")
    except Unreadable:
        assert not is_pair
    else:
        assert outputs.is_pair is outputs.has_shape is is_pair
        assert not is_pair or outputs.y.tolist() == [[1, 2], [3, 4], [5, 6], [7, 8]]


@pytest.mark.parametrize(
    "value", [Items((array(2, 4), array(4, 3))), Items((array(4, 2), array(4, 3), array(4, 3)))]
)
def test_a_pair_whose_first_is_no_output_or_that_has_a_third_is_none(value):
    assert isinstance(refusal(read_outputs, value, SIZES, "f"), Unreadable)


def test_two_steps_in_a_list_are_no_pair():
    two = Sizes(T=2, n_in=1, n_h=2, n_out=2)
    outputs = read_outputs(Items((array(2), array(2))), two, "f")
    assert (outputs.is_pair, outputs.has_shape, outputs.y.tolist()) == (False, True, [[1, 2], [1, 2]])


def test_a_flat_list_of_the_steps_and_the_start_is_no_pair_for_one_neuron():
    one = Sizes(T=4, n_in=2, n_h=1, n_out=2)
    assert read_outputs(Items((array(4, 2), array(4))), one, "f").is_pair
    assert isinstance(refusal(read_outputs, Items((array(4, 2), array(5))), one, "f"), Unreadable)


def test_who_returns_nothing_is_told_so():
    assert refusal(read_outputs, Nothing(), SIZES, "f").code == "returns-none"


ATOL = 0.5


def trial(expected, is_secret=False):
    expected = np.array(expected, dtype=float)
    steps, outputs = expected.shape
    x, one, V = np.ones((steps, 1)), np.ones((1, 1)), np.ones((1, outputs))
    instance = Instance(x, one, one, V, np.zeros(1), np.zeros(outputs))
    return TriedInstance(instance, expected, is_secret)


RIGHT = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
OFF = [[1.0, 2.0], [3.0, 4.75], [5.0, 9.0]]
FAULT = Fault(kind="error", message="ValueError: no.", where="line 3")


@pytest.mark.parametrize(
    ("results", "fault", "code", "step", "got"),
    [
        ([RIGHT, RIGHT], None, "right", None, RIGHT),
        ([RIGHT], None, "right", None, RIGHT),
        ([OFF, RIGHT], None, "counterexample", 2, OFF),
        ([RIGHT, OFF], None, "keeps-state", None, OFF),
        ([RIGHT, RIGHT, OFF], None, "keeps-state", None, OFF),
        ([RIGHT, [[1.0]]], None, "keeps-state", None, RIGHT),
        ([RIGHT], FAULT, "error", None, RIGHT),
        ([OFF], FAULT, "counterexample", 2, OFF),
        ([], FAULT, "error", None, None),
        ([], None, "not-run", None, None),
        ([np.transpose(RIGHT)], None, "transposed", None, np.transpose(RIGHT)),
        ([[[1.0]]], None, "wrong-shape", None, [[1.0]]),
    ],
)
def test_two_calls_are_held_against_what_is_right(results, fault, code, step, got):
    reading = CallReading(results=tuple(map(from_numpy, results)), fault=fault)
    found = examine("f", trial(RIGHT), reading, ATOL)
    assert (found.code, found.first_wrong_step) == (code, step)
    assert found.is_fault is (code in ("error", "not-run"))
    if got is None:
        assert found.got is None
    else:
        assert np.array_equal(found.got, got)


@pytest.mark.parametrize(
    ("got", "step"),
    [
        ([[1.5, 1.5], [3.0, 4.0]], None),
        ([[1.5000001, 2.0], [3.0, 4.0]], 1),
        ([[1.0, 2.0], [3.0, 4.6]], 2),
        ([[1.0, 2.0], [3.0, np.nan]], 2),
        ([[-np.inf, 2.0], [3.0, 4.0]], 1),
        ([[0.4, 2.0], [3.0, 3.0]], 1),
    ],
)
def test_the_first_wrong_step_is_the_first_that_is_off_by_more(got, step):
    assert first_wrong_step(np.array(got), np.array(RIGHT[:2]), ATOL) == step


def test_a_counterexample_shows_what_was_wanted_and_what_came():
    shown = counterexample(examine("f", trial(RIGHT), CallReading(results=(from_numpy(OFF),)), ATOL))
    assert (shown.expected, shown.got, shown.got_shape) == (RIGHT, OFF, [3, 2])
    assert (shown.sizes, shown.first_wrong_step) == ({"T": 3, "n_in": 1, "n_h": 1, "n_out": 2}, 2)


def test_what_answers_another_question_is_not_shown():
    secret = counterexample(examine("f", trial(RIGHT, is_secret=True), CallReading(), ATOL))
    assert (secret.expected, secret.got, secret.got_shape) == (None, None, None)


@pytest.mark.parametrize(("rows", "is_whole"), [(400, True), (401, False)])
def test_a_counterexample_shows_at_most_400_numbers(rows, is_whole):
    wanted = np.zeros((rows, 1))
    shown = counterexample(examine("f", trial(wanted), CallReading(results=(from_numpy(wanted + 1),)), ATOL))
    assert shown.expected == (wanted.tolist() if is_whole else f"an array of shape ({rows}, 1)")


def test_a_counterexample_with_nan_is_json():
    shown = counterexample(
        examine("f", trial(RIGHT), CallReading(results=(from_numpy(np.full((3, 2), np.nan)),)), ATOL)
    )
    assert shown.got == [["nan", "nan"]] * 3
