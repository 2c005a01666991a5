"""The check-ins before the visit."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from storage.tables.columns import Utc, id_column, metadata, reference

check_ins = Table(
    "check_ins",
    metadata,
    id_column(),
    reference("challenge_id"),
    Column("title_sealed", LargeBinary, nullable=False),
    Column("questions_sealed", LargeBinary, nullable=False),
    Column("by", Utc, nullable=False),
    Column("sent_at", Utc, nullable=False),
    reference("sent_by"),
    Column("closed_at", Utc),
    Index("ix_check_ins_challenge_id", "challenge_id"),
)

check_in_replies = Table(
    "check_in_replies",
    metadata,
    Column("check_in_id", String(32), primary_key=True),
    Column("member_id", String(32), primary_key=True),
    reference("challenge_id"),
    Column("answers_sealed", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("answered_at", Utc),
    Column("remind_at", Utc),
    Column("call_at", Utc),
    Column("call_agreed_at", Utc),
    Column("reminded_at", Utc),
)
