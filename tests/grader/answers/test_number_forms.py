"""Numbers in each form in which they arrive: what they are exactly, and whether they may be rounded ones.

What is right is arithmetic of fractions; the codes are those that messages are chosen by.
"""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from grader.answers.arrays import as_lists, from_numpy, to_numpy
from grader.answers.claims import read_count, read_flag, read_shape, read_state_size
from grader.answers.numbers import read_number
from grader.answers.rounding import Slip, decimals_of, slip_feedback, slip_of, truncated
from grader.answers.tables import Table, is_vector, lone, read_table, rows_of
from grader.errors import Unreadable
from grader.model.value import Array, Fields, Flag, Formula, Items, Nothing, Number, Opaque, Text

BIG = 2**60


def refusal(read, *arguments):
    with pytest.raises(Unreadable) as error:
        read(*arguments)
    return error.value


@pytest.mark.parametrize(
    ("text", "value", "is_rounded"),
    [
        ("1/3", Fraction(1, 3), False),
        ("0.33333/1", Fraction(33333, 100000), True),
        ("1/0.33333", Fraction(100000, 33333), True),
        ("0.33333/0.33333", 1, True),
        ("12345", 12345, False),
        ("1.2345e9", 1234500000, False),
        ("1234.5", Fraction(2469, 2), True),
        ("123.4", Fraction(617, 5), False),
        ("0.00012340", Fraction(617, 5000000), False),
        ("0.00012345", Fraction(2469, 20000000), True),
        ("2.5E-1", Fraction(1, 4), False),
        ("+.5", Fraction(1, 2), False),
        ("-5.", -5, False),
        ("1_000", 1000, False),
        ("- 2 / 4", Fraction(-1, 2), False),
        ("½", Fraction(1, 2), False),
        ("-2½", Fraction(-5, 2), False),
        ("0,27", Fraction(27, 100), False),
        (",5", Fraction(1, 2), False),
        ("0,234", Fraction(117, 500), False),
        ("1234,5", Fraction(2469, 2), True),
        ("-1.234,5", Fraction(-2469, 2), True),
        ("1,234.5", Fraction(2469, 2), True),
        ("1.234.567,5", Fraction(2469135, 2), True),
        ("2,7e-1", Fraction(27, 100), False),
        ("10^3", 1000, False),
        ("-10**-2", Fraction(-1, 100), False),
        ("2*10^3", 2000, False),
        ("-2,5 \N{MULTIPLICATION SIGN} 10\N{SUPERSCRIPT MINUS}\N{SUPERSCRIPT TWO}", Fraction(-1, 40), False),
        ("2\N{MIDDLE DOT}10^{-3}", Fraction(1, 500), False),
        ("1.2345x10^(-1)", Fraction(2469, 20000), True),
        ("a = 1/3", Fraction(1, 3), False),
        ("dL/dw = -0,5", Fraction(-1, 2), False),
        ("y(2)=0.5", Fraction(1, 2), False),
        ("du: -1/2", Fraction(-1, 2), False),
        ("\N{ALMOST EQUAL TO} 0.33333", Fraction(33333, 100000), True),
        (r"w = \frac{1}{3}", Fraction(1, 3), False),
        ("(0.5);", Fraction(1, 2), False),
        ("1,", 1, False),
        ('"0.5"', Fraction(1, 2), False),
        ("0{,}5", Fraction(1, 2), False),
        ("np.float64(-0.5)", Fraction(-1, 2), False),
        ("np.int64(3)", 3, False),
        ("tensor(0.5000, grad_fn=<MulBackward0>)", Fraction(1, 2), False),
    ],
)
def test_a_text_is_the_number_that_it_says(text, value, is_rounded):
    number = read_number(Text(text), "n")
    assert (number.value, number.is_rounded, number.is_single) == (value, is_rounded, False)


