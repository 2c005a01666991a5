"""Who speaks to Baseroom, and where they can be reached."""

from sqlalchemy import JSON, Column, Index, LargeBinary, String, Table, Text, UniqueConstraint

from storage.tables.columns import Utc, id_column, metadata, platform_columns, reference

people = Table("people", metadata, id_column(), Column("created_at", Utc, nullable=False))

accounts = Table(
    "accounts",
    metadata,
    id_column(),
    reference("person_id"),
    *platform_columns(),
    Column("user_id", String(255), nullable=False),
    Column("dm", String(255), nullable=False, server_default=""),
    Column("last_spoke_at", Utc),
    Column("blocked_at", Utc),
    UniqueConstraint("platform", "workspace", "user_id"),
    Index("ix_accounts_person_id", "person_id"),
)

members = Table(
    "members",
    metadata,
    id_column(),
    reference("challenge_id"),
    reference("person_id"),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("initials", String(16), nullable=False),
    Column("role", String(32), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("added_at", Utc, nullable=False),
    Column("agreed_at", Utc),
    Column("removed_at", Utc),
    UniqueConstraint("challenge_id", "person_id"),
    UniqueConstraint("challenge_id", "initials"),
    Index("ix_members_person_id", "person_id"),
)

team_channels = Table(
    "team_channels",
    metadata,
    *platform_columns(),
    Column("conversation", String(255), nullable=False),
    reference("challenge_id"),
    Column("bound_at", Utc, nullable=False),
    Column("stopped_at", Utc),
    Column("stopped_why", Text, nullable=False, server_default=""),
    Column("members", JSON, nullable=False),
    UniqueConstraint("platform", "workspace", "conversation"),
    Index("ix_team_channels_challenge_id", "challenge_id"),
)

link_codes = Table(
    "link_codes",
    metadata,
    id_column(),
    reference("person_id"),
    Column("digest_sealed", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
    UniqueConstraint("person_id"),
)

link_tries = Table(
    "link_tries",
    metadata,
    id_column(),
    reference("person_id"),
    Column("at", Utc, nullable=False),
    Index("ix_link_tries_person_id_at", "person_id", "at"),
)

presence = Table(
    "presence",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(64), primary_key=True),
    Column("at", Utc, nullable=False),
)

unread = Table(
    "unread",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(64), primary_key=True),
    Column("conversation", String(255), primary_key=True),
    Column("since", Utc, nullable=False),
)

conversation_references = Table(
    "conversation_references",
    metadata,
    *platform_columns(),
    Column("subject", String(255), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("service_url", String(255), nullable=False),
    Column("bot", String(255), nullable=False),
    Column("team", String(255), nullable=False),
    Column("noted_at", Utc, nullable=False),
    UniqueConstraint("platform", "subject"),
)
