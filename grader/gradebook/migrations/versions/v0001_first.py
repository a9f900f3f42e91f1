"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables."""
    _table("exercises", _key("digest"), _text("exercise"), _bytes("text"), _text("first_used_at"))
    _table("blobs", _key("digest"), _bytes("data"))
    _table("submissions", _key("digest"))
    _table(
        "submission_files",
        _text("submission"),
        _number("position", autoincrement=False),
        _text("name"),
        _text("blob"),
        sa.PrimaryKeyConstraint("submission", "position", name="pk_submission_files"),
        _points_to("submission_files", "submission", "submissions.digest"),
        _points_to("submission_files", "blob", "blobs.digest"),
    )
    _table(
        "attempts",
        _id(),
        *map(_text, ("student", "exercise")),
        *map(_number, ("number", "given_number")),
        *map(_text, ("submission", "name", "of_group")),
        _text("submitted_at", nullable=True),
        _number("is_late", nullable=True),
        *map(_text, ("left_out", "source", "received_at")),
        _points_to("attempts", "submission", "submissions.digest"),
        sa.UniqueConstraint("student", "exercise", "number", name="uq_attempts_student_exercise_number"),
    )
    op.create_index("ix_attempts_submission", "attempts", ["submission"])
    _table(
        "results",
        _id(),
        _number("attempt"),
        *map(_text, ("exercise_digest", "grader_version", "seed", "report", "fingerprints")),
        *map(_number, ("is_undecided", "is_counted")),
        _text("same_as", nullable=True),
        *map(_text, ("reason", "marked_at")),
        _points_to("results", "attempt", "attempts.id"),
        _points_to("results", "exercise_digest", "exercises.digest"),
    )
    op.create_index("ix_results_attempt", "results", ["attempt"])
    _table(
        "marks",
        _number("result", autoincrement=False),
        _number("position", autoincrement=False),
        *map(_text, ("question", "verdict", "fraction", "points", "max_points")),
        sa.PrimaryKeyConstraint("result", "position", name="pk_marks"),
        _points_to("marks", "result", "results.id"),
    )
    _table(
        "overrides",
        _id(),
        *map(_text, ("student", "exercise")),
        *(_text(name, nullable=True) for name in ("question", "points")),
        *map(_text, ("who", "why", "made_at")),
    )
    _table("courses", _id(), *map(_text, ("text", "kept_at")))


def downgrade() -> None:
    """Nothing is ever deleted.

    Raises:
        NotImplementedError: Always.
    """
    raise NotImplementedError("a gradebook is not taken back: its tables hold marks")


def _table(name: str, *columns: Any) -> None:
    op.create_table(name, *columns, sqlite_strict=True)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, primary_key=True)


def _text(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _number(name: str, nullable: bool = False, autoincrement: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=nullable, autoincrement=autoincrement)


def _bytes(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _points_to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")
