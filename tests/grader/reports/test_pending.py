"""A question that waits for a person counts neither way, in every format."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from fractions import Fraction

import msgspec
import pytest

from grader.cli.submit import exit_code
from grader.grading import reveal
from grader.model.outcome import Verdict, handed_in_to_course
from grader.model.report import Counted
from grader.reports import find_format
from grader.reports.json_report import as_record, report_from_record
from grader.reports.next_step import next_question, nothing_left
from grader.reports.wording import earned_text, total_text, verdict_counts, what_next


def test_the_total_is_of_what_is_marked(sample):
    # 4 points each: 4 of 8 are decided and earned, 4 are open.
    report = sample.waiting()
    assert total_text(report) == "4 of 8 points, 4 more are pending"
    assert report.marked_fraction == Fraction(1, 2)
    assert report.fraction == Fraction(1, 3)
    assert earned_text(report.questions[2]) == "open / 4"
    assert what_next(report) == "a is solved. c waits for a person's mark. Next, look at b."
    assert verdict_counts(report) == "1 correct, 1 incorrect, 1 pending"


def test_points_that_a_person_gave_for_the_whole_leave_nothing_pending(sample):
    whole = Counted(points=Fraction(9), is_final=True)
    report = msgspec.structs.replace(sample.waiting(), counted=whole)
    assert total_text(report) == "9 of 12 points"


@pytest.mark.parametrize("name", ["terminal", "html", "markdown"])
def test_where_nothing_is_marked_there_is_no_share_of_it(sample, name):
    report = sample.waiting()
    words = msgspec.structs.replace(report, questions=report.questions[2:3])
    told = find_format(name).render(words)
    assert "0 of 0 points, 4 more are pending" in told
    assert "100 %" not in told


@pytest.mark.parametrize("name", ["terminal", "html", "markdown", "junit", "github", "json"])
def test_each_format_says_that_it_is_pending_and_keeps_the_words_from_students(sample, name):
    told = find_format(name).render(sample.waiting())
    assert "pending" in told
    assert "A person marks this" in told
    assert "The gate forgets" not in told


def test_it_is_no_failure_in_junit_and_no_error_on_github(sample):
    suite = ET.fromstring(find_format("junit").render(sample.waiting())).find("testsuite")
    assert suite is not None
    assert {name: suite.get(name) for name in ("failures", "errors", "skipped")} == {
        "failures": "1",
        "errors": "0",
        "skipped": "1",
    }
    commands = [
        line.partition(" ")[0]
        for line in find_format("github").render(sample.waiting()).splitlines()
        if line.startswith("::")
    ]
    assert commands == ["::error", "::notice"]


def test_a_record_is_read_back_as_pending(sample):
    again = report_from_record(as_record(sample.waiting()))
    assert [one.outcome.verdict for one in again.questions] == ["correct", "incorrect", "pending"]


@pytest.mark.parametrize("level", ["verdict", "working"])
def test_a_record_says_who_marks_it_in_a_fact_of_its_own(sample, level):
    *others, pending = sample.waiting().questions
    to_course = msgspec.structs.replace(pending, outcome=handed_in_to_course())
    report = msgspec.structs.replace(sample.waiting(), questions=(*others, to_course))
    record = as_record(reveal(report, level))
    for question in record["questions"]:
        question["feedback"] = []
    again = report_from_record(record)
    assert [one.outcome.is_withheld for one in again.questions] == [False, False, True]


def test_the_least_reveal_still_says_that_it_was_handed_in(sample):
    feedback = reveal(sample.waiting(), "verdict").questions[2].outcome.feedback
    assert [one.code for one in feedback] == ["handed-in", "in-words"]


@pytest.mark.parametrize(("least", "code"), [("1/2", 0), ("51/100", 1)])
def test_the_exit_code_goes_by_what_is_marked(sample, least, code):
    assert exit_code(sample.waiting(), Fraction(least)) == code


def test_a_student_has_nothing_to_do_about_it():
    assert next_question({"a": Verdict.PENDING}) is None
    assert nothing_left({"a": Verdict.PENDING}) == "Nothing is left to do: a is with your instructor."
