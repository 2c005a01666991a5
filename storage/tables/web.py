"""Links into the web, and the rehearsal room."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from storage.tables.columns import Utc, Words, metadata, reference

web_passes = Table(
    "web_passes",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    reference("challenge_id"),
    reference("person_id"),
    Column("opens", String(16), nullable=False),
    Column("made_at", Utc, nullable=False),
    Index("ix_web_passes_made_at", "made_at"),
)

web_visits = Table(
    "web_visits",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    reference("challenge_id"),
    reference("person_id"),
    Column("began_at", Utc, nullable=False),
    Index("ix_web_visits_challenge_id", "challenge_id"),
)

rehearsal_messages = Table(
    "rehearsal_messages",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("conversation", String(255), nullable=False),
    Column("thread", String(32), nullable=False),
    Column("author", String(64), nullable=False),
    Column("only_to", String(64), nullable=False),
    Column("shape", String(16), nullable=False),
    Column("body_sealed", LargeBinary, nullable=False),
    Column("key", String(32), nullable=False),
    Column("pinned_by", Words(255), nullable=False),
    Column("at", Utc, nullable=False),
    Column("edited_at", Utc),
    Column("deleted_at", Utc),
    Index("ix_rehearsal_messages_conversation", "conversation", "seq"),
)

rehearsal_clock = Table(
    "rehearsal_clock", metadata, Column("id", Integer, primary_key=True), Column("shows", Utc, nullable=False)
)