@pytest.mark.parametrize(
    ("above", "below", "is_rounded"),
    [
        (*(0.1).as_integer_ratio(), True),
        (*(1 / 3).as_integer_ratio(), True),
        (1, 2**30, True),
        (1, 2**29, False),
        (1, 2**30 - 1, False),
        (1, 2**30 + 1, False),
        (1, 3**30, False),
        (2**53 - 1, BIG, True),
        (2**53 + 1, BIG, False),
        (-(2**53) + 1, BIG, True),
    ],
)
def test_a_fraction_that_a_float_holds_may_be_rounded_if_nobody_would_write_it(above, below, is_rounded):
    number = read_number(Number(f"{above}/{below}", "rational"), "n")
    assert (number.value, number.is_rounded) == (Fraction(above, below), is_rounded)
    assert not read_number(Text(f"{above}/{below}"), "n").is_rounded


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Nothing(), "none"),
        (Flag(True), "flag-not-number"),
        (Formula("x"), "symbolic"),
        (Opaque("a list of 10000000 entries"), "too-large"),
        (Opaque("an int of 99999 digits"), "too-large"),
        (Opaque("a module"), "not-a-number"),
        (Fields({}), "not-a-number"),
        (Items(()), "not-a-number"),
        (Items((Number("1", "int"), Number("2", "int"))), "not-a-number"),
        (from_numpy([1.0, 2.0]), "not-a-number"),
        (Number("(1+2j)", "complex"), "complex"),
        (Number("nan", "float"), "not-finite"),
        (Number("-inf", "float"), "not-finite"),
        (Text("nan"), "not-finite"),
        (Text("- Infinity"), "not-finite"),
        (Text("inf/2"), "not-finite"),
        (Text("1/0"), "not-finite"),
        (Text("0/0.0"), "not-finite"),
        (Text("%"), "not-a-number"),
        (Text("5%%5"), "not-a-number"),
        (Text("50%%"), "not-a-number"),
        (Text("1,234"), "comma-decimal"),
        (Text("-12,345"), "comma-decimal"),
        (Text("1/"), "not-a-number"),
        (Text("/2"), "not-a-number"),
        (Text("1/2/3"), "not-a-number"),
        (Text("."), "not-a-number"),
        (Text("e5"), "not-a-number"),
        (Text("1,2,3"), "not-a-number"),
        (Text("1/,"), "not-a-number"),
        (Text("1,e5"), "not-a-number"),
        (Text("0" * 2401), "too-large"),
        (Text("1e401"), "too-large"),
        (Text("10^401"), "too-large"),
        (Text("2*10^-999999"), "too-large"),
        (Text("10^9999999"), "not-a-number"),
        (Text("10^10^10"), "not-a-number"),
        (Text("5.10^3"), "not-a-number"),  # 5 * 10^3 in French, 5.1^3 or 5.10^3 elsewhere
        (Text("1/2*10^3"), "not-a-number"),
        (Text("2*10^3/3"), "not-a-number"),
        (Text("100^2"), "not-a-number"),
        (Text("2*3"), "not-a-number"),
        (Text("w^2 = 0.25"), "not-a-number"),
        (Text("2w = 0.5"), "not-a-number"),
        (Text("1:2"), "not-a-number"),
        (Text("a <= 0.5"), "not-a-number"),
        (Text("a = 1,234"), "comma-decimal"),
        (Text("np.float64(nan)"), "not-a-number"),
        (Text("1" * 1201), "too-large"),
    ],
)
def test_what_is_no_number_is_refused_for_its_reason(value, code):
    assert refusal(read_number, value, "n").code == code


def test_a_number_has_at_most_2400_characters():
    assert read_number(Text("0" * 2400), "n").value == 0


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (Number("(2+0j)", "complex"), 2),
        (Items((Text("1/2"),)), Fraction(1, 2)),
        (Items((Items((Number("3", "int"),)),)), 3),
        (from_numpy([[0.25]]), Fraction(1, 4)),
        (from_numpy(0.25), Fraction(1, 4)),
    ],
)
def test_one_number_in_whatever_box_is_that_number(value, wanted):
    assert read_number(value, "n").value == wanted


