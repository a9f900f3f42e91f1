"""What is kept between pages is what working it out anew gives, whatever came meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.gradebook import current, extensions
from grader.gradebook.current import current_standings
from grader.gradebook.extensions import Extension
from grader.gradebook.hand_marks import HandMark
from grader.gradebook.hint_costs import ShownHint
from grader.gradebook.queue import keep_mark
from grader.gradebook.records import Override
from grader.gradebook.shown_hints import keep_shown_hints
from grader.gradebook.write_records import keep_override
from grader.serve.server import Server
from tests.grader.serve.sums_course import mark_sums, sums_server
from tests.grader.serve.test_staff_extensions import RULES


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with sums_server(tmp_path, RULES) as made:
        for student in ("ada", "bo"):
            mark_sums(made, student, 5, 5, "2026-07-01T11:00:00+00:00")
        yield made


def require_as_worked_out(server: Server) -> None:
    with server.book.reading() as connection:
        course = server.course.course
        assert server.standings.now(connection, course) == current_standings(connection, course)
        assert server.standings.now(connection, course, "elsewhere") == []


@pytest.mark.parametrize("most", [0, 30])
def test_every_kind_of_change_is_seen(server: Server, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(current, "MOST_ONE_BY_ONE", most)
    require_as_worked_out(server)
    changes = (
        lambda c: keep_override(
            c, Override(student="ada", exercise="sums", question="a", points="1", who="zoe", why="x")
        ),
        lambda c: extensions.keep_extension(
            c, Extension(student="ada", exercise="sums", until="2026-07-04T12:00", who="zoe", why="x")
        ),
        lambda c: keep_mark(c, HandMark(attempt=2, question="b", role="first", who="x", points="1/2")),
        lambda c: keep_shown_hints(
            c,
            [
                ShownHint(
                    student="bo",
                    exercise="sums",
                    question="a",
                    number=1,
                    who="bo",
                    cost="1",
                    shown_at="2026-06-30T10:00:00+00:00",
                )
            ],
        ),
        lambda c: c.exec_driver_sql(
            "insert into results select 50, attempt, exercise_digest, grader_version, seed, report, "
            "fingerprints, 1, 1, same_as, 'regrade', marked_at from results where id = 1"
        ),
    )
    for change in changes:
        with server.book.reading() as connection:
            before = current_standings(connection, server.course.course)
        with server.book.writing_durably() as connection:
            change(connection)
        with server.book.reading() as connection:
            assert current_standings(connection, server.course.course) != before
        require_as_worked_out(server)
    mark_sums(server, "cy", 5, 5, "2026-07-01T11:00:00+00:00")
    require_as_worked_out(server)
    (server.course.folder / "course.toml").write_text('time_zone = "Europe/Berlin"\n')
    require_as_worked_out(server)
