"""Until when a student has read the answers to what the student said is wrong."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; an answer that was given before is told of once more."""
    op.add_column("complaints", sa.Column("seen_at", sa.Text, nullable=True))


def downgrade() -> None:
    """Nothing is ever deleted.

    Raises:
        NotImplementedError: Always.
    """
    raise NotImplementedError("a gradebook is not taken back: its tables hold marks")
