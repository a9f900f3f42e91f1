"""Numbers in every shape that can be asked and handed in, and what can be asked at all."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.errors import Unreadable
from grader.kinds.numeric.diagnose import diagnose
from grader.kinds.numeric.judge import judge
from grader.kinds.numeric.key import without, written
from grader.kinds.numeric.question import NumericParams, controls, numbers, shape_of
from grader.kinds.numeric.reading import at_sizes, place, read_entries
from grader.model.control import FormulaControl, GridControl, Line
from grader.model.kind import Answer
from grader.model.value import Number, Text

SHAPES = [(), (1,), (2,), (3,), (1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (1, 3), (3, 1)]


def params_of(**table: Any) -> NumericParams:
    return msgspec.convert(table, NumericParams, dec_hook=lambda kind, value: Fraction(value))


def filled(shape: tuple[int, ...], start: int = 1) -> Any:
    """Whole numbers row by row."""
    return np.arange(start, start + int(np.prod(shape))).reshape(shape).tolist()


def is_taken(given: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """A matrix as it is, or flat where it is one row or column; all else where one axis at most is not 1."""
    if len(wanted) == 2 and min(wanted) > 1:
        return given == wanted
    size = int(np.prod(wanted))
    return int(np.prod(given)) == size and sum(n != 1 for n in given) <= 1


@pytest.mark.parametrize("wanted", SHAPES)
def test_numbers_are_read_row_by_row_in_the_shape_that_is_asked(wanted: tuple[int, ...], plain: Any) -> None:
    for given in SHAPES:
        value = plain(filled(given))
        if is_taken(given, wanted) and not (len(wanted) == 2 and len(given) == 2 and given != wanted):
            entries = read_entries(value, wanted, "M")
            assert [one.value for one in entries] == list(range(1, 1 + int(np.prod(wanted))))
            continue
        try:
            entries = read_entries(value, wanted, "M")
        except Unreadable as error:
            told = (error.code, error.where)
        else:
            told = tuple(one.value for one in entries)
        assert told == ("shape", "M"), (given, wanted)


@pytest.mark.parametrize(
    ("value", "shape", "message"),
    [
        ([1, 2, 3], (2,), "a list of 3 where 2 numbers were wanted"),
        (3, (2,), "one number where 2 numbers were wanted"),
        ([[1, 2]], (2, 2), "1 x 2 where 2 x 2 numbers were wanted"),
        ([1, 2], (), "a list of 2 where one number was wanted"),
        ([[1, 2], [3, 4]], (), "2 x 2 where one number was wanted"),
    ],
)
def test_another_shape_is_told_beside_the_one_that_was_wanted(
    value: Any, shape: Any, message: str, plain: Any
) -> None:
    with pytest.raises(Unreadable) as told:
        read_entries(plain(value), shape, "g")
    assert (told.value.message, told.value.code, told.value.where) == (message, "shape", "g")


@pytest.mark.parametrize("shape", SHAPES)
def test_entries_are_called_by_their_row_and_column_from_1(shape: tuple[int, ...]) -> None:
    places = [place("M", shape, i) for i in range(int(np.prod(shape)))]
    wanted = ["M" + (str([i + 1 for i in index]) if index else "") for index in np.ndindex(*shape)]
    assert places == wanted
    assert shape_of(filled(shape)) == shape


def test_an_entry_that_is_wrong_is_named_and_the_others_count(plain: Any) -> None:
    params = params_of(values={"M": [[1, 2, 3], [4, 5, 6]], "g": [7, 8], "n": 9})
    values = {"M": [[1, 2, 3], [4, 5, 6]], "g": [7, 8], "n": 9}
    places = [("M", i, j) for i in range(2) for j in range(3)] + [("g", 0), ("g", 1), ("n",)]
    for wrong in itertools.chain([()], itertools.combinations(places, 1), itertools.combinations(places, 2)):
        given = {"M": [row[:] for row in values["M"]], "g": values["g"][:], "n": 9}
        for name, *index in wrong:
            inner: Any = given
            for step in (name, *index)[:-1]:
                inner = inner[step]
            inner[(name, *index)[-1]] = 77
        outcome = judge(params, Answer(fields={name: plain(one) for name, one in given.items()})).outcome
        assert outcome.fraction == Fraction(9 - len(wrong), 9)
        assert outcome.facts["entries_right"] == 9 - len(wrong)
        told = " ".join(one.message for one in outcome.feedback)
        for name, *index in wrong:
            label = name + (str([i + 1 for i in index]) if index else "")
            assert label in told
        flat = [slip for name in values for slip in outcome.facts["entries"][name]]
        assert [slip != "right" for slip in flat] == [one in wrong for one in places]


def test_a_field_left_out_costs_all_of_its_entries(plain: Any) -> None:
    params = params_of(values={"M": [[1, 2, 3], [4, 5, 6]], "n": 9})
    judgement = judge(params, Answer(fields={"n": plain(9)}))
    assert judgement.outcome.fraction == Fraction(1, 7)
    assert [(one.code, one.message) for one in judgement.outcome.feedback] == [
        ("missing-field", "M is not given.")
    ]
    assert list(judgement.facts) == ["n"]


def test_a_number_is_wrong_by_what_the_largest_of_the_field_is(plain: Any) -> None:
    """What is asked as 0 beside 10^6 is right up to what floats of 10^6 may be off."""
    params = params_of(values={"g": [0, 10**6]})
    for tiny, fraction in ((1e-12, 1), (1e-3, Fraction(1, 2))):
        assert judge(params, Answer(fields={"g": plain([tiny, 1e6])})).outcome.fraction == fraction
    alone = params_of(values={"g": [0, 0]})
    assert judge(alone, Answer(fields={"g": plain([0, 0.0])})).outcome.fraction == 1


SIZED = {"sizes": {"n": 3, "m": 4}, "values": {"g": ["n*m", 7]}}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("n*m", "12"),
        ("3*4", "12"),
        ("3 + 4", "7"),
        ("(1)(2)", None),
        ("n", "3"),
        ("n/m", "3/4"),
        ("sqrt(2)*n", None),
        ("k*n", None),
        ("n/0", None),
        ("0.5", None),
        ("1e3", "1000"),
        ("1/3", None),
    ],
)
def test_a_text_that_is_a_formula_in_given_sizes_is_worked_out(value: str, found: str | None) -> None:
    params = params_of(**SIZED)
    read = at_sizes(params, Text(value))
    if found is None:
        assert read == Text(value)
    else:
        assert read == Number(found, "rational")
    assert at_sizes(params_of(values={"g": 1}), Text(value)) == Text(value)


def test_formulas_in_lists_are_worked_out_entry_by_entry(plain: Any) -> None:
    params = params_of(**SIZED)
    for value, fraction in (
        (["n*m", "3+4"], 1),
        ([["m*n"], [7]], 1),
        (["n+m", "7"], Fraction(1, 2)),
    ):
        assert judge(params, Answer(fields={"g": plain(value)})).outcome.fraction == fraction
    assert numbers(params) == {"g": (12, 7)}
    assert numbers(params_of(values={"n": "1/3", "v": [1], "M": [[1, 2]]})) == {
        "n": Fraction(1, 3),
        "v": (1,),
        "M": (1, 2),
    }
    assert numbers(params_of(sizes=["n"], values={"v": "n"})) == {}


NAMED = {"sizes": ["n", "m"], "aliases": {"N": "n"}}


@pytest.mark.parametrize(
    ("table", "control"),
    [
        ({"values": {"f": 1}}, Line(())),
        ({"values": {"f": [1, 2]}}, GridControl(2, None, ())),
        ({"values": {"f": [[1, 2, 3], [4, 5, 6]]}}, GridControl(2, 3, ())),
        ({**NAMED, "values": {"f": "n"}}, FormulaControl(("n", "m"), (("N", "n"),))),
        ({**NAMED, "values": {"f": ["n", "m"]}}, GridControl(2, None, ("n", "m", "N"))),
        ({**NAMED, "sizes": {"n": 1, "m": 2}, "values": {"f": "n"}}, Line(("n", "m", "N"))),
    ],
)
def test_numbers_are_typed_on_a_line_or_into_a_table(table: Any, control: Any) -> None:
    assert controls(params_of(**table)) == {"f": control}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"values": {"g": 1}, "places": 0}, None),
        ({"values": {"g": 1}, "places": 12}, None),
        ({"values": {"g": 1}, "places": 13}, "wanted 0 to 12"),
        ({"values": {"g": 1}, "places": -1}, "wanted 0 to 12"),
        ({**NAMED, "values": {"g": "n"}}, None),
        ({**NAMED, "values": {"g": "n"}, "places": 0}, "places goes with numbers"),
        ({**NAMED, "values": {"g": "n*"}}, "values.g"),
        ({**NAMED, "values": {"g": ["n", ["m"]]}}, "differ in length or depth"),
        ({"sizes": {"n": 1}, "values": {"g": "n"}}, None),
        ({"sizes": {"n": 0}, "values": {"g": "n"}}, "at least 1"),
        ({"sizes": {"n": 2}, "values": {"g": "1/(n - 2)"}}, "values.g"),
        ({"sizes": {"n": 2}, "values": {"g": "sqrt(n)"}}, "no exact number"),
        ({"sizes": {"n": 2}, "values": {"g": "k"}}, "unknown name k"),
        ({"sizes": ["exp"], "values": {"g": "1"}}, "is no name"),
        ({"sizes": ["n", "N"], "aliases": {"N": "n"}, "values": {"g": "n"}}, "spelled like another"),
        ({**NAMED, "aliases": {"K": "k"}, "values": {"g": "n"}}, "none of the sizes"),
        ({"values": {"g": [[1], [2, 3]]}}, "differ in length or depth"),
        ({"values": {"g": [[[1]]]}}, "no number, vector or matrix"),
        ({"values": {"g": []}}, "is empty"),
        ({"values": {"g": [[]]}}, "is empty"),
        ({"values": {"g": [True]}}, "wanted a number"),
        ({"values": {"g": None}}, "wanted a number"),
        ({"values": {"g": {"a": 1}}}, "wanted a number"),
        ({"values": {"g": 1}, "more": 1}, "more"),
        (
            {"values": {"g": 1}, "mistakes": [{"id": "m", "values": {"g": 2}, "message": "m", "more": 1}]},
            "more",
        ),
        ({"values": {"g": "{a+b}"}}, "gets a name in"),
        ({"values": {"g": "a+b"}}, 'wanted a number such as 2, 0.5 or "1/3"$'),
    ],
)
def test_what_can_be_asked(table: Any, said: str | None) -> None:
    if said is None:
        params_of(**table)
    else:
        with pytest.raises(msgspec.ValidationError, match=said):
            params_of(**table)


def mistake(values: Any, credit: str = "0") -> list[Any]:
    return [{"id": "forgotten", "values": values, "message": "m", "credit": credit}]


@pytest.mark.parametrize(
    "base", [{"values": {"g": [6, 2], "h": 1}}, {**NAMED, "values": {"g": ["n", "m"], "h": "n"}}]
)
@pytest.mark.parametrize(
    ("values", "credit", "said"),
    [
        ({"g": [1, 2]}, "0", None),
        ({"g": [1, 2]}, "99/100", None),
        ({"g": [1, 2]}, "1", "credit is 1"),
        ({"g": [1, 2]}, "-1/2", "credit is -1/2"),
        ({"k": 1}, "0", "'k' is none of the values"),
        ({"g": [1, 2, 3]}, "0", "another shape"),
        ({"g": 1}, "0", "another shape"),
        ({"g": [1, 2], "h": 7}, "0", None),
    ],
)
def test_a_known_mistake_has_values_of_the_shapes_that_are_asked(
    base: Any, values: Any, credit: str, said: str | None
) -> None:
    table = {**base, "mistakes": mistake(values, credit)}
    if said is None:
        params_of(**table)
    else:
        with pytest.raises(msgspec.ValidationError, match=said):
            params_of(**table)


@pytest.mark.parametrize(
    ("values", "shows"), [({"g": [6, 2]}, False), ({"g": [6, 2], "h": 3}, True), ({"h": 1}, False)]
)
def test_a_known_mistake_shows_in_some_value(values: Any, shows: bool) -> None:
    table = {"values": {"g": [6, 2], "h": 1}, "mistakes": mistake(values)}
    if shows:
        params_of(**table)
    else:
        with pytest.raises(msgspec.ValidationError, match="are the right ones"):
            params_of(**table)


@pytest.mark.parametrize(
    ("entries", "diagnoses", "fraction"),
    [
        (["T*h", "h"], ["squared"], Fraction(1, 2)),
        (["T", "h"], ["dropped", "squared"], Fraction(1, 4)),
        (["T", "h^2"], ["dropped"], Fraction(1, 2)),
        (["h", "h^2"], [], None),
    ],
)
def test_mistakes_in_formulas_are_known_entry_by_entry(
    entries: Any, diagnoses: Any, fraction: Any, plain: Any
) -> None:
    """What a mistake gives right in an entry is none there: T*h is no mistake of the first."""
    mistakes = [
        {"id": "squared", "values": {"g": ["T*h", "h"]}, "message": "a"},
        {"id": "dropped", "values": {"g": ["T", "h^2"]}, "message": "b", "credit": "1/4"},
    ]
    params = params_of(sizes=["T", "h"], values={"g": ["T*h", "h^2"]}, mistakes=mistakes)
    found = diagnose(params, judge(params, Answer(fields={"g": plain(entries)})).facts)
    assert sorted(one.id for one in found.diagnoses) == diagnoses


FORMULAS = {"sizes": ["T", "h"]}


@pytest.mark.parametrize(
    ("wanted", "given", "is_read"),
    [
        (["T", "h"], ["T", "h"], True),
        (["T", "h"], [["T", "h"]], True),
        (["T", "h"], [["T"], ["h"]], True),
        (["T", "h"], "T, h", True),
        (["T", "h"], "T; h", True),
        (["T", "h"], "(T, h)", True),
        (["T", "h"], "[T, h]", True),
        (["T", "h"], "(T, h", False),
        (["T", "h"], "T", False),
        (["T", "h"], ["T", "h", "T"], False),
        (["T", "h"], 3, False),
        ([["T", "h"]], [["T", "h"]], True),
        ([["T", "h"]], [["T"], ["h"]], False),
        ([["T", "h"]], ["T", "h"], True),
        ([["T", "h"]], "T, h", True),
        ([["T", "h"]], ["T"], False),
        ([["T", "h"], ["h", "T"]], ["T", "h", "h", "T"], False),
        ([["T"]], "T", True),
        ([["T"]], ["T"], True),
        ([["T"], ["h"]], [["T"], ["h"]], True),
        ([["T", "h"], ["h", "T"]], [["T", "h"], ["h", "T"]], True),
        ([["T", "h"], ["h", "T"]], [["T", "h"], ["h"]], False),
        ([["T", "h"], ["h", "T"]], [["T", "h"], ["h", "T"], ["T", "T"]], False),
        ("T", "T", True),
        ("T", ["T"], True),
        ("T", ["T", "h"], False),
        # Names side by side are a product where one formula stands alone.
        ("T*h", "T h", True),
        (["T*h", "h"], ["T h", "h"], False),
    ],
)
def test_formulas_are_read_row_by_row(wanted: Any, given: Any, is_read: bool, plain: Any) -> None:
    params = params_of(**FORMULAS, values={"g": wanted})
    answer = Answer(fields={"g": plain(given)})
    if is_read:
        assert judge(params, answer).outcome.verdict == "correct"
    else:
        with pytest.raises(Unreadable):
            judge(params, answer)


@pytest.mark.parametrize(
    ("table", "keys", "blank"),
    [
        (
            {"values": {"n": 1, "g": [1, 2], "M": [[1, 2, 3]]}, "places": 2, "mistakes": mistake({"n": 3})},
            [("values.n", "1 number"), ("values.g", "2 numbers"), ("values.M", "3 numbers")],
            {"values": {"n": 0, "g": [0, 0], "M": [[0, 0, 0]]}, "places": 2},
        ),
        (
            {**NAMED, "values": {"n": "n", "g": ["n", "m"]}},
            [("values.n", "1 formula"), ("values.g", "2 formulas")],
            {**NAMED, "values": {"n": 0, "g": [0, 0]}},
        ),
    ],
)
def test_the_key_is_the_numbers_and_a_blank_has_noughts(table: Any, keys: Any, blank: Any) -> None:
    params = params_of(**table)
    assert [(one.place, one.what) for one in written(params)] == keys
    assert without(table, params) == blank
