"""What people gave for words, and who is looking at which."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables; what was there stays as it is."""
    op.create_table(
        "hand_marks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("who", "points", "items", "comment", "made_at")
        ),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name="fk_hand_marks_attempt"),
        sa.UniqueConstraint(
            "attempt", "question", "role", "revision", name="uq_hand_marks_attempt_question_role_revision"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("attempt", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("question", "who", "until")),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name="fk_claims_attempt"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Nothing is ever deleted.

    Raises:
        NotImplementedError: Always.
    """
    raise NotImplementedError("a gradebook is not taken back: its tables hold marks")
