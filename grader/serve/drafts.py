"""Drafts: what was typed and saved but not submitted yet; earlier versions stay, to be taken up again."""

from __future__ import annotations

import itertools

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from grader.gradebook.write_records import plain
from grader.serve.moments import precise_now
from grader.serve.paper import read_paper
from grader.serve.tables import DRAFTS, HAND_INS, of_person

MOST_KEPT = 20
MOST_LETTERS = 400_000
"""Letters kept of one question, so that nobody fills the disk by saving; the newest is always kept."""


class SavedDraft(msgspec.Struct, frozen=True):
    """What was typed for a question.

    Args:
        id: Its number, which the form that shows it sends along.
        typed: By control.
        saved_at: ISO 8601 in UTC.
    """

    id: int
    typed: dict[str, str]
    saved_at: str


def save_draft(
    connection: Connection, person: str, exercise: str, question: str, typed: dict[str, str]
) -> None:
    """Keep what was typed as the question's draft; what another tab saved stays beside it."""
    former = saved_drafts(connection, person, exercise, question)
    row = {"typed": _text(typed), "saved_at": precise_now(), "submitted_at": None}
    if former and former[0].typed == typed:
        connection.execute(update(DRAFTS).where(DRAFTS.c.id == former[0].id).values(row))
        return
    where = {"person": person, "exercise": exercise, "question": question}
    connection.execute(insert(DRAFTS), {**where, **row})
    letters = itertools.accumulate(len(_text(one.typed)) for one in former)
    too_many = [
        one.id
        for place, (one, so_far) in enumerate(zip(former, letters, strict=True), 2)
        if place > MOST_KEPT or so_far > MOST_LETTERS
    ]
    connection.execute(delete(DRAFTS).where(DRAFTS.c.id.in_(too_many)))


def note_submitted(
    connection: Connection, person: str, exercise: str, question: str, typed: dict[str, str], seen: int
) -> None:
    """Note that a question was handed in: what was saved meanwhile in another tab is still its draft.

    Args:
        connection: In the transaction that keeps the hand-in.
        person: Who.
        exercise: The exercise's id.
        question: The question's id.
        typed: What was handed in.
        seen: The draft that the form began with; 0 for none.
    """
    done = [
        one.id
        for one in saved_drafts(connection, person, exercise, question)
        if one.id <= seen or one.typed == typed
    ]
    connection.execute(update(DRAFTS).where(DRAFTS.c.id.in_(done)).values(submitted_at=precise_now()))


def drafts(connection: Connection, person: str, exercise: str) -> dict[str, SavedDraft]:
    """A student's drafts of an exercise, by question: the last of each that was not submitted."""
    found = select(DRAFTS).where(of_person(DRAFTS, person, exercise), DRAFTS.c.submitted_at.is_(None))
    rows = connection.execute(found.order_by(DRAFTS.c.id))
    return {row.question: _draft(row) for row in rows}


def newest_drafts(connection: Connection, person: str, exercise: str) -> dict[str, int]:
    """The number of the last that was saved for each question, submitted meanwhile or not."""
    found = select(DRAFTS.c.question, func.max(DRAFTS.c.id)).where(of_person(DRAFTS, person, exercise))
    return {row[0]: row[1] for row in connection.execute(found.group_by(DRAFTS.c.question))}


def typed_questions(connection: Connection, person: str, exercise: str) -> frozenset[str]:
    """Questions for which a student has saved or submitted something."""
    found: set[str] = set()
    for of in (DRAFTS, HAND_INS):
        names = select(of.c.question).where(of_person(of, person, exercise)).distinct()
        found |= set(connection.execute(names).scalars())
    return frozenset(found)


def saved_drafts(connection: Connection, person: str, exercise: str, question: str) -> list[SavedDraft]:
    """All that is kept of what was saved for a question, newest first."""
    found = select(DRAFTS).where(of_person(DRAFTS, person, exercise, question))
    return [_draft(row) for row in connection.execute(found.order_by(DRAFTS.c.id.desc()))]


class Version(msgspec.Struct, frozen=True):
    """What was typed at one moment; `hand_in` is 0 where it was saved only."""

    at: str
    typed: dict[str, str]
    hand_in: int = 0


def versions(
    connection: Connection, person: str, exercise: str, question: str, most: int | None = None
) -> list[Version]:
    """All that is kept of what was typed for a question, newest first.

    Args:
        connection: To the database.
        person: Who typed it.
        exercise: The exercise's id.
        question: The question's id.
        most: How many of the last hand-ins are read; all if left out.
    """
    found = select(HAND_INS).where(of_person(HAND_INS, person, exercise, question))
    handed_in = [
        Version(row.received_at, read_paper(row.typed).typed.get(question, {}), row.id)
        for row in connection.execute(found.order_by(HAND_INS.c.id.desc()).limit(most))
    ]
    kept = [Version(one.saved_at, one.typed) for one in saved_drafts(connection, person, exercise, question)]
    return sorted([*handed_in, *kept], key=lambda one: one.at, reverse=True)


def _draft(row: object) -> SavedDraft:
    typed = msgspec.json.decode(row.typed, type=dict[str, str])  # type: ignore[attr-defined]
    return SavedDraft(row.id, typed, row.saved_at)  # type: ignore[attr-defined]


def _text(typed: dict[str, str]) -> str:
    return plain(msgspec.json.encode(typed).decode())
