"""Tables and sequences in each shape: which are read as which, and why the others are refused."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from grader.answers.layouts import readings
from grader.answers.matrices import matrix_shape, read_matrix, read_vector
from grader.answers.sequences import as_floats, read_steps
from grader.answers.tables import Table, read_table
from grader.errors import Unreadable
from grader.model.value import Fields, Flag, Items, Number, Text


def nested(value):
    """A nested list as a plain value: numbers with their kind, anything else as a text."""
    if isinstance(value, list):
        return Items(tuple(map(nested, value)))
    return Number(str(value), type(value).__name__) if isinstance(value, int | float) else Text(value)


def lists(value):
    """A plain value as a nested list of texts."""
    return [lists(one) for one in value.items] if isinstance(value, Items) else value.text


def first(text):
    """The first reading of a text as a table; None where it has none."""
    value = readings(Text(text))[0]
    return None if isinstance(value, Text) else lists(value)


def refusal(read, *arguments):
    with pytest.raises(Unreadable) as error:
        read(*arguments)
    return error.value


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("[1 2; 3 4]", [["1", "2"], ["3", "4"]]),
        ("[[1, 2]; [3, 4]]", [["1", "2"], ["3", "4"]]),
        ("[[1, 2],\n [3, 4]]", [["1", "2"], ["3", "4"]]),
        ("[[1, 2],\n\n [3, 4]]\n\n", [["1", "2"], ["3", "4"]]),
        ("[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]", [[["1", "2"], ["3", "4"]], [["5", "6"], ["7", "8"]]]),
        ("[[1 2] [3 4]]", [["1", "2"], ["3", "4"]]),
        ("[[1], [2]]", [["1"], ["2"]]),
        ("[[1, 2]]", [["1", "2"]]),
        ("[[1, 2],]", [["1", "2"]]),
        ("[[1 2], [3 4]; [5 6], [7 8]]", [[["1", "2"], ["3", "4"]], [["5", "6"], ["7", "8"]]]),
        ("[1; 2]", [["1"], ["2"]]),
        ("[1;]", [["1"]]),
        ("[1\n2]", [["1"], ["2"]]),
        ("[1, 2,\n3, 4]", ["1", "2", "3", "4"]),
        ("[1, 2\n3, 4]", [["1", "2"], ["3", "4"]]),
        ("\n\n1 2\n3 4\n", [["1", "2"], ["3", "4"]]),
        ("1 2", ["1", "2"]),
        ("[]", []),
        ("[1]", ["1"]),
        ("[1 2]'", [["1"], ["2"]]),
        ("[1 2; 3 4].T", [["1", "3"], ["2", "4"]]),
        ("[[1, 2], [3, 4]].transpose()", [["1", "3"], ["2", "4"]]),
        ("[1; 2]'", [["1", "2"]]),
        ("(1, 2)", ["1", "2"]),
        ("((1, 2), (3, 4))", [["1", "2"], ["3", "4"]]),
        ("{1, 2}", ["1", "2"]),
        ("{{1, 2}, {3, 4}}", [["1", "2"], ["3", "4"]]),
        ("np.array([1, 2])", ["1", "2"]),
        ("np.array([1, 2], dtype=float)", ["1", "2"]),
        ("np.array([1, 2],)", ["1", "2"]),
        ("W = [1 2];", ["1", "2"]),
        ("W = np.matrix([[1, 2]])", [["1", "2"]]),
        ("[1, ...\n2]", ["1", "2"]),
        ("[a, b]", ["a", "b"]),
        ("[{1}, {2}]", ["{1}", "{2}"]),
        ("[[1 2] [3 4]\n [5 6] [7 8]]", [["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"]]),
        ("0,27", ["0,27"]),
        ("0,5 0,3", ["0,5", "0,3"]),
        ("[[[[[[1]]]]]]", [[[[[["1"]]]]]]),
        ("[+1 -2e-3 1/2]", ["+1", "-2e-3", "1/2"]),
    ],
)  # fmt: skip
def test_a_text_is_the_table_that_its_brackets_say(text, table):
    if text == "0,5 0,3":
        assert table in [lists(one) for one in readings(Text(text))]
    else:
        assert first(text) == table


@pytest.mark.parametrize(
    "text",
    [
        "6", "x", "", "six six", "1 - 2", "[1, 2", "1, 2]", "[1]]", "[1] 2", "[1] [2]", "[, 1]", "[1,, 2]",
        "[1; , 2]", "[[[[[[[1]]]]]]]", "[1, ..., 9]", "[1 2 ... 9]", "np.array([1, 2]",
        "np.array(6)", "(x) + (y)", "(a, (b, c))", "sin(1, 2)", "(6)", "{1, 2", "1, 2}", "1, 2)", "(1, 2",
        "[1] x", "(1)(2)", "((1 2) (3 4))", "f([1, 2])", "np.array([1, 2]x", "11, 2)", "(1, 22",
    ],
)  # fmt: skip
def test_a_text_that_is_no_table_stays_a_text(text):
    assert first(text) is None


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        (["1", "2", "3"], "abc"),
        (["0", "1", "2"], "abc"),
        (["3", "1", "2"], "bca"),
        (["10", "9", "8", "7", "6", "5", "4", "3", "2", "1"], "jihgfedcba"),
        (["y1", "y2"], "ab"),
        (["y_1", "y_2"], "ab"),
        (["y(1)", "y(2)"], "ab"),
        (["y[2]", "y[1]"], "ba"),
        (["step 1", "step 2"], "ab"),
        (["t=1", "t=2"], "ab"),
        (["1"], "a"),
        (["2", "3"], None),
        (["1", "3"], None),
        (["1", "01"], None),
        (["y1", "z2"], None),
        (["1", "y2"], None),
        (["1", "two"], None),
        (["y", "z"], None),
        ([], None),
    ],
)
def test_a_dict_by_steps_is_the_list_in_their_order(keys, order):
    fields = Fields({key: Text(letter) for key, letter in zip(keys, "abcdefghij", strict=False)})
    found = readings(fields)[0]
    assert found is fields if order is None else lists(found) == list(order)


def test_a_dict_by_steps_has_at_most_4096_of_them():
    fields = {str(key): Flag(True) for key in range(4096)}
    assert isinstance(readings(Fields(fields))[0], Items)
    assert isinstance(readings(Fields(fields | {"4096": Flag(True)}))[0], Fields)


@pytest.mark.parametrize(
    ("shape", "rows", "columns", "wanted"),
    [
        ((2, 3), None, None, (2, 3)),
        ((2, 3), 9, 9, (2, 3)),
        ((3,), None, 1, (3, 1)),
        ((3,), 1, None, (1, 3)),
        ((3,), 3, 1, (3, 1)),
        ((3,), 1, 3, (1, 3)),
        ((1,), 1, 1, (1, 1)),
        ((3,), None, None, None),
        ((3,), 3, 3, None),
        ((), 1, 1, (1, 1)),
        ((), None, None, (1, 1)),
        ((), 1, None, (1, 1)),
        ((), None, 1, (1, 1)),
        ((), 2, 1, None),
        ((), 1, 2, None),
        ((), 2, None, None),
        ((), None, 2, None),
        ((2, 3, 1), 2, 3, None),
    ],
)
def test_only_what_can_be_nothing_else_is_a_matrix(shape, rows, columns, wanted):
    assert matrix_shape(Table(shape, ()), rows, columns) == wanted


@pytest.mark.parametrize(
    ("value", "rows", "columns", "hint"),
    [
        ([[1, 2, 3]], 3, 1, "did you write its transpose?"),
        ([[1, 2], [3, 4], [5, 6]], 2, 3, "did you write its transpose?"),
        ([[1, 2, 3], [4, 5, 6]], 2, 2, None),
        ([[1, 2, 3], [4, 5, 6]], 3, 3, None),
        ([[1, 2, 3], [4, 5, 6]], None, 2, "did you write its transpose?"),
        ([1, 2, 3], 3, 3, None),
        ([1, 2, 3], 1, 2, None),
        (5, 2, 2, None),
    ],
)
def test_a_matrix_of_another_shape_is_refused(value, rows, columns, hint):
    error = refusal(read_matrix, nested(value), rows, columns, "W")
    assert (error.code, error.hint) == ("shape", hint)


@pytest.mark.parametrize(
    ("value", "rows", "columns", "wanted"),
    [
        ([[1, 2, 3], [4, 5, 6]], 2, 3, [[1, 2, 3], [4, 5, 6]]),
        ([[1, 2, 3], [4, 5, 6]], None, 3, [[1, 2, 3], [4, 5, 6]]),
        ([[1, 2, 3], [4, 5, 6]], 2, None, [[1, 2, 3], [4, 5, 6]]),
        ([1, 2, 3], 3, 1, [[1], [2], [3]]),
        ([1, 2, 3], 1, 3, [[1, 2, 3]]),
        (7, 1, 1, [[7]]),
    ],
)
def test_a_matrix_is_read_row_by_row(value, rows, columns, wanted):
    found = read_matrix(nested(value), rows, columns, "W")
    assert [[int(one.value) for one in row] for row in found] == wanted


@pytest.mark.parametrize("text", ["[1 2; 3]'", "[[1 2]; [3 4] [5 6]]", "[[1, 2], 3]"])
def test_rows_of_two_lengths_are_no_matrix(text):
    assert isinstance(refusal(read_matrix, Text(text), None, None, "W"), Unreadable)


@pytest.mark.parametrize(
    ("value", "length", "wanted"),
    [
        ([1, 2, 3], 3, [1, 2, 3]),
        ([1, 2, 3], None, [1, 2, 3]),
        ([[1], [2], [3]], 3, [1, 2, 3]),
        ([[1, 2, 3]], 3, [1, 2, 3]),
        ([[[1], [2]]], 2, [1, 2]),
        (7, 1, [7]),
        (7, None, [7]),
        ([], 0, []),
        ([[1, 2], [3, 4]], None, None),
        ([[1, 2], [3, 4]], 4, None),
        ([1, 2, 3], 2, None),
        (7, 2, None),
        ([[[1, 2], [3, 4]]], 4, None),
    ],
)
def test_a_vector_lies_along_one_axis(value, length, wanted):
    if wanted is None:
        assert refusal(read_vector, nested(value), length, "g").code == "shape"
    else:
        assert [int(one.value) for one in read_vector(nested(value), length, "g")] == wanted


@pytest.mark.parametrize(
    ("value", "n_steps", "width", "wanted"),
    [
        ([1, 2, 3], 3, 1, [[1], [2], [3]]),
        ([[1], [2], [3]], 3, 1, [[1], [2], [3]]),
        ([[1, 2, 3]], 3, 1, [[1], [2], [3]]),
        ([[1, 2], [3, 4], [5, 6]], 3, 2, [[1, 2], [3, 4], [5, 6]]),
        ([[1, 3, 5], [2, 4, 6]], 3, 2, [[1, 2], [3, 4], [5, 6]]),
        ([[1, 2], [3, 4]], 2, 2, [[1, 2], [3, 4]]),
        ([[[1], [2]], [[3], [4]], [[5], [6]]], 3, 2, [[1, 2], [3, 4], [5, 6]]),
        ([[[1, 2]], [[3, 4]]], 2, 2, [[1, 2], [3, 4]]),
        ([[[1]], [[2]]], 2, 1, [[1], [2]]),
        (5, 1, 1, [[5]]),
        ([[1, 2]], 1, 2, [[1, 2]]),
        ([[1], [2]], 1, 2, [[1, 2]]),
    ],
)
def test_a_sequence_is_one_row_a_step(value, n_steps, width, wanted):
    steps = read_steps(nested(value), n_steps, width, "y")
    assert [[int(one.value) for one in step] for step in steps] == wanted


NO_START = "the sequence starts at y(1): leave y(0) out"
POINT = "write decimals with a point, not a comma"


@pytest.mark.parametrize(
    ("value", "n_steps", "width", "code", "hint"),
    [
        ([0, 1, 2, 3], 3, 1, "number-of-steps", NO_START),
        ([0.0, 1, 2, 3], 3, 1, "number-of-steps", NO_START),
        ([5, 1, 2, 3], 3, 1, "number-of-steps", None),
        ([0, 1, 2, 3, 4], 3, 1, "number-of-steps", None),
        ([[0, 0], [1, 2], [3, 4], [5, 6]], 3, 2, "number-of-steps", NO_START),
        ([[0, 1], [1, 2], [3, 4], [5, 6]], 3, 2, "number-of-steps", None),
        ([0, 27, 0, 73, 0, 1], 3, 1, "number-of-steps", POINT),
        ([0, 27, 0, 73, 0, 1.5], 3, 1, "number-of-steps", None),
        ([0, 27, 0, 73, 0], 3, 1, "number-of-steps", None),
        ([0, 27], 3, 1, "number-of-steps", None),
        ([1, 2], 3, 1, "number-of-steps", None),
        (5, 3, 1, "number-of-steps", None),
        ([[1, 2, 3], [4, 5, 6]], 3, 3, "number-of-steps", None),
        ([[1, 2, 3], [4, 5, 6]], 4, 2, "shape", None),
        ([1, 2, 3, 4], 2, 2, "shape", None),
        ([[1, 2], [3, 4]], 4, 1, "shape", None),
        (5, 2, 2, "shape", None),
    ],
)
def test_a_sequence_of_another_length_is_told_from_one_of_another_shape(value, n_steps, width, code, hint):
    error = refusal(read_steps, nested(value), n_steps, width, "y")
    assert (error.code, error.hint) == (code, hint)


def test_entries_that_slip_stand_as_no_number_and_huge_ones_as_infinite():
    steps = read_steps(nested(["1e400", "-1e400", "50%", "1,234", "1/2"]), 5, 1, "y")
    assert np.array_equal(as_floats(steps).ravel(), [np.inf, -np.inf, 0.5, np.nan, 0.5], equal_nan=True)


def test_an_entry_that_is_no_number_is_named_by_its_step():
    assert refusal(read_steps, nested([1, 2, "three"]), 3, 1, "y").where == "y(3)"


def test_values_stay_exact():
    (steps,) = read_steps(nested([["1/3", 0.1]]), 1, 2, "y")
    assert [one.value for one in steps] == [Fraction(1, 3), Fraction(1, 10)]


def test_a_row_may_be_a_dict_by_steps_and_another_dict_is_one_entry():
    one, two = Number("1", "int"), Number("2", "int")
    by_step = Fields({"2": two, "1": one})
    assert read_table(Items((by_step, Items((two, one)))), "h") == Table((2, 2), (one, two, two, one))
    named = Fields({"a": one})
    assert read_table(Items((named, one)), "h") == Table((2,), (named, one))
