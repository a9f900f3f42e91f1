"""Which variant of its exercise a result is of."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what was marked before has no variant."""
    op.create_table(
        "variants",
        sa.Column("result", sa.Integer, nullable=False),
        sa.Column("variant", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("result", name="pk_variants"),
        sa.ForeignKeyConstraint(["result"], ["results.id"], name="fk_variants_result"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Nothing is ever deleted.

    Raises:
        NotImplementedError: Always.
    """
    raise NotImplementedError("a gradebook is not taken back: its tables hold marks")