def test_who_leaves_a_value_out_is_told_where_to_put_it():
    assert refusal(read_number, Nothing(), "n").hint == "put your value in place of None"
    assert refusal(read_number, Formula("x"), "n").hint == "this question takes numbers, without free symbols"
    assert (
        refusal(read_number, Formula("x*pi"), "n").hint == "this question takes numbers, without free symbols"
    )
    for constant in ("sqrt(2)", "pi", "3*pi/4 + sqrt(2)", "exp(-1)", "E"):
        found = refusal(read_number, Formula(constant), "n")
        assert (found.code, "decimal number" in found.hint) == ("symbolic", True)
    assert refusal(read_number, Flag(True), "n").hint is None


@pytest.mark.parametrize(
    ("dtype", "entries"),
    [
        ("<f8", [Number("0.1", "float"), Number("-2.0", "float")]),
        ("<f4", [Number("0.1", "single"), Number("-2.0", "single")]),
        ("<i8", [Number("0", "int"), Number("-2", "int")]),
        ("|b1", [Flag(True), Flag(True)]),
        ("<c16", [Number("(0.1+0j)", "complex"), Number("(-2+0j)", "complex")]),
    ],
)
def test_entries_of_an_array_keep_the_kind_of_number_that_it_holds(dtype, entries):
    array = np.array([0.1, -2.0]).astype(dtype)
    assert list(read_table(Array(dtype, (2,), array.tobytes()), "a").entries) == entries
    number = read_number(Array(dtype, (1,), array[1:].tobytes()), "a") if dtype != "|b1" else None
    assert number is None or number.is_single == (dtype == "<f4")


@pytest.mark.parametrize(
    ("shape", "length", "is_one"),
    [
        ((), 1, True),
        ((), None, False),
        ((), 2, False),
        ((1,), None, True),
        ((1,), 1, True),
        ((1,), 2, False),
        ((0,), 0, True),
        ((3,), 3, True),
        ((3,), 1, False),
        ((3,), None, True),
        ((3, 1), 3, True),
        ((1, 3), 3, True),
        ((1, 3), 1, False),
        ((1, 3, 1), 3, True),
        ((1, 1), 1, True),
        ((1, 1), 2, False),
        ((2, 3), 6, False),
        ((2, 2), 2, False),
        ((2, 2), None, False),
    ],
)
def test_a_vector_is_one_axis_however_many_ones_stand_around_it(shape, length, is_one):
    assert is_vector(shape, length) is is_one


@pytest.mark.parametrize("shape", [(), (0, 3), (3,), (2, 3), (2, 3, 4), (3, 1)])
def test_rows_of_an_array_are_what_numpy_iterates_over(shape):
    array = np.arange(np.prod(shape, dtype=int), dtype=float).reshape(shape)
    rows = rows_of(from_numpy(array))
    assert rows == (tuple(from_numpy(row) for row in array) if shape else ())


def test_a_row_of_a_list_is_its_entry():
    assert rows_of(Items((Text("a"), Flag(True)))) == (Text("a"), Flag(True))


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([[1, 2], [3]], "entry 1 has 2 entries, entry 2 has 1 entries"),
        ([[1, 2], [3, 4], 5], "entry 1 has 2 entries, entry 3 has one number"),
        ([1, [1]], "entry 1 has one number, entry 2 has 1 entries"),
        ([[[1, 2]], [3, 4]], "entry 1 has shape (1, 2), entry 2 has 2 entries"),
    ],
)
def test_a_ragged_list_is_told_by_the_first_row_that_differs(items, found):
    def plain(item):
        return Items(tuple(map(plain, item))) if isinstance(item, list) else Number(str(item), "int")

    error = refusal(read_table, plain(items), "a")
    assert (error.code, error.message.partition(": ")[2]) == ("ragged", found)


