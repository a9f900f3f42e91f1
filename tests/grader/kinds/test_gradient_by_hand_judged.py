"""What gradients by hand earn, entry by entry, for a layer whose gradients are products of two numbers."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.answers.rounding import MARGIN
from grader.errors import Unreadable
from grader.kinds.gradient.by_hand import FactsByHand, _habits, _is_near, _read, numbers
from grader.kinds.gradient.judge import judge
from grader.kinds.gradient.question import GradientParams, backward
from grader.model.evidence import PROVED
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.model.value import Items, Number, Text, Value

HALF = Fraction(1, 2)
# y = V x + c, L = sum((y - d)^2) / 2: dL/dc = e = y - d and dL/dV = e x^T.
X, ERRORS = (1, Fraction(1, 3), -2), (Fraction(2, 7), Fraction(-3, 7))
RIGHT = {"V": [[e * x for x in X] for e in ERRORS], "c": list(ERRORS)}
TABLE: dict[str, Any] = {
    "network": {
        "inputs": {"x": "3"},
        "parameters": {"V": "2 x 3", "c": "2"},
        "equations": ["y(t) = V @ x(t) + c"],
    },
    "loss": "sum((y - d)**2) / 2",
    "values": {
        "x": [[float(x) for x in X]],
        "V": [[0, 0, 0], [0, 0, 0]],
        "c": [0, 0],
        "d": [[float(-e) for e in ERRORS]],
    },
    "places": 3,
}
PARAMS = msgspec.convert(TABLE, GradientParams)


def number(value: Fraction | float) -> Value:
    return Number(str(Fraction(value)), "rational")


def written(table: Any) -> Any:
    """To three places, halves up: none of these numbers is a half."""
    if isinstance(table, list):
        return [written(one) for one in table]
    return Fraction(math.floor(table * 1000 + HALF), 1000)


def value_of(table: Any) -> Value:
    if isinstance(table, list):
        return Items(tuple(map(value_of, table)))
    return table if isinstance(table, Text) else number(table)


def judged(**changed: Any) -> Outcome:
    """The decision on right numbers but for those that are given anew; None leaves a gradient out."""
    tables = {name: written(table) for name, table in RIGHT.items()} | changed
    fields = {f"d{name}": value_of(table) for name, table in tables.items() if table is not None}
    return judge(PARAMS, Answer(fields=fields)).outcome


def test_the_key_is_worked_out_by_products() -> None:
    found = numbers(PARAMS)
    assert set(found) == {"dV", "dc"}
    for name, table in RIGHT.items():
        np.testing.assert_allclose(found[f"d{name}"], np.array(table, dtype=float), atol=1e-12)
    function = {key: one for key, one in TABLE.items() if key not in ("values", "places")}
    assert numbers(msgspec.convert({**function, "function": "f"}, GradientParams)) == {}


def test_right_numbers_earn_all() -> None:
    outcome = judged()
    assert (outcome.fraction, outcome.feedback, outcome.basis) == (1, (), PROVED)
    (evidence,) = outcome.evidence
    assert evidence.entries == {"dV": ["right"] * 6, "dc": ["right"] * 2}
    assert evidence.entries_right == 8


# 2/7 = 0.28571, so to three places 0.286; cut off 0.285; one more in the last place 0.287.
@pytest.mark.parametrize(
    ("entry", "slip", "credit"),
    [
        ("0.286", "right", 1),
        ("0.2857", "right", 1),
        ("0.2852143", "right", 1),
        ("0.2862142", "right", 1),
        ("0.285", "truncated", HALF),
        ("0.2866", "off-by-one", HALF),
        ("0.2848", "off-by-one", HALF),
        ("-0.286", "sign", 0),
        ("0.29", "too-few-places", 0),
        ("0.5", "wrong", 0),
    ],
)
def test_each_entry_of_a_gradient_counts_the_same(entry: str, slip: str, credit: Fraction) -> None:
    outcome = judged(c=[Fraction(entry), written(ERRORS[1])])
    assert outcome.fraction == HALF + HALF * (HALF + HALF * credit)
    assert outcome.evidence[0].entries == {"dV": ["right"] * 6, "dc": [slip, "right"]}
    assert outcome.evidence[0].entries_right == 7 + (credit == 1)
    codes = [one.code for one in outcome.feedback]
    assert codes == ([] if slip == "right" else ["wrong-gradient", slip])
    if codes:
        assert outcome.feedback[0].message == "Wrong gradients: dc; right: dV."
        assert outcome.feedback[1].message.startswith("dc[1]: ")
    matrix = written(RIGHT["V"])
    matrix[0][0] = Fraction(entry)
    outcome = judged(V=matrix)
    assert outcome.fraction == HALF + HALF * (5 + credit) / 6
    if slip != "right":
        assert outcome.feedback[1].message.startswith("dV[1, 1]: ")


def test_wrong_entries_are_named_by_row_and_column() -> None:
    matrix = [[9, 9, written(RIGHT["V"][0][2])], [written(RIGHT["V"][1][0]), 9, 9]]
    outcome = judged(V=matrix, c=[9, 8])
    assert outcome.fraction == HALF * Fraction(2, 6)
    first, second, third = (one.message for one in outcome.feedback)
    assert first == "Wrong gradients: dV, dc; right: none."
    assert second.startswith("dV[1, 1], dV[1, 2], dV[2, 2], dV[2, 3]: ")
    assert third.startswith("dc[1], dc[2]: ")


def test_what_is_not_given_counts_as_nothing_and_is_named() -> None:
    outcome = judged(c=None)
    assert (outcome.fraction, [one.code for one in outcome.feedback]) == (HALF, ["missing-field"])
    assert outcome.feedback[0].message == "dc is not given."
    assert outcome.evidence[0].entries == {"dV": ["right"] * 6}
    outcome = judged(c=None, V=[[9, 8, 7], [6, 5, 4]])
    assert (outcome.fraction, [one.code for one in outcome.feedback]) == (
        0,
        ["wrong-gradient", "missing-field", "wrong"],
    )


def test_an_entry_in_percent_is_that_many_hundredths_and_without_its_sign_is_wrong_alone() -> None:
    outcome = judged(c=[Text("28.6 %"), written(ERRORS[1])])
    assert outcome.fraction == 1
    outcome = judged(c=[Text("28.6"), written(ERRORS[1])])
    assert outcome.evidence[0].entries["dc"] == ["percent", "right"]
    assert outcome.fraction == HALF + HALF * HALF


def test_the_numbers_that_are_compared_with_mistakes_are_floats_or_none() -> None:
    def facts(*entries: Any) -> FactsByHand:
        fields = {"dV": value_of(written(RIGHT["V"])), "dc": value_of(list(entries))}
        return judge(PARAMS, Answer(fields=fields)).facts

    found = facts(Fraction(1, 4), -3).numbers
    assert found is not None
    assert found["c"].tolist() == [0.25, -3.0]
    assert found["V"].tolist() == [float(one) for row in written(RIGHT["V"]) for one in row]
    fields = {"dV": value_of(written(RIGHT["V"])), "dc": value_of([Text("1,286"), 0])}
    of_two_places = judge(msgspec.structs.replace(PARAMS, places=2), Answer(fields=fields)).facts
    assert of_two_places.numbers is None
    assert facts(Fraction(10) ** 400, 0).numbers is None


SIZES = (1, 2, 3, 4, 6)


@pytest.mark.parametrize("wanted", [(), (1,), (3,), (4,), (6,), (2, 3), (2, 2), (1, 3), (3, 1), (1, 1)])
def test_entries_in_a_line_may_lie_along_any_axis_and_tables_only_as_they_are(
    wanted: tuple[int, ...],
) -> None:
    for n in range(4):
        for shape in itertools.product(SIZES, repeat=n):
            if math.prod(shape) > 12:
                continue
            table = np.arange(float(math.prod(shape))).reshape(shape)
            kept = [size for size in shape if size != 1]
            is_line = len(kept) <= 1 and kept == [size for size in wanted if size != 1]
            if shape == wanted or is_line:
                found = _read(from_numpy(table), wanted, "dq", 3)
                assert [one.value for one in found if not isinstance(one, str)] == list(range(table.size))
                continue
            with pytest.raises(Unreadable) as caught:
                _read(from_numpy(table), wanted, "dq", 3)
            asked = " x ".join(map(str, wanted)) or "a number"
            assert (caught.value.code, caught.value.hint) == ("shape", f"wanted {asked}")


@pytest.mark.parametrize("places", [1, 3, 8])
@pytest.mark.parametrize("wanted", [0.25, -0.25, 0.0, 12.5])
def test_near_is_half_a_unit_of_the_last_place_and_a_margin(places: int, wanted: float) -> None:
    unit = Fraction(1, 10**places)
    for sign in (1, -1):
        for far, is_near in (
            (0, True),
            (unit / 2, True),
            (unit / 2 + MARGIN, True),
            (unit / 2 + 2 * MARGIN, False),
        ):
            assert bool(_is_near(Fraction(wanted) + sign * far, wanted, places)) is is_near
    for lost in (math.nan, math.inf, -math.inf):
        assert not _is_near(Fraction(0), lost, places)


def test_each_pass_is_kept_to_the_places_one_more_or_in_full_and_then_anything() -> None:
    one = backward(PARAMS)
    ways = list(_habits(one, 3))
    forward, back = ({name for way in ways for name in way[at]} for at in (0, 1))
    assert forward == {equation.name for equation in one.forward.equations}
    # What is asked for is rounded at the end alone.
    assert back == {equation.name for equation in one.network.equations} - {"dV", "dc"}
    first = [(dict.fromkeys(forward, a), dict.fromkeys(back, b)) for a in (3, 4, None) for b in (3, 4, None)]
    assert ways[:8] == first[:-1]
    mixed = [set(way[at].values()) for at in (0, 1) for way in ways[8:]]
    assert set.union(*mixed) == {3, 4, None}
    assert len(ways) > 100
