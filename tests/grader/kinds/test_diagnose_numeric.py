"""Numbers that a declared mistake gives are told that mistake."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import pytest

from grader.answers.rounding import read_entry
from grader.kinds.numeric.diagnose import diagnose
from grader.kinds.numeric.judge import judge
from grader.kinds.numeric.question import NumericParams
from grader.model.kind import Answer
from grader.model.outcome import Finding
from grader.model.value import Items, Number, Value
from grader.specs.decoding import read_fraction

MISTAKES = [
    {"id": "doubled", "values": {"g": [4, "2/3"]}, "message": "Twice.", "credit": "1/2"},
    {"id": "first-doubled", "values": {"g": [4, "1/3"]}, "message": "The first is doubled.", "credit": "3/4"},
    {"id": "squared-first", "values": {"g": [4, "1/3"]}, "message": "The first is squared."},
    {"id": "both-wrong", "values": {"g": [0, 0], "k": 7}, "message": "Nothing is read."},
]
TABLE: dict[str, Any] = {"values": {"g": [2, "1/3"], "k": 5}, "mistakes": MISTAKES}


def params_of(table: dict[str, Any]) -> NumericParams:
    return msgspec.convert(table, NumericParams, dec_hook=lambda kind, value: read_fraction(value))


def found(table: dict[str, Any], g: list[str], k: str) -> Finding:
    params = params_of(table)
    fields = {"g": Items(tuple(Number(text, "rational") for text in g)), "k": Number(k, "int")}
    answer = Answer(fields=fields)
    return diagnose(params, judge(params, answer).facts)


@pytest.mark.parametrize(
    ("g", "k", "ids"),
    [
        (["4", "2/3"], "5", ["doubled"]),
        (["4", "1/3"], "5", ["first-doubled", "squared-first"]),
        (["0", "0"], "7", ["both-wrong"]),
        # The field that a mistake leaves out is not right.
        (["4", "2/3"], "6", []),
        (["0", "0"], "5", []),
        (["3", "3"], "3", []),
        # Right answers are never diagnosed.
        (["2", "1/3"], "5", []),
    ],
)
def test_a_mistake_is_told_where_it_gives_all_numbers(g: list[str], k: str, ids: list[str]) -> None:
    assert [one.id for one in found(TABLE, g, k).diagnoses] == ids


def test_a_wrong_answer_is_read_once_for_all_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(value: Value, where: str) -> Any:
        read.append(where)
        return read_entry(value, where)

    monkeypatch.setattr("grader.kinds.numeric.reading.read_entry", counted)
    assert found(TABLE, ["4", "1/3"], "5").diagnoses
    assert read == ["g[1]", "g[2]", "k"]


def test_credit_is_what_all_that_fit_give() -> None:
    assert found(TABLE, ["4", "2/3"], "5").fraction == Fraction(1, 2)
    assert found(TABLE, ["4", "1/3"], "5").fraction == 0


def test_a_mistake_is_known_to_the_decimals_that_were_asked() -> None:
    mistake = {"id": "halved", "values": {"y": "0.135363"}, "message": "Halved."}
    table = {"values": {"y": "0.270726"}, "places": 2, "mistakes": [mistake]}
    params = params_of(table)
    for text, ids in (("0.14", ["halved"]), ("0.1354", ["halved"]), ("0.13", []), ("0.27", [])):
        answer = Answer(fields={"y": Number(text, "float")})
        assert [one.id for one in diagnose(params, judge(params, answer).facts).diagnoses] == ids


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"values": {"z": 1}}, "'z' is none of the values"),
        ({"values": {"g": [4]}}, "g has another shape"),
        ({"values": {"g": [2, "1/3"]}}, "its values are the right ones"),
        ({"values": {}}, "its values are the right ones"),
        ({"credit": 1}, "credit is 1"),
        ({"credit": "-1/2"}, "credit is -1/2"),
        ({"credits": 0}, "unknown field `credits`"),
    ],
)
def test_an_impossible_mistake_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        params_of({**TABLE, "mistakes": [MISTAKES[0] | change]})
