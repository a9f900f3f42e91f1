"""Every small shape that is given for every one that is asked, and each way to cut a text into sizes."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.errors import Unreadable
from grader.kinds.shape import KIND
from grader.kinds.shape.key import without, written
from grader.kinds.shape.question import ShapeParams
from grader.kinds.shape.reading import _cut, _is_wrapped, _unwrapped, read_given, ways
from grader.model.kind import Answer
from grader.model.value import Text

SIZES = {"p": 1, "q": 2, "r": 3}
GIVEN = [shape for n in (1, 2, 3) for shape in itertools.product((1, 2, 3, 4), repeat=n)]
ASKED = [("q",), ("q", "1"), ("1", "q"), ("q", "r"), ("q", "q"), ("q", "2"), ("p", "q", "r"), ("q", "q", "r")]
AXES = {1: ["entries"], 2: ["rows", "columns"], 3: ["first axis", "second axis", "third axis"]}


def params_of(axes: Any, **more: Any) -> ShapeParams:
    return msgspec.convert({"sizes": SIZES, "shapes": {"W": list(axes)}, **more}, ShapeParams)


@pytest.mark.parametrize("axes", ASKED)
def test_a_shape_is_right_or_told_what_is_wrong_with_it(axes: tuple[str, ...], plain: Any) -> None:
    wanted = tuple(SIZES.get(axis) or int(axis) for axis in axes)
    for got in GIVEN:
        outcome = KIND.judge(params_of(axes), Answer(fields={"W": plain(list(got))})).outcome
        is_column = len(wanted) == 2 and axes[1] == "1"
        is_right = got == wanted or (is_column and got == wanted[:1])
        assert outcome.fraction == is_right
        assert outcome.facts["entries_right"] == is_right
        shown = outcome.facts["entries"]["W"]
        assert shown["got"] == list(got)
        if is_right:
            assert (shown["code"], outcome.feedback) == ("right", ())
            continue
        (told,) = outcome.feedback
        assert shown["code"] == told.code
        if got == wanted[::-1]:
            assert told.code == ("row-for-column" if is_column else "axes-swapped")
        elif len(got) != len(wanted):
            assert told.code == "number-of-axes"
            count = "one axis" if len(got) == 1 else f"{len(got)} axes"
            assert f"{count}, but W has {len(wanted)}." in told.message
        else:
            wrong = [i for i, (a, b) in enumerate(zip(got, wanted, strict=True)) if a != b]
            assert told.code == "wrong-size"
            if len(wrong) == len(wanted) > 1:
                words = ("neither size" if len(wanted) == 2 else "no size") + " is right."
            else:
                words = f"the number of {AXES[len(wanted)][wrong[0]]} is not right."
            assert words in told.message
            for i, name in enumerate(AXES[len(wanted)]):
                assert (f"its {name} " in told.message.lower()) is (i in wrong and not is_column)
        for i, axis in enumerate(axes):
            name = AXES[len(axes)][i]
            if not is_column and f"its {name} " in told.message.lower():
                fixed = f"ts {name} are of a fixed number, whatever the network's sizes"
                assert (fixed in told.message) is axis.isdigit()
                assert (f"ts {name} go with the {axis}" in told.message) is not axis.isdigit()
        assert ("It is a column; its entries go with the q." in told.message) is (
            is_column and told.code != "row-for-column"
        )


def test_what_is_stacked_on_an_axis_is_named_together(plain: Any) -> None:
    outcome = KIND.judge(params_of(("q + r", "p")), Answer(fields={"W": plain([4, 1])})).outcome
    assert outcome.feedback[0].message.endswith("Its rows go with the q and the r, stacked.")


def test_two_wrong_axes_of_three_are_told_with_what_they_are(plain: Any) -> None:
    outcome = KIND.judge(params_of(("p", "q", "r")), Answer(fields={"W": plain([2, 2, 4])})).outcome
    assert outcome.feedback[0].message == (
        "W is given as 2 x 2 x 4: the number of first axis is not right. "
        "Its first axis go with the p, its third axis go with the r."
    )


@pytest.mark.parametrize(
    ("text", "is_wrapped", "inner"),
    [
        ("(n, m)", True, "n, m"),
        ("[n, m]", True, "n, m"),
        ("{n x m}", True, "n x m"),
        ("((n, m))", True, "n, m"),
        ("(n, m,)", True, "n, m"),
        ("(n) x (m)", False, "(n) x (m)"),
        ("(n + m)", True, "(n + m)"),
        ("(n, m", False, "(n, m"),
        ("n, m)", False, "n, m)"),
        ("n, m", False, "n, m"),
        ("([n, m])", True, "n, m"),
        ("", False, ""),
    ],
)
def test_brackets_around_all_of_a_shape_are_taken_off(text: str, is_wrapped: bool, inner: str) -> None:
    assert _is_wrapped(text) is is_wrapped
    assert _unwrapped(f" {text} ") == inner


@pytest.mark.parametrize(
    ("text", "n_axes", "cuts"),
    [
        ("n x m", 2, [["n", "m"]]),
        ("n, m", 2, [["n", "m"]]),
        ("n by m", 2, [["n", "m"]]),
        ("n-by-m", 2, [["n", "m"]]),
        ("n × m × k", 2, [["n", "m", "k"]]),
        ("n ; m ; k ; j", 2, [["n", "m", "k", "j"]]),
        ("1,2,3,4,5,6,7,8,9,10", 2, [[str(i) for i in range(1, 8)]]),
        ("n,,m", 2, [["n", "m"]]),
        ("n", 2, [["n"]]),
        ("4*n", 1, [["4*n"]]),
        ("4*n", 2, [["4*n"], ["4", "n"]]),
        ("4*n*m", 2, [["4*n*m"], ["4", "n*m"], ["4*n", "m"]]),
        ("4·n", 2, [["4·n"], ["4", "n"]]),
        (r"4\cdot n", 2, [[r"4\cdot n"], ["4", "n"]]),
        (r"4\cdots", 2, [[r"4\cdots"]]),
        ("4xn", 2, [["4xn"], ["4", "n"]]),
        ("*n", 2, [["*n"]]),
        ("n*", 2, [["n*"]]),
        ("a" + "*a" * 9, 2, [["a" + "*a" * 9], *(["a" + "*a" * i, "a" + "*a" * (8 - i)] for i in range(8))]),
    ],
)
def test_a_text_is_cut_at_its_separators_or_at_one_sign_between_two_sizes(
    text: str, n_axes: int, cuts: Any
) -> None:
    assert list(_cut(text, n_axes)) == cuts


@pytest.mark.parametrize("text", ["n + 1 rows, 2*m columns", "2*m columns and n + 1 rows.", "n + 1 x 2*m"])
def test_sizes_in_names_may_say_which_are_rows(text: str, plain: Any) -> None:
    assert ["n + 1", "2*m"] in ways(plain(text), "W", 2)


def test_a_list_has_one_size_an_item_and_an_array_its_own(plain: Any) -> None:
    assert ways(plain(["n", "2*m"]), "W", 2) == [["n", "2*m"]]
    assert ways(plain(["n"]), "W", 2) == [["n"]]
    assert ways(plain(["n", "m", "k"]), "W", 2) == [["n", "m", "k"]]
    assert ways(plain(np.array([2, 3])), "W", 2) == [["2", "3"]]
    for value in ([], ["n"] * 9):
        with pytest.raises(Unreadable):
            ways(plain(value), "W", 2)
    with pytest.raises(Unreadable):
        ways(plain(None), "W", 2)


FORMULAS: dict[str, Any] = {"sizes": ["n", "m"], "shapes": {"W": ["n", "2*m"]}}


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("n x 2*m", 1),
        ("n x (m + m)", 1),
        ("n*2*m", 1),
        ("2*m x n", 0),
        ("n x m", 0),
        ("n x 200006", 0),
        ("n x 2*m x 1", 0),
        ("n x (m - m)", 0),
        ("n x m/2", 0),
        ("n x (-m)", 0),
        ("n x 1/(m - m)", 0),
        ("n x sqrt(m)", 0),
    ],
)
def test_formulas_are_right_for_all_sizes(text: str, fraction: int, plain: Any) -> None:
    params = msgspec.convert(FORMULAS, ShapeParams)
    outcome = KIND.judge(params, Answer(fields={"W": plain(text)})).outcome
    assert outcome.fraction == fraction
    assert outcome.facts["entries"]["W"]["got"].replace(" ", "") != ""


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("3*4 x 2", (12, 2)),
        ("12 x 2", (12, 2)),
        ("q*6 x q", (12, 2)),
        ("12, 2", (12, 2)),
        ("3*4*2", (12, 2)),
        ("q x 7", (2, 7)),
    ],
)
def test_where_sizes_are_given_a_text_may_be_worked_out(text: str, shape: tuple[int, ...]) -> None:
    params = params_of(("4*r", "q"))
    assert read_given(params, Text(text), "W", ("4*r", "q")).shape == shape


def test_the_key_is_the_shapes_and_a_blank_has_ones() -> None:
    params = params_of(("q", "r"))
    assert [(one.place, one.what) for one in written(params)] == [("shapes.W", "a shape")]
    assert without({"shapes": {"W": ["q", "r"]}}, params) == {"shapes": {"W": ["1", "1"]}}
    network = {"inputs": {"x": "n"}, "parameters": {"W": "m x n"}, "equations": ["h(t) = W @ x(t)"]}
    of_network = msgspec.convert({"network": network}, ShapeParams)
    assert (list(written(of_network)), without({}, of_network)) == ([], None)
