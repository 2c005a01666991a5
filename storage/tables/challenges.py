"""Challenges, and the trail of what was done on each."""

from sqlalchemy import Column, Date, Integer, LargeBinary, String, Table, Time

from storage.tables.columns import Times, Utc, id_column, metadata, reference

challenges = Table(
    "challenges",
    metadata,
    id_column(),
    Column("host", String(200), nullable=False),
    Column("framework", String(64), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("session_times", Times(255), nullable=False),
    Column("last_day_session_times", Times(255), nullable=False),
    Column("catch_up_time", Time, nullable=False),
    reference("created_by"),
    Column("created_at", Utc, nullable=False),
    Column("signed_off_at", Utc),
    Column("ended_at", Utc),
    Column("destroyed_at", Utc),
    Column("last_number", Integer, nullable=False, server_default="0"),
)

# Kept when a challenge is destroyed: it holds nobody's words and, once the key is gone, nobody's name.
audit = Table(
    "audit",
    metadata,
    Column("challenge_id", String(32), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("action", String(64), nullable=False),
    Column("record_digest", LargeBinary(32), nullable=False),
    Column("counts", String(255), nullable=False),
    Column("people_sealed", LargeBinary, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
)