@pytest.mark.parametrize(
    ("value", "code", "hint"),
    [
        (Text("[1, 2"), "not-a-table", "give a list or an array"),
        (Text("(1; (2"), "not-a-table", "give a list or an array"),
        (Text("[1, ..., 9]"), "not-a-table", "write out the numbers that stand for the three dots"),
        (Nothing(), "not-a-table", "give a list or an array"),
        (Opaque("a list of 10000000 entries"), "too-large", "give a list or an array"),
        (
            Fields({"1": Flag(True), "3": Flag(True)}),
            "not-a-table",
            "the keys must be 1, 2, 3 and so on, with none left out; or give a list",
        ),
        (Fields({"1": Flag(True), "b": Flag(True)}), "not-a-table", "give a list or an array"),
        (Fields({}), "not-a-table", "give a list or an array"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(value, code, hint):
    error = refusal(read_table, value, "a")
    assert (error.code, error.hint) == (code, hint)


def test_what_stands_for_a_table_is_told():
    assert lone(Table((), (Text("six"),))) == "the text 'six'"
    assert lone(Table((), (Number("6", "int"),))) == "one number"


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["1e400", "-1e400", "1e-400"], [np.inf, -np.inf, 0.0]),
        (["1/4", "½"], [0.25, 0.5]),
    ],
)
def test_numbers_beyond_what_a_float_holds_are_infinite(values, wanted):
    assert to_numpy(Items(tuple(map(Text, values))), "y").tolist() == wanted


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "0.1", "1e300"])
@pytest.mark.parametrize("kind", ["float", "single"])
def test_floats_stay_what_they_are(text, kind):
    assert str(to_numpy(Number(text, kind), "y")) == str(np.float64(text))


@pytest.mark.parametrize(
    ("values", "code"),
    [(np.array([1 + 2j]), "not-real"), (np.array([True]), "not-real"), (np.array([1 + 0j]), None)],
)
def test_arrays_without_imaginary_parts_are_real(values, code):
    array = Array(values.dtype.str, values.shape, values.tobytes())
    if code is None:
        assert to_numpy(array, "y").tolist() == [1.0]
    else:
        assert refusal(to_numpy, array, "y").code == code


@pytest.mark.parametrize(
    ("array", "wanted"),
    [
        (np.array([[1.0, np.nan], [2.0, 3.0]]), [["1.0", "nan"], [2.0, 3.0]]),
        (np.array([np.inf, -np.inf]), ["inf", "-inf"]),
        (np.array(np.nan), "nan"),
        (np.array(2.5), 2.5),
    ],
)
def test_what_json_has_no_number_for_is_a_word(array, wanted):
    lists = as_lists(array)
    assert _texts(lists) == _texts(wanted)


def _texts(value):
    return list(map(_texts, value)) if isinstance(value, list) else str(value)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("1x2x3x4x5x6", (1, 2, 3, 4, 5, 6)),
        ("1000000000", (10**9,)),
        ("(4,)", (4,)),
        ("[4]", (4,)),
        ("{2, 3}", (2, 3)),
        ("4x1 vector", (4, 1)),
        ("4 by 1 Matrix.", (4, 1)),
        ("torch.Size([4, 1])", (4, 1)),
        ("Size([4, 1])", (4, 1)),
        ("0x3", (0, 3)),
        ("+2x3", (2, 3)),
        ("2" + " " * 198 + "3", (2, 3)),
    ],
)
def test_sizes_of_a_shape_are_read(text, shape):
    assert read_shape(Text(text), "s") == shape


@pytest.mark.parametrize(
    "value",
    [
        Text("1x2x3x4x5x6x7"),
        Text("1000000001"),
        Text("-1x2"),
        Text("1.5x2"),
        Text("(2, 3]"),
        Text("((2, 3))"),
        Text("2" + " " * 199 + "3"),
        Text("torch.Size(2)("),
        Text("torch.Size(([2, 3]))"),
        Items(()),
        Items((Number("1", "int"),) * 7),
        Items((Items((Number("1", "int"),)),)),
        Items((from_numpy([1.0]),)),
        from_numpy(np.ones(7)),
        from_numpy(np.ones(0)),
        from_numpy(np.ones((1, 2))),
        Number("2.5", "float"),
        Number("-1", "int"),
        Nothing(),
    ],
)
def test_what_is_no_shape_is_refused(value):
    assert refusal(read_shape, value, "s").code in ("not-a-shape", "not-a-number")


