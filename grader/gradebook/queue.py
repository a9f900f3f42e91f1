"""The queue of words to be marked: what waits, who looks at it, and marks that are given once only."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal, TypeAlias

import msgspec
from sqlalchemy import Connection, insert, select

from grader.errors import CannotDo
from grader.gradebook.hand_marks import HandMark, Role, difference, last_of, mark_that_counts
from grader.gradebook.kept_reports import reasons_of
from grader.gradebook.records import now
from grader.gradebook.standing import Standing
from grader.gradebook.tables import ATTEMPTS, CLAIMS, HAND_MARKS, Students, of_student
from grader.gradebook.write_records import plain, plain_row
from grader.model.outcome import Verdict
from grader.model.share import points_text

Marks: TypeAlias = dict[tuple[int, str], tuple[HandMark, ...]]
"""Marks by attempt and question, oldest first."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Words that somebody wrote in an attempt that counts.

    Args:
        attempt: The attempt's id in the gradebook.
        question: The question's id.
        exercise: The exercise's id.
        exercise_digest: Of the exercise that it was marked with.
        student: Who wrote it.
        text: The words.
        max_points: Of the question.
        is_pending: Whether the question waits for a person; a reason beside another answer does not.
        marks: What was given so far.
    """

    attempt: int
    question: str
    exercise: str
    exercise_digest: str
    student: str
    text: str
    max_points: Fraction
    is_pending: bool
    marks: tuple[HandMark, ...] = ()

    @property
    def id(self) -> str:
        """How a person names it: "w-17"."""
        return f"{self.question}-{self.attempt}"

    @property
    def is_open(self) -> bool:
        """Whether no mark stands for it."""
        return mark_that_counts(self.marks) is None


def entries(connection: Connection, standings: Sequence[Standing], marks: Marks) -> list[Entry]:
    """All words of attempts that count and are accepted, by exercise and question and then by attempt."""
    found = []
    words = reasons_of(connection, [one.attempt.result for one in standings])
    for one in standings:
        if not one.is_accepted:
            continue
        attempt = one.attempt
        waiting = {mark.question for mark in attempt.marks if mark.verdict == Verdict.PENDING}
        most = {mark.question: Fraction(mark.max_points) for mark in attempt.marks}
        order = list(most)
        found += [
            (
                (one.exercise, order.index(question), attempt.attempt),
                Entry(
                    attempt=attempt.attempt,
                    question=question,
                    exercise=one.exercise,
                    exercise_digest=attempt.exercise_digest,
                    student=one.student,
                    text=text,
                    max_points=most[question],
                    is_pending=question in waiting,
                    marks=marks.get((attempt.attempt, question), ()),
                ),
            )
            for question, text in words.get(attempt.result, {}).items()
            if question in most
        ]
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0])]


def hand_marks(connection: Connection, student: Students = None) -> Marks:
    """Every mark that a person gave for words, by attempt and question, oldest first."""
    query = select(HAND_MARKS).order_by(HAND_MARKS.c.id)
    if student is not None:
        query = query.join(ATTEMPTS, ATTEMPTS.c.id == HAND_MARKS.c.attempt)
        query = of_student(query, ATTEMPTS, None, student)
    return _by_answer(connection.execute(query))


def _by_answer(rows: Iterable[object]) -> Marks:
    marks: Marks = {}
    for row in rows:
        fields = {name: getattr(row, name) for name in HandMark.__struct_fields__}
        mark = HandMark(**{**fields, "items": tuple(msgspec.json.decode(fields["items"]))})
        at = (mark.attempt, mark.question)
        marks[at] = (*marks.get(at, ()), mark)
    return marks


Seeks: TypeAlias = Literal["first", "second"]


def is_free(marks: Sequence[HandMark], seeks: Seeks, who: str) -> bool:
    """Whether a marker may give an answer with these marks a first, or a second, one."""
    first = last_of("first", marks)
    if seeks == "first":
        return first is None
    return first is not None and first.who != who and last_of("second", marks) is None


def claim_next(
    connection: Connection, waiting: Sequence[Entry], who: str, minutes: float, seeks: Seeks = "first"
) -> Entry | None:
    """The first answer that nobody has marked or looks at, from now on looked at by `who`.

    One's own claim comes again, so that nothing is left behind where a marker went away.

    Args:
        connection: In a transaction that writes.
        waiting: What may be given out.
        who: The marker.
        minutes: For how long nobody else is given it.
        seeks: Whether a first or a second mark is to be given.
    """
    given, at = hand_marks(connection), now()
    rows = connection.execute(select(CLAIMS).order_by(CLAIMS.c.id))
    last = {(row.attempt, row.question): row for row in rows}
    held = {key: row.who for key, row in last.items() if row.until > at}
    for entry in waiting:
        key = (entry.attempt, entry.question)
        if held.get(key, who) == who and is_free(given.get(key, ()), seeks, who):
            until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=minutes)
            row = {"attempt": entry.attempt, "question": entry.question, "who": plain(who)}
            connection.execute(insert(CLAIMS), {**row, "until": until.isoformat(timespec="seconds")})
            return entry
    return None


class NotMarked(CannotDo):
    """A mark that was not kept: somebody else has marked the answer, or there is none to correct."""


def keep_mark(connection: Connection, mark: HandMark, *, corrects: bool = False) -> HandMark:
    """Keep a mark; one that is there already is replaced only where `corrects` says so.

    Args:
        connection: In a transaction that writes, so that what is read here is still so when it is written.
        mark: What is given; its revision is found here.
        corrects: Whether it puts right what the same marker gave in this role before.

    Raises:
        NotMarked: If the role is taken, or what it needs is not there.
    """
    rows = connection.execute(
        select(HAND_MARKS)
        .where(HAND_MARKS.c.attempt == mark.attempt, HAND_MARKS.c.question == mark.question)
        .order_by(HAND_MARKS.c.id)
    )
    marks = _by_answer(rows).get((mark.attempt, mark.question), ())
    before = last_of(mark.role, marks)
    _require_place(mark, marks, before, corrects=corrects)
    kept = msgspec.structs.replace(mark, revision=1 if before is None else before.revision + 1)
    row = {**plain_row(kept), "items": msgspec.json.encode(kept.items).decode()}
    connection.execute(insert(HAND_MARKS), row)
    return kept


def _require_place(
    mark: HandMark, marks: Sequence[HandMark], before: HandMark | None, *, corrects: bool
) -> None:
    where = f"{mark.question}-{mark.attempt}"
    first = last_of("first", marks)
    if corrects:
        if before is None:
            raise NotMarked("there is no mark yet to put right", "leave --correct out", where)
        if before.who != mark.who and mark.role != "settled":
            raise NotMarked(
                f"the mark is {before.who}'s, not {mark.who}'s", "give your own with --second", where
            )
    elif before is not None:
        message = f"marked already: {points_text(before.points)} points by {before.who} on {before.made_at}"
        raise NotMarked(message, "--correct puts your own mark right, --second gives a second one", where)
    elif mark.role == "second" and first is None:
        raise NotMarked("it has no first mark yet", "leave --second out", where)
    elif mark.role == "second" and first is not None and first.who == mark.who:
        raise NotMarked("a second mark is another marker's", "--correct puts your own right", where)
    elif mark.role == "settled" and difference(marks) is None:
        raise NotMarked("there are no two marks to settle", "leave --settle out", where)


def state_of(marks: Sequence[HandMark]) -> str:
    """How far the marking of an answer is, in a few words."""
    roles: tuple[Role, ...] = ("first", "second", "settled")
    found = [(role, one) for role in roles if (one := last_of(role, marks)) is not None]
    if not found:
        return "waits"
    marks_text = ", ".join(f"{role} {points_text(one.points)} by {one.who}" for role, one in found)
    apart = difference(marks)
    if apart and last_of("settled", marks) is None:
        return f"differs by {points_text(abs(apart))}: {marks_text}"
    return marks_text
