from __future__ import annotations

from fractions import Fraction

import pytest

from grader.model.outcome import Outcome, Verdict
from grader.reports.wording import basis_text, percent_text, points_text


@pytest.mark.parametrize(
    ("basis", "evidence", "words"),
    [
        ("proved", {"deciding_steps": 5}, "proved for all inputs of all lengths"),
        ("proved", {}, "decided exactly"),
        ("tested on 12", {}, "tested on 12 instances"),
        ("tested on 1", {}, "tested on 1 instance"),
        ("tested on 9", {"deciding_steps": 9}, "tested on 9 steps"),
        (None, {}, None),
    ],
)
def test_basis_is_told_in_words(basis: str | None, evidence: dict[str, object], words: str | None):
    outcome = Outcome(verdict=Verdict.CORRECT, fraction=Fraction(1), basis=basis, evidence=evidence)
    assert basis_text(outcome) == words


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ("4", "4"),
        ("5/2", "2.5"),
        ("10/3", "3.333"),
        ("1/8", "0.125"),
        ("1/16", "0.063"),
        ("20/3", "6.667"),
        ("0", "0"),
        ("100", "100"),
        ("9999/10000", "1"),
        ("-3/2", "-1.5"),
        ("-1/10000", "0"),
    ],
)
def test_points_are_written_as_people_do(points: str, words: str):
    assert points_text(Fraction(points)) == words


def test_points_may_have_fewer_decimals():
    assert points_text(Fraction(20, 3), 2) == "6.67"
    assert points_text(Fraction(1, 200), 2) == "0.01"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        ("0", "0 %"),
        ("5/14", "36 %"),
        ("1/8", "13 %"),
        ("1/200", "1 %"),
        ("999/1000", "99 %"),
        ("1", "100 %"),
        ("6/5", "120 %"),
    ],
)
def test_shares_are_rounded_and_only_everything_is_100_percent(share: str, words: str):
    assert percent_text(Fraction(share)) == words
