"""Two platforms under one roof, and an end that can be proved: what Teams, linked people, holds and the audit need."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES: tuple[str, ...] = (
    "audit",
    "conversation_references",
    "link_codes",
    "link_tries",
    "holds",
    "extensions",
    "disposals",
    "disposal_steps",
    "web_passes",
    "web_visits",
    "presence",
    "unread",
    "replaced_words",
)


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
    op.add_column("findings", sa.Column("sensitive", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "audit",
        sa.Column("challenge_id", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("record_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("counts", sa.String(255), nullable=False),
        sa.Column("people_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("challenge_id", "seq", name=op.f("pk_audit")),
    )
    op.create_table(
        "link_codes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("digest_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_codes")),
        sa.UniqueConstraint("person_id", name=op.f("uq_link_codes_person_id")),
    )
    op.create_table(
        "link_tries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_tries")),
    )
    op.create_index("ix_link_tries_person_id_at", "link_tries", ["person_id", "at"])
    op.add_column("challenges", sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "holds",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("challenge_id", sa.String(length=32), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("placed_by", sa.String(length=32), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_why_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("lifted_by", sa.String(length=32), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index("ix_holds_challenge_id", "holds", ["challenge_id"])
    op.create_table(
        "extensions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("challenge_id", sa.String(length=32), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index("ix_extensions_challenge_id", "extensions", ["challenge_id"])
    op.create_table(
        "disposals",
        sa.Column("challenge_id", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_as", sa.String(length=255), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("confirmed_as", sa.String(length=255), server_default="", nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("challenge_id", name=op.f("pk_disposals")),
    )
    op.create_index("ix_disposals_next_at", "disposals", ["next_at"])
    op.create_table(
        "disposal_steps",
        sa.Column("challenge_id", sa.String(length=32), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("challenge_id", "step", name=op.f("pk_disposal_steps")),
    )
    op.create_table(
        "web_passes",
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("challenge_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("opens", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_web_passes")),
    )
    op.create_index("ix_web_passes_made_at", "web_passes", ["made_at"])
    op.create_table(
        "web_visits",
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("challenge_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_web_visits")),
    )
    op.create_index("ix_web_visits_challenge_id", "web_visits", ["challenge_id"])
    op.create_table(
        "presence",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", name=op.f("pk_presence")),
    )
    op.create_table(
        "unread",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", "conversation", name=op.f("pk_unread")),
    )
    op.add_column("outbox", sa.Column("claims", sa.Integer(), server_default="0", nullable=False))
    op.add_column("outbox", sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("settles_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_outbox_leased",
        "outbox",
        ["lease_until"],
        sqlite_where=sa.text("lease_until IS NOT NULL"),
        postgresql_where=sa.text("lease_until IS NOT NULL"),
    )
    op.create_table(
        "replaced_words",
        sa.Column("of_table", sa.String(length=32), nullable=False),
        sa.Column("of_column", sa.String(length=32), nullable=False),
        sa.Column("of_row", sa.String(length=65), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("challenge_id", sa.String(length=32), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("of_table", "of_column", "of_row", "version", name=op.f("pk_replaced_words")),
    )
    op.create_index("ix_replaced_words_challenge_id", "replaced_words", ["challenge_id"])


def downgrade() -> None:
    op.drop_index("ix_outbox_leased", "outbox")
    for column in ("settles_at", "lease_until", "claims"):
        op.drop_column("outbox", column)
    op.drop_column("challenges", "destroyed_at")
    op.drop_column("accounts", "blocked_at")
    for table in reversed(TABLES):
        op.drop_table(table)