def test_shapes_come_as_lists_arrays_and_numbers_too():
    ones = (Number("1", "int"),)
    assert read_shape(Items(ones * 6), "s") == (1,) * 6
    assert read_shape(from_numpy(np.ones(6)), "s") == (1,) * 6
    assert read_shape(from_numpy(np.ones(1)), "s") == read_shape(Items(ones), "s") == (1,)
    assert read_shape(Number("0", "int"), "s") == (0,)


@pytest.mark.parametrize(
    ("value", "size"),
    [
        (Number("4", "int"), 4),
        (Text("4x1"), 4),
        (Items((Number("4", "int"), Number("1", "int"))), 4),
        (Text("1000000"), 10**6),
        (Number("0", "int"), 0),
        (Text("4x2"), None),
        (Text("1x4"), None),
        (Text("4x1x1"), None),
        (Text("four"), None),
        (Text("-1"), None),
        (Number("1.5", "float"), None),
    ],
)
def test_a_state_size_is_a_count_or_the_shape_of_a_column(value, size):
    if size is None:
        assert isinstance(refusal(read_state_size, value, "n"), Unreadable)
    else:
        assert read_state_size(value, "n") == size


@pytest.mark.parametrize(
    ("text", "fits"), [("1000000", True), ("1000001", False), ("0", True), ("1/2", False)]
)
def test_a_count_is_a_whole_number_up_to_a_million(text, fits):
    if fits:
        assert read_count(Text(text), "n") == int(text)
    else:
        assert refusal(read_count, Text(text), "n").code == "not-a-count"


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        (Number("1.0", "float"), True),
        (Number("0", "int"), False),
        (Number("1", "single"), True),
        (Number("2", "int"), None),
        (Number("1/1", "rational"), None),
        (Items((Flag(False),)), False),
        (Items((Flag(True), Flag(True))), None),
        (Array("|b1", (1, 1), b"\x01"), True),
        (Array("|b1", (2,), b"\x01\x01"), None),
        (Text(" Yes! "), True),
        (Text("no."), False),
        (Text("No (rank 3 > 2)"), False),
        (Text("yes, it is"), True),
        (Text("yes and no"), None),
        (Text("impossible"), False),
        (Text("possible"), True),
        (Nothing(), None),
    ],
)
def test_yes_and_no_in_the_words_that_people_use(value, flag):
    if flag is None:
        assert refusal(read_flag, value, "f").code == "not-a-flag"
    else:
        assert read_flag(value, "f") is flag


def entry(text, is_rounded=False):
    return SimpleNamespace(value=Fraction(text), is_rounded=is_rounded)


NINE, FIVE = Fraction(1, 10**9), Fraction(1, 10**5)


@pytest.mark.parametrize(
    ("value", "is_rounded", "wanted", "largest", "slip"),
    [
        # Zero among entries as large as `largest`: 2^-44 of it is dust, in however many digits.
        (Fraction(3, 2**44), False, 0, 3, "right"),
        (Fraction(3, 2**44) + Fraction(1, 2**80), False, 0, 3, "wrong"),
        (1 + Fraction(1, 2**44), False, 1, 3, "wrong"),
        # A float is right to 1e-9 of the number, of 1 where it is smaller, of the largest where it is 0.
        (1 + NINE, True, 1, 1, "right"),
        (1 + NINE, False, 1, 1, "wrong"),
        (7 + 7 * NINE, True, 7, 1, "right"),
        (7 + 8 * NINE, True, 7, 9, "wrong"),
        (Fraction(1, 3) + NINE, True, Fraction(1, 3), 5, "right"),
        (4 * NINE, True, 0, 4, "right"),
        # A rounded decimal: within half a unit of its last place, and within 1e-5 of the number.
        (Fraction("0.33333"), True, Fraction(1, 3), 1, "rounded-value"),
        (Fraction("0.33333"), False, Fraction(1, 3), 1, "wrong"),
        (Fraction("0.333335"), True, Fraction(1, 3), 1, "wrong"),
        (Fraction("0.33334"), True, Fraction(1, 3), 1, "wrong"),
        (Fraction("1.0000"), True, 1, 1, "right"),
        (Fraction("0.5"), True, Fraction("0.50001"), 1, "rounded-value"),
        (Fraction("0.5"), True, Fraction("0.500011"), 1, "wrong"),
        (Fraction("7.5"), True, Fraction("7.5") + 7 * FIVE, 1, "rounded-value"),
        (Fraction("7.5"), True, Fraction("7.5") + 8 * FIVE, 1, "wrong"),
        (Fraction(1, 3) + Fraction(1, 10**7), True, Fraction(1, 3), 1, "wrong"),
        (Fraction("0.1"), True, Fraction("0.1") + FIVE / 2, 1, "rounded-value"),
        (-5, False, 5, 1, "sign"),
        (5, False, 5, 1, "right"),
        (6, False, 5, 1, "wrong"),
    ],
)
def test_an_exact_number_may_be_off_by_what_a_float_loses_and_no_more(
    value, is_rounded, wanted, largest, slip
):
    assert slip_of(entry(value, is_rounded), Fraction(wanted), None, Fraction(largest)) == slip


