"""What a page costs does not grow with the class: no query of a student's page reads a whole table of it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from grader.serve.server import Server
from tests.grader.serve.conftest import press_of, signed_in, wait_until_done

EXERCISE = "/exercise/mit-6390-recitation-8"
GROWS = re.compile(
    r"SCAN (attempts|results|marks|hand_ins|hand_marks|shown_hints|submissions|submission_files|blobs"
    r"|sessions|drafts|complaints|variants)\b"
)


@contextlib.contextmanager
def asked(server: Server) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that is executed meanwhile, with its values."""
    found: list[tuple[str, Any]] = []

    def note(_: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        if not many and statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE")):
            found.append((statement, values))

    event.listen(server.book.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(server.book.engine, "before_cursor_execute", note)


def plans(server: Server, statements: list[tuple[str, Any]]) -> list[str]:
    """What SQLite says it does for them."""
    with server.book.reading() as connection:
        return [
            row[3]
            for statement, values in statements
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]


def test_the_plan_of_a_query_of_the_whole_class_would_be_seen(server: Server) -> None:
    with asked(server) as statements, server.book.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM attempts WHERE exercise = 'x'").all()
    assert any(map(GROWS.match, plans(server, statements)))


@pytest.mark.parametrize("page", ["/", EXERCISE, "report"])
def test_a_students_page_reads_what_is_the_students_only(server: Server, page: str) -> None:
    with signed_in(server, "amara") as client:
        press = press_of(client.get(EXERCISE).text)
        sent = client.post(f"{EXERCISE}/b_i", data={"press": press, "action": "submit", "field.s0": "0 0"})
        wait_until_done(client)
        path = sent.headers["location"] if page == "report" else page
        with asked(server) as statements:
            assert client.get(path).status_code == 200
        done = plans(server, statements)
    assert len(statements) > 2
    assert not list(filter(GROWS.match, done))


def test_submitting_reads_what_is_the_students_only(server: Server) -> None:
    # The marker does not run here: only what the request asks is looked at.
    client = signed_in(server, "amara")
    press = press_of(client.get(EXERCISE).text)
    with asked(server) as statements:
        sent = client.post(f"{EXERCISE}/b_i", data={"press": press, "action": "submit", "field.s0": "0 0"})
    assert sent.status_code == 303
    assert not list(filter(GROWS.match, plans(server, statements)))
