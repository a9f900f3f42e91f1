from __future__ import annotations

from fractions import Fraction

import pytest

from grader.model.evidence import PROVED, PROVED_FOR_ALL_INPUTS, Basis, tried_on
from grader.model.outcome import Outcome, Verdict
from grader.model.share import points_text
from grader.reports.wording import basis_text, percent_text, what_next


@pytest.mark.parametrize(
    ("basis", "code", "words"),
    [
        (PROVED_FOR_ALL_INPUTS, "proved", "proved for all inputs of all lengths"),
        (PROVED, "proved", "decided exactly"),
        (tried_on(12), "tested on 12", "tested on 12 instances"),
        (tried_on(1), "tested on 1", "tested on 1 instance"),
        (tried_on(9, "step"), "tested on 9", "tested on 9 steps"),
        (tried_on(1, "curve"), "tested on 1", "judged from the one curve"),
        (None, None, None),
    ],
)
def test_basis_is_told_in_words(basis: Basis | None, code: str | None, words: str | None):
    outcome = Outcome(verdict=Verdict.CORRECT, fraction=Fraction(1), basis=basis)
    assert basis_text(outcome) == words
    assert basis is None or basis.code == code


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


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        ("correct", ""),
        ("missing", ""),
        ("correct correct", "All 2 questions are solved."),
        ("missing missing", "No answer was found: each must have the name of its question."),
        ("correct partial", "a is solved. Next, look at b."),
        (
            "correct missing invalid correct incorrect partial undecided skipped",
            "a and d are solved. Next, mend what could not be read (c), look at e and f, and hand in b.",
        ),
        ("missing incorrect", "Next, look at b, and hand in a."),
        ("correct undecided", "a is solved."),
        ("undecided undecided", ""),
    ],
)
def test_the_start_tells_what_is_solved_and_what_comes_next(sample, verdicts: str, told: str):
    given = zip("abcdefghi", verdicts.split(), strict=False)
    report = sample.report(*(sample.question(name, Verdict(one), "0", f"of {name}") for name, one in given))
    assert what_next(report) == told


def test_what_is_said_of_all_questions_is_not_followed_by_other_advice(sample):
    broken = [sample.question(name, Verdict.MISSING, "0", "SyntaxError in line 3.") for name in "ab"]
    assert what_next(sample.report(*broken)) == ""
    assert what_next(sample.report(*broken, sample.question("c", Verdict.CORRECT, "1"))) == "c is solved."
