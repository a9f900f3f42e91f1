"""Read the reports that the gradebook keeps, the words in them, and the fingerprints of answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, select

from grader.gradebook import records
from grader.gradebook.records import INPUTS
from grader.gradebook.tables import RESULTS, in_parts
from grader.model.outcome import IN_WORDS


def reports(connection: Connection, results: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The reports of results, one at a time; {} for one that cannot be read."""
    for result, text in report_texts(connection, results):
        yield result, decoded(text)


def report_texts(connection: Connection, results: list[int]) -> Iterator[tuple[int, str]]:
    """The reports of results as they are kept, one at a time."""
    yield from _each(connection, RESULTS.c.report, results)


def _each(connection: Connection, column: Column[Any], results: list[int]) -> Iterator[tuple[int, str]]:
    for wanted in in_parts(results):
        rows = connection.execute(select(RESULTS.c.id, column).where(RESULTS.c.id.in_(wanted)))
        texts = {row[0]: row[1] for row in rows}
        for result in wanted:
            yield result, texts[result]


def decoded(text: str) -> dict[str, Any]:
    """A JSON object; {} where it is broken: one bad row must not stop a command for all others."""
    try:
        found = msgspec.json.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def fingerprints(connection: Connection, results: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The fingerprints of each result, by which copies are found."""
    for result, text in _each(connection, RESULTS.c.fingerprints, results):
        found = decoded(text)
        found.pop(INPUTS, None)
        yield result, found


def staff_messages(connection: Connection, result: int) -> list[str]:
    """What a report tells staff only, each message once."""
    ((_, record),) = reports(connection, [result])
    return list(records.staff_messages(record))


def reasons(connection: Connection, result: int) -> dict[str, str]:
    """What the student wrote in the field `reason` of each question, which is not marked."""
    return reasons_of(connection, [result]).get(result, {})


def reasons_of(connection: Connection, results: list[int]) -> dict[int, dict[str, str]]:
    """The reasons of many results; a result without any is left out."""
    found = {}
    for wanted in in_parts(results):
        # Most reports have no words: the database need not hand them over.
        rows = connection.execute(
            select(RESULTS.c.id, RESULTS.c.report)
            .where(RESULTS.c.id.in_(wanted))
            .where(RESULTS.c.report.contains(f'"{IN_WORDS}"', autoescape=True))
        )
        of_each = {result: _words(decoded(text)) for result, text in rows}
        found.update({result: words for result, words in of_each.items() if words})
    return found


def _words(record: dict[str, Any]) -> dict[str, str]:
    return {
        question["id"]: one["message"]
        for question in record.get("questions", ())
        for one in question["feedback"]
        if one.get("code") == IN_WORDS
    }
