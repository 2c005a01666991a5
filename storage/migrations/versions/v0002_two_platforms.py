"""Two platforms under one roof, and an end that can be proved: what Teams, linked people, holds and the audit need."""

import sqlalchemy as sa  # noqa: F401  # every step uses the same two names
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES: tuple[str, ...] = ()


def upgrade() -> None:
    """Each new table or column, in the order in which it was thought of."""


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