HAIR = Fraction(1, 10**12)


@pytest.mark.parametrize(
    ("value", "wanted", "slip"),
    [
        (Fraction("0.27"), Fraction("0.265") - NINE, "right"),
        (Fraction("0.27"), Fraction("0.265") - NINE - HAIR, "off-by-one"),
        (Fraction("0.27"), Fraction("0.26") - NINE, "off-by-one"),
        (Fraction("0.27"), Fraction("0.26") - NINE - HAIR, "wrong"),
        (Fraction("-0.27"), Fraction("0.27"), "sign"),
        (Fraction("100"), Fraction("1"), "percent"),
        (Fraction("1"), Fraction("0.01"), "wrong"),
        (Fraction("101"), Fraction("1.01"), "wrong"),
        (Fraction("-27"), Fraction("-0.27"), "percent"),
        (Fraction("27.2"), Fraction("0.27"), "percent"),
        (Fraction("0.3"), Fraction("0.27"), "too-few-places"),
        (Fraction("0"), Fraction("0.27"), "too-few-places"),
        (Fraction(1, 3), Fraction("0.3"), "wrong"),
        (Fraction("0.25"), Fraction("0.27"), "wrong"),
    ],
)
def test_each_slip_of_rounding_ends_where_it_is_said_to(value, wanted, slip):
    assert slip_of(entry(value), wanted, 2) == slip


def test_a_slip_that_was_read_stays():
    assert slip_of(Slip.PERCENT, Fraction(1), 2) is Slip.PERCENT


@pytest.mark.parametrize(("value", "places"), [("1", 0), ("1/2", 1), ("1/4", 2), ("1/5", 1), ("1/125", 3)])
def test_so_many_decimals_are_needed(value, places):
    assert decimals_of(Fraction(value)) == places


@pytest.mark.parametrize("value", ["1/3", "1/6", "1/14", "1/15"])
def test_no_decimal_is_exact(value):
    assert decimals_of(Fraction(value)) is None


@pytest.mark.parametrize(
    ("value", "places", "cut"), [("-2.79", 1, "-2.7"), ("2.79", 0, "2"), ("0.999", 2, "0.99"), ("5", 2, "5")]
)
def test_what_is_cut_off_is_nearer_to_zero(value, places, cut):
    assert truncated(Fraction(value), places) == Fraction(cut)


def test_each_kind_of_slip_is_told_once_with_its_places_and_what_is_right_is_not():
    slips = [Slip.SIGN, Slip.RIGHT, Slip.WRONG, Slip.SIGN]
    found = slip_feedback(slips, list("abcd"))
    texts = [str(one.text) if hasattr(one, "text") else str(one) for one in found]
    assert len(texts) == 2
    assert "a, d: the sign is wrong." in texts[0]
    assert "c: not right." in texts[1]
