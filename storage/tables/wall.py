"""What hangs on the wall, and the messages that it came from."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from storage.tables.columns import Utc, Words, id_column, metadata, platform_columns, reference

themes = Table(
    "themes",
    metadata,
    id_column(),
    reference("challenge_id"),
    Column("key", String(64), nullable=False),
    Column("title", String(200), nullable=False),
    Column("short", String(24), nullable=False),
    Column("emoji", String(16), nullable=False),
    Column("words", JSON, nullable=False),
    Column("position", Integer, nullable=False),
    Column("added_by_team", Boolean, nullable=False),
    Column("retired_at", Utc),
    reference("merged_into", nullable=True),
    UniqueConstraint("challenge_id", "key"),
)

source_messages = Table(
    "source_messages",
    metadata,
    id_column(),
    reference("challenge_id"),
    *platform_columns(),
    Column("conversation", String(255), nullable=False),
    Column("message", String(255), nullable=False),
    reference("member_id"),
    reference("receipt_id"),
    Column("said_at", Utc, nullable=False),
    Column("kept_as_one", Boolean, nullable=False),
    UniqueConstraint("platform", "workspace", "conversation", "message"),
    Index("ix_source_messages_receipt_id", "receipt_id"),
    Index("ix_source_messages_challenge_id", "challenge_id"),
)

findings = Table(
    "findings",
    metadata,
    id_column(),
    reference("challenge_id"),
    Column("number", Integer, nullable=False),
    reference("author_id"),
    reference("logged_by"),
    Column("text_sealed", LargeBinary),
    Column("source_sealed", LargeBinary),
    Column("source_type", String(32)),
    Column("kind", String(32)),
    Column("day", Date, nullable=False),
    Column("heard_at", Utc, nullable=False),
    Column("logged_at", Utc, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("sensitive", Boolean, nullable=False, server_default=false()),
    reference("message_id", nullable=True),
    Column("part", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("set_by_hand", Words(255), nullable=False),
    Column("withdrawn_at", Utc),
    Column("changed_at", Utc),
    UniqueConstraint("challenge_id", "practice", "number"),
    Index("ix_findings_challenge_id_day", "challenge_id", "day"),
    Index("ix_findings_challenge_id_author_id", "challenge_id", "author_id"),
    Index("ix_findings_challenge_id_logged_at", "challenge_id", "logged_at"),
    Index("ix_findings_message_id", "message_id"),
    Index(
        "ix_findings_withdrawn_at",
        "withdrawn_at",
        sqlite_where=text("text_sealed IS NOT NULL"),
        postgresql_where=text("text_sealed IS NOT NULL"),
    ),
)

finding_themes = Table(
    "finding_themes",
    metadata,
    Column("finding_id", String(32), primary_key=True),
    Column("theme_id", String(32), primary_key=True),
    Column("position", Integer, nullable=False),
    Index("ix_finding_themes_theme_id", "theme_id"),
)

receipts = Table(
    "receipts",
    metadata,
    id_column(),
    reference("challenge_id"),
    reference("member_id"),
    *platform_columns(),
    Column("conversation", String(255), nullable=False),
    Column("thread", String(255), nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("last_at", Utc, nullable=False),
    Column("practice", Boolean, nullable=False),
    Index("ix_receipts_member_id_last_at", "member_id", "last_at"),
)

asides = Table(
    "asides",
    metadata,
    id_column(),
    reference("account_id"),
    *platform_columns(),
    Column("conversation", String(255), nullable=False),
    Column("message", String(255), nullable=False),
    Column("text_sealed", LargeBinary),
    Column("said_at", Utc, nullable=False),
    Column("settled_at", Utc),
    Index("ix_asides_message", "platform", "workspace", "conversation", "message"),
    Index("ix_asides_said_at", "said_at"),
)

replaced_words = Table(
    "replaced_words",
    metadata,
    Column("of_table", String(32), primary_key=True),
    Column("of_column", String(32), primary_key=True),
    Column("of_row", String(65), primary_key=True),
    Column("version", Integer, primary_key=True),
    reference("challenge_id"),
    Column("words_sealed", LargeBinary, nullable=False),
    Index("ix_replaced_words_challenge_id", "challenge_id"),
)
