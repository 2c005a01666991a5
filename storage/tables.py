"""The tables behind the stores. Private to storage: everybody else speaks in records.

Columns that end in `_sealed` hold AES-256-GCM texts (see keys.py); nothing that a person typed about a host stands
in clear. Times are UTC; wall times and dates are kept as people meant them, beside the challenge's zone.
"""

from datetime import UTC, datetime, time

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Utc(TypeDecorator[datetime]):
    """An aware datetime, in UTC on the way in and on the way out, on SQLite too."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Times(TypeDecorator[tuple[time, ...]]):
    """Wall times of a day, as "09:30,13:00"."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[time, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(moment.strftime("%H:%M") for moment in value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[time, ...]:
        return tuple(time.fromisoformat(part) for part in (value or "").split(",") if part)


class Words(TypeDecorator[frozenset[str]]):
    """A few short words, kept in order, as "kind,themes"."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str]:
        return frozenset(part for part in (value or "").split(",") if part)


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(32), primary_key=True)


def _ref(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(32), nullable=nullable)


def _platform() -> tuple[Column[str], Column[str]]:
    return Column("platform", String(16), nullable=False), Column("workspace", String(64), nullable=False)


people = Table("people", metadata, _id(), Column("created_at", Utc, nullable=False))

accounts = Table(
    "accounts",
    metadata,
    _id(),
    _ref("person_id"),
    *_platform(),
    Column("user_id", String(255), nullable=False),
    Column("dm", String(255), nullable=False, server_default=""),
    Column("last_spoke_at", Utc),
    Column("blocked_at", Utc),
    UniqueConstraint("platform", "workspace", "user_id"),
    Index("ix_accounts_person_id", "person_id"),
)

challenges = Table(
    "challenges",
    metadata,
    _id(),
    Column("host", String(200), nullable=False),
    Column("framework", String(64), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("session_times", Times(255), nullable=False),
    Column("last_day_session_times", Times(255), nullable=False),
    Column("catch_up_time", Time, nullable=False),
    _ref("created_by"),
    Column("created_at", Utc, nullable=False),
    Column("signed_off_at", Utc),
    Column("ended_at", Utc),
    Column("destroyed_at", Utc),
    Column("last_number", Integer, nullable=False, server_default="0"),
)

members = Table(
    "members",
    metadata,
    _id(),
    _ref("challenge_id"),
    _ref("person_id"),
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
    *_platform(),
    Column("conversation", String(255), nullable=False),
    _ref("challenge_id"),
    Column("bound_at", Utc, nullable=False),
    Column("stopped_at", Utc),
    Column("stopped_why", Text, nullable=False, server_default=""),
    Column("members", JSON, nullable=False),
    UniqueConstraint("platform", "workspace", "conversation"),
    Index("ix_team_channels_challenge_id", "challenge_id"),
)

themes = Table(
    "themes",
    metadata,
    _id(),
    _ref("challenge_id"),
    Column("key", String(64), nullable=False),
    Column("title", String(200), nullable=False),
    Column("short", String(24), nullable=False),
    Column("emoji", String(16), nullable=False),
    Column("words", JSON, nullable=False),
    Column("position", Integer, nullable=False),
    Column("added_by_team", Boolean, nullable=False),
    Column("retired_at", Utc),
    _ref("merged_into", nullable=True),
    UniqueConstraint("challenge_id", "key"),
)

source_messages = Table(
    "source_messages",
    metadata,
    _id(),
    _ref("challenge_id"),
    *_platform(),
    Column("conversation", String(255), nullable=False),
    Column("message", String(255), nullable=False),
    _ref("member_id"),
    _ref("receipt_id"),
    Column("said_at", Utc, nullable=False),
    Column("kept_as_one", Boolean, nullable=False),
    UniqueConstraint("platform", "workspace", "conversation", "message"),
    Index("ix_source_messages_receipt_id", "receipt_id"),
    Index("ix_source_messages_challenge_id", "challenge_id"),
)

findings = Table(
    "findings",
    metadata,
    _id(),
    _ref("challenge_id"),
    Column("number", Integer, nullable=False),
    _ref("author_id"),
    _ref("logged_by"),
    Column("text_sealed", LargeBinary),
    Column("source_sealed", LargeBinary),
    Column("source_type", String(32)),
    Column("kind", String(32)),
    Column("day", Date, nullable=False),
    Column("heard_at", Utc, nullable=False),
    Column("logged_at", Utc, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("sensitive", Boolean, nullable=False, server_default=false()),
    _ref("message_id", nullable=True),
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
    _id(),
    _ref("challenge_id"),
    _ref("member_id"),
    *_platform(),
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
    _id(),
    _ref("account_id"),
    *_platform(),
    Column("conversation", String(255), nullable=False),
    Column("message", String(255), nullable=False),
    Column("text_sealed", LargeBinary),
    Column("said_at", Utc, nullable=False),
    Column("settled_at", Utc),
    Index("ix_asides_message", "platform", "workspace", "conversation", "message"),
    Index("ix_asides_said_at", "said_at"),
)

sessions = Table(
    "sessions",
    metadata,
    _id(),
    _ref("challenge_id"),
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
    _id(),
    _ref("challenge_id"),
    Column("day", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("lines_sealed", LargeBinary, nullable=False),
    Column("note_sealed", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
    _ref("made_by", nullable=True),
    UniqueConstraint("challenge_id", "day", "version"),
)

check_ins = Table(
    "check_ins",
    metadata,
    _id(),
    _ref("challenge_id"),
    Column("title_sealed", LargeBinary, nullable=False),
    Column("questions_sealed", LargeBinary, nullable=False),
    Column("by", Utc, nullable=False),
    Column("sent_at", Utc, nullable=False),
    _ref("sent_by"),
    Column("closed_at", Utc),
    Index("ix_check_ins_challenge_id", "challenge_id"),
)

check_in_replies = Table(
    "check_in_replies",
    metadata,
    Column("check_in_id", String(32), primary_key=True),
    Column("member_id", String(32), primary_key=True),
    _ref("challenge_id"),
    Column("answers_sealed", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("answered_at", Utc),
    Column("remind_at", Utc),
    Column("call_at", Utc),
    Column("call_agreed_at", Utc),
    Column("reminded_at", Utc),
)

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

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    _ref("challenge_id", nullable=True),
    Column("kind", String(64), nullable=False),
    *_platform(),
    Column("conversation", String(255), nullable=False),
    _ref("account_id", nullable=True),
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
    *_platform(),
    Column("conversation", String(255), nullable=False),
    Column("message", String(255), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("record", String(255), nullable=False),
    Column("slot", String(255), nullable=False),
    _ref("challenge_id", nullable=True),
    Column("posted_at", Utc, nullable=False),
    UniqueConstraint("platform", "workspace", "conversation", "message"),
    Index("ix_posts_slot", "slot"),
    Index("ix_posts_challenge_id", "challenge_id"),
)

runs = Table(
    "runs",
    metadata,
    _id(),
    _ref("challenge_id"),
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
    _id(),
    Column("body_sealed", LargeBinary, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Utc, nullable=False),
    Index("ix_inbox_next_at", "next_at"),
)

early = Table(
    "early",
    metadata,
    *_platform(),
    Column("conversation", String(255), nullable=False),
    Column("message", String(255), nullable=False),
    Column("body_sealed", LargeBinary, nullable=False),
    Column("at", Utc, nullable=False),
    UniqueConstraint("platform", "workspace", "conversation", "message"),
)

link_codes = Table(
    "link_codes",
    metadata,
    _id(),
    _ref("person_id"),
    Column("digest_sealed", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
    UniqueConstraint("person_id"),
)

link_tries = Table(
    "link_tries",
    metadata,
    _id(),
    _ref("person_id"),
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

web_passes = Table(
    "web_passes",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    _ref("challenge_id"),
    _ref("person_id"),
    Column("opens", String(16), nullable=False),
    Column("made_at", Utc, nullable=False),
    Index("ix_web_passes_made_at", "made_at"),
)

web_visits = Table(
    "web_visits",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    _ref("challenge_id"),
    _ref("person_id"),
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

conversation_references = Table(
    "conversation_references",
    metadata,
    *_platform(),
    Column("subject", String(255), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("service_url", String(255), nullable=False),
    Column("bot", String(255), nullable=False),
    Column("team", String(255), nullable=False),
    Column("noted_at", Utc, nullable=False),
    UniqueConstraint("platform", "subject"),
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

holds = Table(
    "holds",
    metadata,
    _id(),
    _ref("challenge_id"),
    Column("reason_sealed", LargeBinary, nullable=False),
    _ref("placed_by"),
    Column("placed_at", Utc, nullable=False),
    Column("lifted_why_sealed", LargeBinary),
    _ref("lifted_by", nullable=True),
    Column("lifted_at", Utc),
    Index("ix_holds_challenge_id", "challenge_id"),
)

extensions = Table(
    "extensions",
    metadata,
    _id(),
    _ref("challenge_id"),
    Column("until", Date, nullable=False),
    Column("reason_sealed", LargeBinary, nullable=False),
    _ref("made_by"),
    Column("made_at", Utc, nullable=False),
    Index("ix_extensions_challenge_id", "challenge_id"),
)

disposals = Table(
    "disposals",
    metadata,
    _id("challenge_id"),
    _ref("asked_by"),
    Column("asked_as", String(255), nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("reason_sealed", LargeBinary),
    _ref("confirmed_by", nullable=True),
    Column("confirmed_as", String(255), nullable=False, server_default=""),
    Column("confirmed_at", Utc),
    Column("tally", JSON, nullable=False),
    Column("next_at", Utc),
    Index("ix_disposals_next_at", "next_at"),
)

disposal_steps = Table(
    "disposal_steps",
    metadata,
    _id("challenge_id"),
    Column("step", String(16), primary_key=True),
    Column("done_at", Utc, nullable=False),
)
