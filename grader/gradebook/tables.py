"""The tables, as they are today, and which of their rows a query is about.

`migrations/` has how the tables came to be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    UniqueConstraint,
    func,
    literal,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

METADATA = MetaData(
    # Named, because later migrations can only change what has a name.
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def new_table(name: str, *columns: Any) -> Table:
    """A table of the gradebook's database."""
    # STRICT: SQLite otherwise keeps a text in an integer column without a word.
    return Table(name, METADATA, *columns, sqlite_strict=True)


def text_column(name: str, *more: Any, **options: Any) -> Column[Any]:
    """A column of text; never empty of a value unless `nullable` says so."""
    return Column(name, Text, *more, nullable=options.pop("nullable", False), **options)


def id_column() -> Column[Any]:
    """The column of whole numbers by which rows are known."""
    return Column("id", Integer, primary_key=True)


EXERCISES = new_table(
    "exercises",
    text_column("digest", primary_key=True),
    text_column("exercise"),
    Column("text", LargeBinary, nullable=False),
    text_column("first_used_at"),
)
"""Every version of an exercise file that anything was marked with."""

BLOBS = new_table(
    "blobs", text_column("digest", primary_key=True), Column("data", LargeBinary, nullable=False)
)
"""Files by the SHA-256 of their bytes."""

SUBMISSIONS = new_table("submissions", text_column("digest", primary_key=True))
"""What was submitted, by the digest over names and bytes."""

SUBMISSION_FILES = new_table(
    "submission_files",
    text_column("submission", ForeignKey("submissions.digest"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    text_column("name"),
    text_column("blob", ForeignKey("blobs.digest")),
)

ATTEMPTS = new_table(
    "attempts",
    id_column(),
    text_column("student"),
    text_column("exercise"),
    Column("number", Integer, nullable=False),
    Column("given_number", Integer, nullable=False),
    text_column("submission", ForeignKey("submissions.digest"), index=True),
    text_column("name"),
    text_column("of_group"),
    text_column("submitted_at", nullable=True),
    Column("is_late", Integer),
    text_column("left_out"),
    text_column("source"),
    text_column("received_at"),
    text_column("question", server_default=""),
    UniqueConstraint("student", "exercise", "number"),
)
"""Who submitted what; `question` is the one that was submitted alone.

`given_number` is the class folder's; `number` counts on where a file was exchanged."""

RESULTS = new_table(
    "results",
    id_column(),
    Column("attempt", Integer, ForeignKey("attempts.id"), nullable=False, index=True),
    text_column("exercise_digest", ForeignKey("exercises.digest")),
    text_column("grader_version"),
    text_column("seed"),
    text_column("report"),
    text_column("fingerprints"),
    Column("is_undecided", Integer, nullable=False),
    Column("is_counted", Integer, nullable=False),
    text_column("same_as", nullable=True),
    text_column("reason"),
    text_column("marked_at"),
)
"""Every marking of an attempt. The last that is counted stands; the others are history."""

VARIANTS = new_table(
    "variants",
    Column("result", Integer, ForeignKey("results.id"), primary_key=True),
    text_column("variant"),
)
"""The code of the variant that was marked, of each result whose exercise differs between students."""

STAMPS = new_table(
    "stamps",
    Column("attempt", Integer, ForeignKey("attempts.id"), primary_key=True),
    Column("result", Integer, nullable=False),
    Column("stamp", LargeBinary, nullable=False),
)
"""Stamps: digests of an attempt's files, as a system noted them, and of the exercise and grader of its mark.

The only rows that are changed: they say what need not be read again, and no mark follows from them."""

MARKS = new_table(
    "marks",
    Column("result", Integer, ForeignKey("results.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    text_column("question"),
    text_column("verdict"),
    text_column("fraction"),
    text_column("points"),
    text_column("max_points"),
)

OVERRIDES = new_table(
    "overrides",
    id_column(),
    text_column("student", index=True),
    text_column("exercise"),
    text_column("question", nullable=True),
    text_column("points", nullable=True),
    text_column("who"),
    text_column("why"),
    text_column("made_at"),
)
"""Points given by a person. The last for a question stands; one without points takes the others back."""

EXTENSIONS = new_table(
    "extensions",
    id_column(),
    text_column("student", index=True),
    text_column("exercise"),
    text_column("until", nullable=True),
    *(text_column(name) for name in ("who", "why", "made_at")),
)
"""More time given beside the course file. Of each the last row stands; one without a time takes it back."""

COURSES = new_table("courses", id_column(), text_column("text"), text_column("kept_at"))
"""Every course file that was given; the last stands."""

HAND_MARKS = new_table(
    "hand_marks",
    id_column(),
    Column("attempt", Integer, ForeignKey("attempts.id"), nullable=False),
    text_column("question"),
    text_column("role"),
    Column("revision", Integer, nullable=False),
    *(text_column(name) for name in ("who", "points", "items", "comment", "made_at")),
    UniqueConstraint("attempt", "question", "role", "revision"),
)
"""What people gave for words. The last revision of each role counts; no revision is given twice."""

CLAIMS = new_table(
    "claims",
    id_column(),
    Column("attempt", Integer, ForeignKey("attempts.id"), nullable=False),
    *(text_column(name) for name in ("question", "who", "until")),
)
"""Who is looking at which answer until when; the last for an answer stands."""

SHOWN_HINTS = new_table(
    "shown_hints",
    id_column(),
    text_column("student", index=True),
    *(text_column(name) for name in ("exercise", "question")),
    Column("number", Integer, nullable=False),
    text_column("cost"),
    Column("is_withdrawn", Integer, nullable=False),
    text_column("shown_at", nullable=True),
    text_column("who"),
    text_column("kept_at"),
)
"""Hints that students were shown. Of each the last row stands; one that is withdrawn takes it back."""


T = TypeVar("T")

Students: TypeAlias = str | Collection[str] | None
"""One student, several, or everybody."""


def of_student(query: Select[Any], table: Table, exercise: str | None, student: Students) -> Select[Any]:
    """The rows of a table that are of one exercise, of one student or several, or of both."""
    if exercise is not None:
        query = query.where(table.c.exercise == exercise)
    if student is None:
        return query
    is_one = isinstance(student, str)
    return query.where(table.c.student == student if is_one else table.c.student.in_(_listed(student)))


def _listed(names: Collection[str]) -> Select[Any]:
    """Names as rows, sent as one text: a parameter for each would take longer than looking all up."""
    text = msgspec.json.encode(list(names)).decode()
    return select(ListedNames(literal(text, Text)).table_valued("value").c.value)


class ListedNames(FunctionElement[str]):
    """The names of a JSON list as rows of a column `value`, in the words of each database."""

    name = "listed_names"
    inherit_cache = True


@compiles(ListedNames)
def _on_sqlite(element: ListedNames, compiler: Any, **more: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(ListedNames, "postgresql")
def _on_postgresql(element: ListedNames, compiler: Any, **more: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **more)} AS JSON))"


AT_ONCE = 200
"""Results whose texts are asked for together: asking costs more than reading, and some texts are long."""


def in_parts(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    """A long list in parts, each short enough for one query."""
    for start in range(0, len(whole), AT_ONCE):
        yield whole[start : start + AT_ONCE]


def last_id(connection: Connection, table: Table) -> int:
    """The number of the last row of a table; 0 where it has none."""
    return int(connection.execute(select(func.max(table.c.id))).scalar() or 0)
