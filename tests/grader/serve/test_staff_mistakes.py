"""Known mistakes over time: everything that was handed in, by day on the course's clocks."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from grader.classroom.mistake_days import spans
from grader.serve.people import Role
from tests.grader.serve.conftest import signed_in
from tests.grader.serve.sums_course import mark_sums, sums_server
from tests.grader.serve.test_staff_class import rows_of

PAGE = "/staff/exercises/sums/mistakes"


def test_each_student_is_counted_once_a_day_and_only_for_what_was_handed_in(tmp_path: Path) -> None:
    with sums_server(tmp_path) as server:
        xenia = signed_in(server, "xenia", Role.ASSISTANT)
        assert "No mistake of this class has a name" in xenia.get(PAGE).text
        # 6 is 2 times 3: known. In Berlin the second is of the next day, half an hour after midnight.
        for student, at, question in (
            ("ada", "2026-07-01T10:00:00Z", ""),
            ("ada", "2026-07-01T11:00:00Z", "a"),
            ("bo", "2026-07-01T22:30:00Z", "a"),
            ("bo", "2026-07-04T10:00:00Z", "b"),  # the other question: a stands as it was
            ("cy", "2026-07-01T12:00:00Z", ""),
        ):
            mark_sums(server, student, 6 if student != "cy" else 5, 5, at, question)
        page = xenia.get(PAGE).text
    assert rows_of(page, "Known mistakes") == [
        ["2", "a", "That is a product.multiplied", "2026-07-01 to 2026-07-02"]
    ]
    assert rows_of(page, "The numbers of students") == [["2026-07-01", "1"], ["2026-07-02", "1"]]
    assert rows_of(page, "Each mistake, day by day") == [
        ["a: multiplied", "2026-07-01", "1"],
        ["a: multiplied", "2026-07-02", "1"],
    ]
    assert page.count('class="bar"') == 2


@pytest.mark.parametrize(("last", "bars"), [(0, 1), (30, 31), (31, 5), (216, 31), (217, 16), (20_000, 23)])
# 20001 days are 23 bars of 128 weeks; with bars of 64 there would be 45.
def test_a_long_term_has_wider_bars_that_leave_out_no_day(last: int, bars: int) -> None:
    first = datetime.date(2026, 9, 1)
    found = spans([first, first + datetime.timedelta(days=last)])
    assert len(found) == bars
    days = [start + datetime.timedelta(days=n) for start, end in found for n in range((end - start).days + 1)]
    assert days == [first + datetime.timedelta(days=n) for n in range(last + 1)]
