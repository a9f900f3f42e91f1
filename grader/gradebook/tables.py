"""The tables, as they are today; `migrations/` has how they came to be."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

METADATA = MetaData(
    # Named, because later migrations can only change what has a name.
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _table(name: str, *columns: Any) -> Table:
    # STRICT: SQLite otherwise keeps a text in an integer column without a word.
    return Table(name, METADATA, *columns, sqlite_strict=True)


def _text(name: str, *more: Any, **options: Any) -> Column[Any]:
    return Column(name, Text, *more, nullable=options.pop("nullable", False), **options)


def _id() -> Column[Any]:
    return Column("id", Integer, primary_key=True)


EXERCISES = _table(
    "exercises",
    _text("digest", primary_key=True),
    _text("exercise"),
    Column("text", LargeBinary, nullable=False),
    _text("first_used_at"),
)
"""Every version of an exercise file that anything was marked with."""

BLOBS = _table("blobs", _text("digest", primary_key=True), Column("data", LargeBinary, nullable=False))
"""Files by the SHA-256 of their bytes."""

SUBMISSIONS = _table("submissions", _text("digest", primary_key=True))
"""What was submitted, by the digest over names and bytes."""

SUBMISSION_FILES = _table(
    "submission_files",
    _text("submission", ForeignKey("submissions.digest"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _text("name"),
    _text("blob", ForeignKey("blobs.digest")),
)

ATTEMPTS = _table(
    "attempts",
    _id(),
    _text("student"),
    _text("exercise"),
    Column("number", Integer, nullable=False),
    Column("given_number", Integer, nullable=False),
    _text("submission", ForeignKey("submissions.digest"), index=True),
    _text("name"),
    _text("of_group"),
    _text("submitted_at", nullable=True),
    Column("is_late", Integer),
    _text("left_out"),
    _text("source"),
    _text("received_at"),
    UniqueConstraint("student", "exercise", "number"),
)
"""Who submitted what. `given_number` is the class folder's; `number` counts on where a file was exchanged."""

RESULTS = _table(
    "results",
    _id(),
    Column("attempt", Integer, ForeignKey("attempts.id"), nullable=False, index=True),
    _text("exercise_digest", ForeignKey("exercises.digest")),
    _text("grader_version"),
    _text("seed"),
    _text("report"),
    _text("fingerprints"),
    Column("is_undecided", Integer, nullable=False),
    Column("is_counted", Integer, nullable=False),
    _text("same_as", nullable=True),
    _text("reason"),
    _text("marked_at"),
)
"""Every marking of an attempt. The last that is counted stands; the others are history."""

MARKS = _table(
    "marks",
    Column("result", Integer, ForeignKey("results.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _text("question"),
    _text("verdict"),
    _text("fraction"),
    _text("points"),
    _text("max_points"),
)

OVERRIDES = _table(
    "overrides",
    _id(),
    _text("student"),
    _text("exercise"),
    _text("question", nullable=True),
    _text("points", nullable=True),
    _text("who"),
    _text("why"),
    _text("made_at"),
)
"""Points given by a person. The last for a question stands; one without points takes the others back."""

COURSES = _table("courses", _id(), _text("text"), _text("kept_at"))
"""Every course file that was given; the last stands."""

HAND_MARKS = _table(
    "hand_marks",
    _id(),
    Column("attempt", Integer, ForeignKey("attempts.id"), nullable=False),
    _text("question"),
    _text("role"),
    Column("revision", Integer, nullable=False),
    *(_text(name) for name in ("who", "points", "items", "comment", "made_at")),
    UniqueConstraint("attempt", "question", "role", "revision"),
)
"""What people gave for words. Of each role the last revision stands; none is given twice."""

CLAIMS = _table(
    "claims",
    _id(),
    Column("attempt", Integer, ForeignKey("attempts.id"), nullable=False),
    *(_text(name) for name in ("question", "who", "until")),
)
"""Who is looking at which answer until when; the last for an answer stands."""

SHOWN_HINTS = _table(
    "shown_hints",
    _id(),
    *(_text(name) for name in ("student", "exercise", "question")),
    Column("number", Integer, nullable=False),
    _text("cost"),
    Column("is_withdrawn", Integer, nullable=False),
    _text("shown_at", nullable=True),
    _text("who"),
    _text("kept_at"),
)
"""Hints that students were shown. Of each the last row stands; one that is withdrawn takes it back."""
