"""What comes in and waits, what goes out, where posts stand, and what is due by the clock."""

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, LargeBinary, String, Table, UniqueConstraint, text

from storage.tables.columns import Utc, id_column, metadata, platform_columns, reference

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    reference("challenge_id", nullable=True),
    Column("kind", String(64), nullable=False),
    *platform_columns(),
    Column("conversation", String(255), nullable=False),
    reference("account_id", nullable=True),
    Column("thread", String(255), nullable=False),
    Column("lane", String(400), nullable=False),
    Column("record", String(255), nullable=False),
    Column("version", Integer, nullable=False),
    Column("params_sealed", LargeBinary),
    Column("slot", String(255), nullable=False),
    Column("anew", Boolean, nullable=False),
    Column("page", Integer, nullable=False),
    Column("unprompted", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("key", String(32), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("not_after", Utc),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("sent_at", Utc),
    Column("why", String(255), nullable=False, server_default=""),
    Column("claims", Integer, nullable=False, server_default="0"),
    Column("lease_until", Utc),
    Column("settles_at", Utc),
    Index(
        "ix_outbox_leased",
        "lease_until",
        sqlite_where=text("lease_until IS NOT NULL"),
        postgresql_where=text("lease_until IS NOT NULL"),
    ),
    Index(
        "ix_outbox_due",
        "due_at",
        "seq",
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
    Index(
        "ix_outbox_open",
        "state",
        sqlite_where=text("state in ('sending', 'unsure', 'parked')"),
        postgresql_where=text("state in ('sending', 'unsure', 'parked')"),
    ),
    Index(
        "ux_outbox_waiting_slot",
        "slot",
        "page",
        unique=True,
        sqlite_where=text("state = 'pending' AND slot <> ''"),
        postgresql_where=text("state = 'pending' AND slot <> ''"),
    ),
    Index(
        "ix_outbox_unprompted",
        "account_id",
        "due_at",
        sqlite_where=text("unprompted"),
        postgresql_where=text("unprompted"),
    ),
)

posts = Table(
    "posts",
    metadata,
    *platform_columns(),
    Column("conversation", String(255), nullable=False),
    Column("message", String(255), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("record", String(255), nullable=False),
    Column("slot", String(255), nullable=False),
    reference("challenge_id", nullable=True),
    Column("posted_at", Utc, nullable=False),
    UniqueConstraint("platform", "workspace", "conversation", "message"),
    Index("ix_posts_slot", "slot"),
    Index("ix_posts_challenge_id", "challenge_id"),
)

runs = Table(
    "runs",
    metadata,
    id_column(),
    reference("challenge_id"),
    Column("kind", String(64), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("local", DateTime, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    UniqueConstraint("challenge_id", "kind", "subject", "revision"),
    Index("ix_runs_due", "due_at", sqlite_where=text("state = 'due'"), postgresql_where=text("state = 'due'")),
)

seen = Table(
    "seen",
    metadata,
    Column("digest", LargeBinary(16), primary_key=True),
    Column("at", Utc, nullable=False),
    Index("ix_seen_at", "at"),
)

inbox = Table(
    "inbox",
    metadata,
    id_column(),
    Column("body_sealed", LargeBinary, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Utc, nullable=False),
    Index("ix_inbox_next_at", "next_at"),
)

early = Table(
    "early",
    metadata,
    *platform_columns(),
    Column("conversation", String(255), nullable=False),
    Column("message", String(255), nullable=False),
    Column("body_sealed", LargeBinary, nullable=False),
    Column("at", Utc, nullable=False),
    UniqueConstraint("platform", "workspace", "conversation", "message"),
)
