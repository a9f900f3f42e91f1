"""Orders of growth as answers: what earns the point, and what a wrong one is told."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from grader.errors import Unreadable
from grader.kinds.count.diagnose import diagnose
from grader.kinds.count.judge import judge
from grader.kinds.count.question import CountParams
from grader.model.kind import Answer
from grader.model.value import Text

WORK: dict[str, Any] = {"big_o": "T*h^2", "sizes": ["T", "h"], "aliases": {"H": "h"}}


def marked(table: dict[str, Any], given: str) -> tuple[str, str, list[str]]:
    """Verdict, all that is said, and ids of diagnoses."""
    params = msgspec.convert(table, CountParams)
    judged = judge(params, Answer(fields={"order": Text(given)}))
    found = diagnose(params, judged.facts)
    said = " ".join(one.message for one in (*judged.outcome.feedback, *found.feedback))
    return judged.outcome.verdict, said, [one.id for one in found.diagnoses]


@pytest.mark.parametrize(
    "given",
    [
        "T*h^2",
        "2*T*h*(h + 3) + 5",
        "O(T H²)",
        r"\Theta(T h^2)",
        "T*h*(h - 1)/2",
        "T*h^2 + T*h + h",
        "T*max(h, 3)^2",
    ],
)
def test_what_grows_alike_is_right(given: str) -> None:
    assert marked(WORK, given)[0] == "correct"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("T*h^3", "grows faster"),
        ("T*h", "more slowly"),
        ("T*h", "one factor is missing"),
        ("T*h^2*log(T)", "a logarithm too many"),
        ("T^2*h^2", "one factor too many"),
        ("T^2*h", "in place of another"),
        ("T + h", "more slowly"),
        ("h^2", "one factor is missing"),
        ("2^T", "does not grow as"),
        ("7", "more slowly"),
    ],
)
def test_a_wrong_order_is_told_how_it_grows_and_not_the_right_one(given: str, told: str) -> None:
    verdict, said, _ = marked(WORK, given)
    assert verdict == "incorrect"
    assert told in said
    assert not any(right in said.replace(" ", "") for right in ("T*h^2", "Th^2", "T*h²"))


def test_with_one_size_the_way_it_grows_does_not_tell_the_order() -> None:
    verdict, said, _ = marked({"big_o": "T^2", "sizes": ["T"]}, "T^3")
    assert verdict == "incorrect"
    assert "with T = n and a growing n yours grows as n^3, and what is asked more slowly" in said
    assert "2" not in said


@pytest.mark.parametrize("given", ["0", "-T*h^2", "T*h^2 - T^2", "T - h"])
def test_what_is_zero_or_negative_somewhere_is_refused_and_not_wrong(given: str) -> None:
    with pytest.raises(Unreadable) as caught:
        marked(WORK, given)
    assert caught.value.code == "not-an-order"


def test_what_cannot_be_decided_is_undecided() -> None:
    assert marked(WORK, "(T + 1)^h")[0] == "undecided"


def test_a_declared_mistake_is_recognised_up_to_its_growth() -> None:
    mistake = {"field": "order", "formula": "T*h", "id": "vectors", "message": "W is a matrix."}
    assert marked({**WORK, "mistakes": [mistake]}, "3*T*h + T")[2] == ["vectors"]
    assert marked({**WORK, "mistakes": [mistake]}, "h")[2] == []


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({}, "name a network"),
        ({"big_o": "T*h"}, "name those of the order"),
        ({"big_o": "T*k", "sizes": ["T"]}, "unknown name k"),
        ({"big_o": "T - h", "sizes": ["T", "h"]}, "zero or negative"),
        ({"big_o": "(T + 1)^h", "sizes": ["T", "h"]}, "cannot be decided"),
        ({"big_o": "T", "sizes": {"T": 3}}, "name those of the order"),
        ({"big_o": "T", "sizes": ["T"], "asked": ["parameters"]}, "go with a network"),
        ({"big_o": "T", "sizes": ["T", "2h"]}, "no name"),
    ],
)
def test_an_author_is_told_what_is_wrong(table: dict[str, Any], told: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=told):
        msgspec.convert(table, CountParams)
