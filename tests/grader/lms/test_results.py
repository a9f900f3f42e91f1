"""Result files fit the platforms' schemas, hold the exact marks, and nothing that is for staff."""

from __future__ import annotations

import json
from fractions import Fraction
from types import ModuleType
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.lms.github.write import whole_number_scale
from grader.lms.result_file import UndecidedResult, result_files, staff_lines
from grader.model.outcome import Feedback, Outcome, Verdict, verdict_for
from grader.model.report import QuestionReport, Report
from grader.model.run import Protection, Usage

PLATFORMS = ("catsoop", "classroom50", "gradescope", "prairielearn")


def results(platform: str, report: Report) -> dict[str, Any]:
    found = result_files()[platform].of(report)
    return json.loads(json.dumps(found, allow_nan=False))


def decided(sample: ModuleType) -> Report:
    """The report with every verdict but undecided, and a word to staff in each question."""
    whole = sample.everything()
    secret = Feedback("trace", "staff only: /srv/secret.py line 3", "staff")
    questions = [
        msgspec.structs.replace(
            one, outcome=msgspec.structs.replace(one.outcome, feedback=(*one.outcome.feedback, secret))
        )
        for one in whole.questions
        if one.outcome.verdict is not Verdict.UNDECIDED
    ]
    return msgspec.structs.replace(whole, questions=tuple(questions))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_file_fits_the_schema_and_tells_staff_nothing(platform: str, sample: ModuleType, schemas: ModuleType):
    found = results(platform, decided(sample))
    schemas.CHECKERS[platform](found)
    assert platform == "catsoop" or len(found["tests"]) == 6
    said = json.dumps(found)
    assert "secret" not in said
    assert "staff" not in said
    assert "Output 4 is not the sum." in said


@pytest.mark.parametrize("platform", PLATFORMS)
def test_undecided_is_no_result(platform: str, sample: ModuleType):
    with pytest.raises(UndecidedResult, match="could not decide g"):
        results(platform, sample.everything())


def test_staff_hear_what_students_do_not(sample: ModuleType):
    assert staff_lines(sample.everything()) == ("g: crash: staff only: /srv/secret.py line 3",)


def report(*fractions: str, points: str = "4", verdict: Verdict | None = None) -> Report:
    questions = tuple(
        QuestionReport(
            id=f"q{number}",
            label=f"1({number})",
            max_points=Fraction(points),
            outcome=Outcome(
                verdict=verdict or verdict_for(Fraction(share)),
                fraction=Fraction(share),
                feedback=(Feedback("unreadable", "W is ragged.\x1b[31m\u202e"),),
            ),
        )
        for number, share in enumerate(fractions)
    )
    return Report(
        exercise="sums",
        exercise_digest="sha256:1",
        student="ada",
        submission_digest="sha256:2",
        grader_version="0",
        seed=1,
        questions=questions,
        protection=Protection(level="no-code"),
        usage=Usage(),
        output="\x1b]0;x\x07" + "y" * 9000,
    )


def test_gradescope_score_is_the_points():
    found = results("gradescope", report("1", "1/3", "0"))
    assert found["score"] == pytest.approx(16 / 3, abs=1e-6)
    assert [test["status"] for test in found["tests"]] == ["passed", "failed", "failed"]


def test_prairielearn_invalid_answers_cost_no_attempt(schemas: ModuleType):
    found = results("prairielearn", report("0", "0", verdict=Verdict.INVALID))
    schemas.prairielearn(found)
    assert found["gradable"] is False
    assert "score" not in found
    assert found["format_errors"][0].startswith("q0: W is ragged.")


def test_prairielearn_wrong_answers_are_gradable():
    found = results("prairielearn", report("1/3", "0"))
    assert found["gradable"] is True
    assert found["score"] == pytest.approx(1 / 6, abs=1e-6)


def test_prairielearn_nothing_handed_in_is_gradable():
    assert results("prairielearn", report("0", verdict=Verdict.MISSING))["gradable"] is True


def test_prairielearn_file_stays_small(schemas: ModuleType):
    found = results("prairielearn", report(*["0"] * 50))
    assert len(json.dumps(found)) < 1_000_000


def test_classroom_50_scores_are_whole_and_exact(schemas: ModuleType):
    found = results("classroom50", report("1/3", "1/2", "1", points="5/2"))
    schemas.classroom50(found)
    assert Fraction(found["score"], found["max-score"]) == Fraction(11, 18)


@given(st.lists(st.lists(st.fractions(min_value=0, max_value=1), min_size=3, max_size=3), min_size=2))
def test_classroom_50_has_one_maximum_for_all_students_of_an_exercise(shares: list[list[Fraction]]):
    found = [results("classroom50", report(*map(str, one), points="7/2")) for one in shares]
    assert {tuple(test["max-score"] for test in one["tests"]) for one in found} == {(420, 420, 420)}


@given(st.lists(st.fractions(min_value=0, max_value=1, max_denominator=10**6), min_size=1, max_size=6))
def test_classroom_50_never_gives_more_than_was_earned(schemas: ModuleType, shares: list[Fraction]):
    one = report(*map(str, shares))
    found = results("classroom50", one)
    schemas.classroom50(found)
    assert Fraction(found["score"], found["max-score"]) <= one.fraction
    assert found["max-score"] == one.max_points * whole_number_scale(one)
    assert (found["score"] == found["max-score"]) == (one.fraction == 1)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_students_text_cannot_move_a_cursor(platform: str):
    said = json.dumps(results(platform, report("0")), ensure_ascii=False)
    assert all(one not in said for one in ("\\u001b", "\x1b", "\u202e", "\x07"))
