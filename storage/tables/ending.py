"""The peers' notes, holds and extensions, and the destruction of what Baseroom holds."""

from sqlalchemy import JSON, Boolean, Column, Date, Index, LargeBinary, String, Table

from storage.tables.columns import Utc, id_column, metadata, reference

note_destructions = Table(
    "note_destructions",
    metadata,
    Column("challenge_id", String(32), primary_key=True),
    Column("member_id", String(32), primary_key=True),
    Column("item", String(64), primary_key=True),
    Column("asked_at", Utc, nullable=False),
    Column("confirmed_at", Utc),
    Column("none_held", Boolean, nullable=False),
    Column("reminded_at", Utc),
)

holds = Table(
    "holds",
    metadata,
    id_column(),
    reference("challenge_id"),
    Column("reason_sealed", LargeBinary, nullable=False),
    reference("placed_by"),
    Column("placed_at", Utc, nullable=False),
    Column("lifted_why_sealed", LargeBinary),
    reference("lifted_by", nullable=True),
    Column("lifted_at", Utc),
    Index("ix_holds_challenge_id", "challenge_id"),
)

extensions = Table(
    "extensions",
    metadata,
    id_column(),
    reference("challenge_id"),
    Column("until", Date, nullable=False),
    Column("reason_sealed", LargeBinary, nullable=False),
    reference("made_by"),
    Column("made_at", Utc, nullable=False),
    Index("ix_extensions_challenge_id", "challenge_id"),
)

disposals = Table(
    "disposals",
    metadata,
    id_column("challenge_id"),
    reference("asked_by"),
    Column("asked_as", String(255), nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("reason_sealed", LargeBinary),
    reference("confirmed_by", nullable=True),
    Column("confirmed_as", String(255), nullable=False, server_default=""),
    Column("confirmed_at", Utc),
    Column("tally", JSON, nullable=False),
    Column("next_at", Utc),
    Index("ix_disposals_next_at", "next_at"),
)

disposal_steps = Table(
    "disposal_steps",
    metadata,
    id_column("challenge_id"),
    Column("step", String(16), primary_key=True),
    Column("done_at", Utc, nullable=False),
)
