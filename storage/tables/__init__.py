"""The tables behind the stores. Private to storage: everybody else speaks in records.

Columns that end in `_sealed` hold AES-256-GCM texts (see keys.py); nothing that a person typed about a host stands
in clear. Times are UTC; wall times and dates are kept as people meant them, beside the challenge's zone.
"""

from storage.tables.challenges import (
    audit,
    challenges,
)
from storage.tables.checkins import (
    check_in_replies,
    check_ins,
)
from storage.tables.columns import (
    Times,
    Utc,
    Words,
    metadata,
)
from storage.tables.ending import (
    disposal_steps,
    disposals,
    extensions,
    holds,
    note_destructions,
)
from storage.tables.meetings import (
    sessions,
    summaries,
)
from storage.tables.people import (
    accounts,
    conversation_references,
    link_codes,
    link_tries,
    members,
    people,
    presence,
    team_channels,
    unread,
)
from storage.tables.traffic import (
    early,
    inbox,
    outbox,
    posts,
    runs,
    seen,
)
from storage.tables.wall import (
    asides,
    finding_themes,
    findings,
    receipts,
    replaced_words,
    source_messages,
    themes,
)
from storage.tables.web import (
    rehearsal_clock,
    rehearsal_messages,
    web_passes,
    web_visits,
)

__all__ = [
    "Times",
    "Utc",
    "Words",
    "accounts",
    "asides",
    "audit",
    "challenges",
    "check_in_replies",
    "check_ins",
    "conversation_references",
    "disposal_steps",
    "disposals",
    "early",
    "extensions",
    "finding_themes",
    "findings",
    "holds",
    "inbox",
    "link_codes",
    "link_tries",
    "members",
    "metadata",
    "note_destructions",
    "outbox",
    "people",
    "posts",
    "presence",
    "receipts",
    "rehearsal_clock",
    "rehearsal_messages",
    "replaced_words",
    "runs",
    "seen",
    "sessions",
    "source_messages",
    "summaries",
    "team_channels",
    "themes",
    "unread",
    "web_passes",
    "web_visits",
]
