"""Which hints students were shown, and what they were said to cost."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what was there stays as it is."""
    op.create_table(
        "shown_hints",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("student", "exercise", "question")),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("cost", sa.Text, nullable=False),
        sa.Column("is_withdrawn", sa.Integer, nullable=False),
        sa.Column("shown_at", sa.Text),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("who", "kept_at")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Nothing is ever deleted.

    Raises:
        NotImplementedError: Always.
    """
    raise NotImplementedError("a gradebook is not taken back: its tables hold marks")
