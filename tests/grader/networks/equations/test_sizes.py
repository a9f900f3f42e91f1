"""Sizes against the numbers that they are for all small values of their names."""

from __future__ import annotations

import itertools

import pytest

from grader.networks.equations.sizes import MAX_NUMBER, Size, bind, read_shape, read_size

FORMS = [
    {"": one, "m": m, "n": n}
    for one, m, n in itertools.product((0, 1, 6), (0, 1, 4), (0, 2, 3))
    if one + m + n
]
VALUES = [{"n": 1, "m": 1}, {"n": 7, "m": 100}]


def number(form, values):
    return form[""] + form["m"] * values["m"] + form["n"] * values["n"]


@pytest.mark.parametrize("form", FORMS)
def test_sums_multiples_and_parts_are_those_of_the_numbers(form):
    size = Size.of(form)
    assert size.names == {name for name in ("m", "n") if form[name]}
    assert read_size(str(size)) == size
    for values in VALUES:
        assert size.at(values) == number(form, values)
        for other in FORMS[::5]:
            assert (size + Size.of(other)).at(values) == number(form, values) + number(other, values)
        for count in (1, 2, 3):
            assert size.times(count).at(values) == count * number(form, values)
            part = size.parts(count)
            assert (part is None) == any(times % count for times in form.values())
            assert part is None or part.at(values) * count == number(form, values)


def test_no_size_at_all_is_shown_as_zero():
    assert str(Size(())) == "0"


@pytest.mark.parametrize(
    ("text", "is_size"),
    [
        ("n", True),
        ("1", True),
        (str(MAX_NUMBER), True),
        (str(MAX_NUMBER + 1), False),
        ("0", False),
        ("0*n", False),
        ("-1", False),
        ("True", False),
        ("1.5", False),
        ("n*m", False),
        ("n - m", False),
        ("n + m*3 + 2*k", True),
        ("", False),
        ("n n", False),
        ("ñ", False),
        (" n ", True),
        ("n" * 80, True),
        ("n" * 81, False),
        ("'n'", False),
    ],
)
def test_sizes_are_sums_of_names_and_whole_numbers_from_one_on(text, is_size):
    if is_size:
        assert read_size(text).form
    else:
        with pytest.raises(ValueError, match="is no size"):
            read_size(text)


@pytest.mark.parametrize(
    ("text", "rank", "wrong"),
    [
        ("number", 0, None),
        (" number ", 0, None),
        ("n", 1, None),
        ("n x m", 2, None),
        ("n x m x k", None, "is no shape"),
        ("n by m", None, "is no shape"),
        ("n x 0", None, "is no size"),
    ],
)
def test_a_shape_has_at_most_two_sizes(text, rank, wrong):
    if wrong is None:
        assert len(read_shape(text)) == rank
    else:
        with pytest.raises(ValueError, match=wrong):
            read_shape(text)


@pytest.mark.parametrize("length", range(1, 12))
@pytest.mark.parametrize(("times", "more"), [(1, 0), (2, 0), (2, 3), (4, 1)])
def test_an_axis_tells_its_size_where_a_whole_number_from_one_on_fits(length, times, more):
    text = f"{times}*n + {more}" if more else f"{times}*n"
    fitting = [n for n in range(1, 12) if times * n + more == length]
    if fitting:
        assert bind({"W": read_shape(text)}, {"W": (length,)}) == {"n": fitting[0]}
    else:
        with pytest.raises(ValueError, match=f"an axis of {length} entries is not"):
            bind({"W": read_shape(text)}, {"W": (length,)})


def test_axes_that_contradict_each_other_are_told_by_their_array():
    shapes = {"W": read_shape("n x n"), "b": read_shape("m")}
    assert bind(shapes, {"W": (3, 3), "b": (2,)}) == {"n": 3, "m": 2}
    with pytest.raises(ValueError, match="W: n = 3, but an axis of W has 4 entries"):
        bind(shapes, {"W": (3, 4), "b": (2,)})
    with pytest.raises(ValueError, match="the sizes m, n do not follow"):
        bind({"W": read_shape("n + m")}, {"W": (9,)})
