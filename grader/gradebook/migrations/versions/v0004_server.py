"""What the server keeps beside marks: people, how they sign in, drafts, what was submitted in a browser."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; what was there stays as it is."""
    _people()
    _hand_ins()
    _staff()
    _regrades()
    _extensions()
    _uploads()
    # A student's page must not read what all others were shown.
    op.create_index("ix_shown_hints_student", "shown_hints", ["student"])
    op.create_index("ix_overrides_student", "overrides", ["student"])
    _identity()


def _people() -> None:
    _table(
        "people",
        *_texts("id", "name", "role"),
        _whole("is_active"),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    _table(
        "keys",
        *_texts("digest", "person", "way", "made_at"),
        *_texts("until", "revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_keys"),
        _of_person("keys"),
    )
    _table(
        "sessions",
        *_texts("digest", "person", "made_at", "until"),
        sa.PrimaryKeyConstraint("digest", name="pk_sessions"),
        _of_person("sessions"),
    )


def _hand_ins() -> None:
    op.add_column("attempts", sa.Column("question", sa.Text, nullable=False, server_default=""))
    _table(
        "drafts",
        sa.Column("id", sa.Integer, primary_key=True),
        *_texts("person", "exercise", "question", "typed", "saved_at"),
        *_texts("submitted_at", nullable=True),
        _of_person("drafts"),
    )
    op.create_index("ix_drafts_person_exercise", "drafts", ["person", "exercise"])
    _table(
        "hand_ins",
        sa.Column("id", sa.Integer, primary_key=True),
        *_texts("person", "exercise", "question", "press", "submission", "typed", "received_at", "state"),
        *_texts("worker", "until", "settled_at", nullable=True),
        _whole("lane"),
        _whole("tries"),
        sa.Column("attempt", sa.Integer),
        _of_person("hand_ins"),
        sa.ForeignKeyConstraint(["submission"], ["submissions.digest"], name="fk_hand_ins_submission"),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name="fk_hand_ins_attempt"),
        sa.UniqueConstraint("person", "press", name="uq_hand_ins_person_press"),
        sa.UniqueConstraint("attempt", name="uq_hand_ins_attempt"),
    )
    op.create_index("ix_hand_ins_state_lane", "hand_ins", ["state", "lane"])
    op.create_index("ix_hand_ins_person_exercise", "hand_ins", ["person", "exercise"])
    _table(
        "turns",
        *_texts("person"),
        _whole("served"),
        *_texts("slow_until", nullable=True),
        sa.PrimaryKeyConstraint("person", name="pk_turns"),
        _of_person("turns"),
    )


def _staff() -> None:
    _table(
        "actions",
        sa.Column("id", sa.Integer, primary_key=True),
        *_texts("made_at", "who", "role", "action", "subject", "detail"),
    )
    _table(
        "complaints",
        sa.Column("id", sa.Integer, primary_key=True),
        _whole("hand_in"),
        *_texts("question", "words", "made_at"),
        sa.Column("result", sa.Integer),
        *_texts("answered_at", "answered_by", "answer", nullable=True),
        sa.ForeignKeyConstraint(["hand_in"], ["hand_ins.id"], name="fk_complaints_hand_in"),
        sa.ForeignKeyConstraint(["result"], ["results.id"], name="fk_complaints_result"),
    )
    op.create_index("ix_complaints_hand_in", "complaints", ["hand_in"])


def _regrades() -> None:
    _table(
        "regrades",
        sa.Column("id", sa.Integer, primary_key=True),
        *_texts("exercise", "question", "digest", "who", "why", "made_at", "state"),
        _whole("never_lower"),
        *_texts("settled_by", "settled_at", "settled_why", "changed", nullable=True),
    )
    _table(
        "regrade_tasks",
        sa.Column("id", sa.Integer, primary_key=True),
        _whole("regrade"),
        *_texts("submission", "student", "variant", "attempts", "state"),
        *_texts("worker", "until", "marks", "result", nullable=True),
        _whole("tries"),
        sa.ForeignKeyConstraint(["regrade"], ["regrades.id"], name="fk_regrade_tasks_regrade"),
        sa.ForeignKeyConstraint(["submission"], ["submissions.digest"], name="fk_regrade_tasks_submission"),
    )
    op.create_index("ix_regrade_tasks_regrade", "regrade_tasks", ["regrade"])


def _extensions() -> None:
    _table(
        "extensions",
        sa.Column("id", sa.Integer, primary_key=True),
        *_texts("student", "exercise"),
        *_texts("until", nullable=True),
        *_texts("who", "why", "made_at"),
    )
    op.create_index("ix_extensions_student", "extensions", ["student"])


def _identity() -> None:
    _table(
        "server_keys",
        *_texts("name", "value"),
        sa.PrimaryKeyConstraint("name", name="pk_server_keys"),
    )
    _table(
        "ended_sign_ins",
        *_texts("digest"),
        _whole("until"),
        sa.PrimaryKeyConstraint("digest", name="pk_ended_sign_ins"),
    )
    _table(
        "accounts",
        *_texts("issuer", "subject", "person", "made_at"),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_accounts"),
        _of_person("accounts"),
        sa.UniqueConstraint("issuer", "person", name="uq_accounts_issuer_person"),
    )
    _table(
        "passbacks",
        *_texts("issuer", "client_id", "person", "exercise", "subject", "line_item", "linked_at"),
        *_texts("wanted", "wanted_at", "sent", "next_at", "until", "error", nullable=True),
        _whole("tries"),
        sa.PrimaryKeyConstraint("issuer", "client_id", "person", "exercise", name="pk_passbacks"),
        _of_person("passbacks"),
    )


def _uploads() -> None:
    _table(
        "uploads",
        sa.Column("id", sa.Integer, primary_key=True),
        *_texts("exercise"),
        sa.Column("text", sa.LargeBinary, nullable=False),
        *_texts("remarks", "who", "made_at", "state"),
        *_texts("settled_by", "settled_at", nullable=True),
    )


def _table(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(name, *columns, sqlite_strict=True)


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person"], ["people.id"], name=f"fk_{table}_person")


def downgrade() -> None:
    """Nothing is ever deleted.

    Raises:
        NotImplementedError: Always.
    """
    raise NotImplementedError("a gradebook is not taken back: its tables hold marks")
