"""The peer team's sessions, and the summaries for the client."""

from sqlalchemy import Column, Date, Integer, LargeBinary, String, Table, Time, UniqueConstraint

from storage.tables.columns import Utc, id_column, metadata, reference

sessions = Table(
    "sessions",
    metadata,
    id_column(),
    reference("challenge_id"),
    Column("day", Date, nullable=False),
    Column("planned", Time, nullable=False),
    Column("time", Time, nullable=False),
    Column("state", String(16), nullable=False),
    Column("posted_at", Utc),
    Column("after_number", Integer, nullable=False),
    Column("up_to_number", Integer, nullable=False),
    UniqueConstraint("challenge_id", "day", "planned"),
)

summaries = Table(
    "summaries",
    metadata,
    id_column(),
    reference("challenge_id"),
    Column("day", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("lines_sealed", LargeBinary, nullable=False),
    Column("note_sealed", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
    reference("made_by", nullable=True),
    UniqueConstraint("challenge_id", "day", "version"),
)
