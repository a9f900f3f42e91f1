"""What a capped report still tells."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

import msgspec
import pytest
from msgspec import UNSET, UnsetType

from grader.grading import reveal
from grader.model.evidence import COUNTEREXAMPLE, LEVELS, LOCATION, WORKING, Evidence, RecordedFacts
from grader.model.outcome import Diagnosis, Feedback, Outcome, Verdict
from grader.model.report import QuestionReport, Report
from grader.model.run import Protection, Usage


class Facts(Evidence, frozen=True, kw_only=True):
    rows_right: Annotated[dict[str, bool] | UnsetType, LOCATION] = UNSET
    counterexample: Annotated[dict[str, int] | UnsetType, COUNTEREXAMPLE] = UNSET
    state_map: Annotated[list[int] | UnsetType, WORKING] = UNSET
    absent: Annotated[int | UnsetType, LOCATION] = UNSET
    unmarked: str = ""


OUTCOME = Outcome(
    verdict=Verdict.PARTIAL,
    fraction=Fraction(1, 2),
    feedback=(
        *(Feedback(level, level, level=level) for level in LEVELS),
        Feedback("for-staff", "for staff", "staff", "working"),
    ),
    evidence=(Facts(rows_right={}, counterexample={}, state_map=[], unmarked="the answer"),),
    diagnoses=(Diagnosis("known", "a known mistake"),),
)


def told(outcome, most):
    report = Report(
        exercise="e",
        exercise_digest="",
        student="s",
        submission_digest="",
        grader_version="",
        seed=0,
        questions=(QuestionReport(id="q", label="q", max_points=Fraction(2), outcome=outcome),),
        protection=Protection(level="full"),
        usage=Usage(),
    )
    return reveal(report, most).questions[0].outcome


@pytest.mark.parametrize("most", LEVELS)
def test_nothing_above_the_cap_is_told_and_all_below_is(most):
    codes = {one.code for one in told(OUTCOME, most).feedback}
    assert codes == {*LEVELS[: LEVELS.index(most) + 1], "for-staff"}


@pytest.mark.parametrize(
    ("most", "evidence", "diagnoses"),
    [
        ("verdict", set(), 0),
        ("location", {"rows_right"}, 1),
        ("counterexample", {"rows_right", "counterexample"}, 1),
        ("working", {"rows_right", "counterexample", "state_map"}, 1),
    ],
)
def test_evidence_and_diagnoses_follow(most, evidence, diagnoses):
    outcome = told(OUTCOME, most)
    assert set(outcome.facts) == evidence
    assert len(outcome.diagnoses) == diagnoses


@pytest.mark.parametrize("first", LEVELS)
@pytest.mark.parametrize("then", LEVELS)
def test_a_report_that_is_cut_twice_shows_what_the_lower_cut_lets_through(first, then):
    """`submit --reveal` cuts a report that the exercise's own level has cut before."""
    lower = min(first, then, key=LEVELS.index)
    twice, once = told(told(OUTCOME, first), then), told(OUTCOME, lower)
    assert twice == once
    assert twice.facts == once.facts


def test_of_a_report_read_back_nothing_is_shown_at_a_lower_level():
    recorded = msgspec.structs.replace(OUTCOME, evidence=(RecordedFacts(plain={"counterexample": [1]}),))
    assert told(recorded, "working").facts == {"counterexample": [1]}
    assert [told(recorded, most).facts for most in LEVELS[:-1]] == [{}, {}, {}]


def test_marks_stay():
    assert told(OUTCOME, "verdict").fraction == OUTCOME.fraction


@pytest.mark.parametrize("verdict", [Verdict.MISSING, Verdict.INVALID, Verdict.UNDECIDED])
def test_why_nothing_was_marked_is_always_told(verdict):
    unmarked = msgspec.structs.replace(OUTCOME, verdict=verdict)
    assert told(unmarked, "verdict").feedback == unmarked.feedback
    assert told(unmarked, "verdict").facts == {}
