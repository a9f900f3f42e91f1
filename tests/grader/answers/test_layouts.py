"""Tables written as text, as MATLAB, numpy and people write them: each is what that program holds."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from grader.answers.arrays import to_numpy
from grader.answers.layouts import MAX_CHARACTERS, readings
from grader.answers.matrices import read_matrix, read_vector
from grader.answers.numbers import read_number
from grader.answers.sequences import read_steps
from grader.answers.tables import read_table
from grader.errors import Unreadable
from grader.model.value import Fields, Number, Text, Value

# What MATLAB's own documentation says of brackets: spaces or commas between columns, semicolons or line ends
# between rows, three dots where a line goes on, ' for the transpose.
MATLAB = [
    "[1 2; 3 4]",
    "[1, 2; 3, 4]",
    "[1,2;3,4]",
    "[1 2;3 4];",
    "A = [1 2; 3 4]",
    "[1 2\n 3 4]",
    "[1, 2\n 3, 4]",
    "[1, 2; ...\n 3, 4]",
    "[1, ...\n 2; 3 4]",
    "[1 3; 2 4]'",
    "A =\n\n     1     2\n     3     4\n",
    "1 2; 3 4",
    "1 2\r\n3 4",
]
OTHERS = [
    "[[1, 2], [3, 4]]",
    "[[1,2],[3,4],]",
    "((1, 2), (3, 4))",
    "{{1, 2}, {3, 4}}",
    "Matrix([[1, 2], [3, 4]])",
    "np.array([[1, 2], [3, 4]], dtype=float)",
    "tensor([[1., 2.],\n        [3., 4.]])",
    "[1,0 2,0; 3,0 4,0]",
    "[1 / 1, 4 / 2; 3, 4]",
    "[[np.float64(1.0), np.float64(2.0)], [np.float64(3.0), np.float64(4.0)]]",
    "[10^0, 2*10^0; 0,3*10^1, 40*10^-1]",
    "np.array([[1, 3], [2, 4]]).T",
    "Array([[1., 2.],\n       [3., 4.]], dtype=float32)",
]


@pytest.mark.parametrize("text", [*MATLAB, *OTHERS])
def test_a_matrix_of_two_rows_is_read_however_it_is_written(text: str) -> None:
    rows = read_matrix(Text(text), 2, 2, "W")
    assert [[float(x.value) for x in row] for row in rows] == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    "text",
    [
        "[[1, 2]], [[3, 4]], [[5, 6]]",
        "[[1, 2]]\n[[3, 4]]\n[[5, 6]]",
        "[[(1, 2)], [(3, 4)], [(5, 6)]]",
        "[(1, 2)], [(3, 4)], [(5, 6)]",
    ],
)
def test_lists_of_lists_may_have_tuples_and_no_bracket_around(text: str) -> None:
    table = read_table(Text(text), "certificate")
    assert table.shape == (3, 1, 2)
    assert [read_number(one, "").value for one in table.entries] == [1, 2, 3, 4, 5, 6]


def test_what_is_in_round_brackets_without_a_comma_is_a_number() -> None:
    assert [one.value for one in read_vector(Text("[(1/2), (3)]"), 2, "g")] == [Fraction(1, 2), 3]


@pytest.mark.parametrize("dtype", [float, int, np.float32])
@pytest.mark.parametrize("shape", [(2, 2), (1, 3), (3, 1), (4, 5), (2, 12), (16, 16)])
@pytest.mark.parametrize("show", [str, repr, lambda a: f"matrix({a.tolist()})", lambda a: str(a.tolist())])
def test_what_numpy_prints_is_the_array(shape: tuple[int, int], dtype: type, show) -> None:
    array = (np.arange(shape[0] * shape[1]).reshape(shape) * 3 - 7).astype(dtype)
    rows = read_matrix(Text(show(array)), *shape, "W")
    assert np.array_equal([[float(x.value) for x in row] for row in rows], array)


@pytest.mark.parametrize("n", [2, 4, 30, 60])
def test_a_long_vector_that_numpy_breaks_into_lines_is_one_vector(n: int) -> None:
    array = np.arange(n) / 8 - 2
    read = read_vector(Text(str(array)), n, "g")
    assert np.array_equal([float(x.value) for x in read], array)


@pytest.mark.parametrize(
    "text",
    [
        "[6;6;6;6]",
        "[6; 6; 6; 6]",
        "[6 6 6 6]",
        "[[6],[6],[6],[6]]",
        "6\n6\n6\n6",
        "[6, 6, 6, 6]'",
        "(6, 6, 6, 6)",
        "array([6., 6., 6., 6.])",
        "６；６；６；６",
        "g1 = 6, 6, 6, 6",
        "g1 = 6 6 6 6",
        "[np.float64(6.0), np.float64(6.0), np.float64(6.0), np.float64(6.0)]",
        "60*10^-1 0.6*10^1 6 6",
        "(6, 6, 6, 6)^T",
        "(6, 6, 6, 6)'",
        "[6 6 6 6]\N{MODIFIER LETTER CAPITAL T}",
        "np.array([[6, 6, 6, 6]]).T",
        "c(6, 6, 6, 6)",
    ],
)
def test_four_sixes_are_four_sixes(text: str) -> None:
    assert [x.value for x in read_vector(Text(text), 4, "g1")] == [6] * 4


def test_commas_in_the_only_step_are_told_apart_by_how_many_numbers_are_wanted() -> None:
    def read(width: int) -> list[str]:
        (step,) = read_steps(Text("1,5 2,5"), 1, width, "y")
        return [str(entry.value) for entry in step]

    assert read(2) == ["3/2", "5/2"]
    assert read(4) == ["1", "5", "2", "5"]


@pytest.mark.parametrize(
    "text",
    ["0,27;0,73;0,94;0,11", "0,27, 0,73, 0,94, 0,11", "0,27 0,73 0,94 0,11", "[0.27; 0.73; .94; 0.11]"],
)
def test_commas_before_decimals_are_told_from_commas_between_numbers_by_what_is_wanted(text: str) -> None:
    steps = read_steps(Text(text), 4, 1, "y")
    assert [str(row[0].value) for row in steps] == ["27/100", "73/100", "47/50", "11/100"]
    if ".94" not in text:
        rows = read_matrix(Text(text.replace(", ", ";").replace(" ", ";")), 4, 2, "W")
        assert [row[1].value for row in rows] == [27, 73, 94, 11]


def test_a_dict_keyed_by_steps_is_the_sequence() -> None:
    by_step: dict[str, Value] = {"2": Text("0.73"), "1": Number("0.27", "float"), "3": Text("0,94")}
    assert [row[0].value for row in read_steps(Fields(by_step), 3, 1, "y")] == [
        Fraction(27, 100),
        Fraction(73, 100),
        Fraction(94, 100),
    ]


@pytest.mark.parametrize("name", ["y({})", "y{}", "y_{}", "h [{}]", "t={}", "t = {}", "step {}", "g1[{}]"])
def test_keys_of_steps_may_have_one_name(name: str) -> None:
    by_step: dict[str, Value] = {name.format(t): Number(str(10 + t), "int") for t in (3, 1, 2)}
    assert [row[0].value for row in read_steps(Fields(by_step), 3, 1, "y")] == [11, 12, 13]


@pytest.mark.parametrize(
    "text",
    [
        "y1 = 0.27, y2 = -1/2, y3 = 3",
        "y(1)=0.27\ny(2)=-0.5\ny(3)=3",
        r"y_1 \approx 0.27, y_2 \approx -0.5, y_3 \approx 3",
        "y_2: -0,5; y_1: 0,27; y_3: 3",
    ],
)
def test_numbers_under_names_of_their_own_are_in_the_order_of_the_names(text: str) -> None:
    found = [row[0].value for row in read_steps(Text(text), 3, 1, "y")]
    assert found == [Fraction(27, 100), Fraction(-1, 2), 3]


@pytest.mark.parametrize("text", ["y1 = 1, y1 = 2", "y1 = 1, y3 = 2", "a1 = 1, b2 = 2", "y2 = 1, y3 = 2"])
def test_numbers_under_names_that_are_no_steps_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_steps(Text(text), 2, 1, "y")


def test_where_no_shape_is_wanted_the_first_reading_that_is_a_table_counts() -> None:
    """As commas between numbers the rows would be of three and of two."""
    table = read_table(Text("[0,5 1; 2 3]"), "W")
    assert table.shape == (2, 2)
    assert [read_number(one, "").value for one in table.entries] == [Fraction(1, 2), 1, 2, 3]


NO_STEPS = [
    ["1", "3"],
    ["2", "3"],
    ["1", "01"],
    ["-1", "0"],
    ["a", "b"],
    ["a1", "b2"],
    ["y1", "2"],
    ["y1", "y 1"],
]


@pytest.mark.parametrize("keys", NO_STEPS)
def test_a_dict_with_other_keys_is_no_sequence(keys: list[str]) -> None:
    with pytest.raises(Unreadable, match="a dict"):
        read_steps(Fields(dict.fromkeys(keys, Text("1"))), 2, 1, "y")


@pytest.mark.parametrize("array", [np.zeros((60, 60)), np.arange(2000)])
def test_numbers_that_a_printed_array_leaves_out_are_missed(array: np.ndarray) -> None:
    with pytest.raises(Unreadable, match="three dots"):
        read_matrix(Text(str(array)), *(array.shape if array.ndim == 2 else (1, 2000)), "W")


@pytest.mark.parametrize(
    "text",
    ["1", "1/3", "- 5", "-1/2", "0,27", "(1 + 2)", "two", "a + b", "", " ", "[", "]", "[1", "1]", "[1}"],
)
def test_a_number_or_word_is_no_table(text: str) -> None:
    value = Text(text)
    found = readings(value)[0]
    assert found is value or len(found.items) == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["{1, 2]", "[1, 2}", "{1, 2", "1, 2}", "(1, 2]", "{[1, 2]", "{1, 2) "])
def test_a_bracket_that_another_one_closes_is_no_vector(text: str) -> None:
    assert [one.value for one in read_vector(Text("{1, 2}"), 2, "g")] == [1, 2]
    with pytest.raises(Unreadable):
        read_vector(Text(text), 2, "g")


@pytest.mark.parametrize(
    "text",
    [
        piece * ((MAX_CHARACTERS - 1) // len(piece)) + end
        for piece in (
            *("[", "1 ", "[1,", ",", "array(", "\n", ";", "1,", "'"),
            *("[1]\n\n\n", "(1,2)\n \n", "[[1]]\n\n\n", "y1=1;\n\n", "(1,", "np.float64("),
        )
        for end in ("", "x")
    ],
)
def test_endless_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_vector(Text(text), 3, "g")


def test_floating_point_arrays_are_read_from_text_and_from_a_dict_by_steps() -> None:
    array = np.arange(6.0).reshape(2, 3) / 7
    assert np.allclose(to_numpy(Text(np.array2string(array, precision=17)), "U"), array, rtol=1e-15)
    losses = Fields({str(t): Number(repr(1 / t), "float") for t in range(1, 5)})
    assert np.array_equal(to_numpy(losses, "losses"), [1 / t for t in range(1, 5)])


def test_a_table_as_spreadsheets_export_it_where_commas_stand_before_decimals_is_read():
    rows = read_matrix(Text("1,5;2\n3;4,25"), 2, 2, "W")
    assert [[one.value for one in row] for row in rows] == [[Fraction(3, 2), 2], [3, Fraction(17, 4)]]


PERCENTAGES = [
    *("27%, 73%, 94%", "27 %; 73 %; 94 %", "[27%, 73 %, 94%]", "27,0 %; 73,0 %; 94 %"),
    *(r"27\%, 73 \%, 94\%", "0.27, 0.73, 94%"),
]


@pytest.mark.parametrize("text", PERCENTAGES)
def test_percentages_in_a_text_are_so_many_hundredths(text: str) -> None:
    read = [one.value for one in read_vector(Text(text), 3, "y")]
    assert read == [Fraction(27, 100), Fraction(73, 100), Fraction(94, 100)]


@pytest.mark.parametrize("text", ["27, 73, 94 %", "27 73 94 %", "[27; 73; 94 %]"])
def test_a_percent_sign_apart_behind_the_last_of_several_numbers_may_be_of_all_and_is_refused(text: str):
    with pytest.raises(Unreadable):
        read_vector(Text(text), 3, "y")
