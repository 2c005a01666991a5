"""Two platforms under one roof, and an end that can be proved: what Teams, linked people, holds and the audit need."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES: tuple[str, ...] = ("conversation_references",)


def upgrade() -> None:
    """Each new table or column, in the order in which it was thought of."""
    op.create_table(
        "conversation_references",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("service_url", sa.String(length=255), nullable=False),
        sa.Column("bot", sa.String(length=255), nullable=False),
        sa.Column("team", sa.String(length=255), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("platform", "subject", name=op.f("uq_conversation_references_platform_subject")),
    )
    op.add_column("accounts", sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("accounts", "blocked_at")
    for table in reversed(TABLES):
        op.drop_table(table)
