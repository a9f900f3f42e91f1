"""What a system noted of the files of an attempt, so that a class that is there already is not read again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what was marked before is read once more."""
    op.create_table(
        "stamps",
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("result", sa.Integer, nullable=False),
        sa.Column("stamp", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("attempt", name="pk_stamps"),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name="fk_stamps_attempt"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Nothing is ever deleted.

    Raises:
        NotImplementedError: Always.
    """
    raise NotImplementedError("a gradebook is not taken back: its tables hold marks")
