"""The certificate of destruction: what was destroyed and when, what of it is left in numbers, and every place where a
copy may remain that Baseroom cannot reach, with who must act on each. It holds no content and no name.

Pure: the records in, sections of plain sentences out; the card in chat and the document are both drawn from them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.dates import day_in_words
from handlers.disposal.rules import told_by
from handlers.wording import counted
from storage.records import Challenge, Disposal, DisposalStep, Tally

STEPS = {
    DisposalStep.STOP: "Nothing more is written",
    DisposalStep.KEY: "Unreadable: the key is deleted, here and in the keys’ own backup",
    DisposalStep.POSTS: "Baseroom’s own posts and files taken off the platforms",
    DisposalStep.ROWS: "Records deleted",
    DisposalStep.COMPACT: "Files compacted: not even sealed words are left in them",
    DisposalStep.CERTIFY: "Certificate issued",
    DisposalStep.FORGET: "The rest of the team told, and how they are reached deleted",
}
KEY_IN_POSTGRESQL = "Unreadable: the key is deleted from the key database"
ROWS_IN_POSTGRESQL = "Space of the deleted records freed, to be written over by PostgreSQL"
TYPED_WORDS_LAST = timedelta(days=8)  # the keys of a day are deleted a week later

ELSEWHERE = (
    ("What people typed themselves in Slack or Teams", "each peer deletes their own messages"),
    ("Notes, photographs and papers of the team", "each peer; the register of it is gone unless it was exported"),
    ("Files that were handed over (workbooks, the register, the client’s page)", "whoever was given one"),
    ("Notifications: e-mails, phones, watches", "each person, on their own devices"),
    ("Posts shown to one person alone, which a platform keeps or drops as it likes", "the workspace’s administrator"),
    ("Retention, legal hold and eDiscovery of Slack or Teams", "the records manager of the workspace or tenant"),
    ("AI features of the platform that have read the channel", "the workspace’s administrator"),
    ("Snapshots and images of the machine, and what its disk keeps of deleted files", "whoever runs the machine"),
    ("Copies of the master key and of the key database, other than Baseroom’s own", "whoever runs Baseroom"),
    ("What the client and the host were given or took down", "the challenge manager asks them"),
)
"""Where a copy may remain, and who must act on it."""

SENSITIVE = "whatever was marked sensitive is destroyed too, and not counted here"
"""Always said: who confirms, and is not the manager, must not learn from a number whether there was any."""

ROWS_LEFT_IN_POSTGRESQL = (
    "What PostgreSQL’s files, write-ahead log and replicas keep of deleted records: unreadable without the key",
    "whoever runs PostgreSQL",
)
KEYS_LEFT_IN_POSTGRESQL = (
    "Backups, write-ahead log and replicas of the key database, from which the key could be brought back",
    "whoever runs PostgreSQL deletes those from before the key was deleted",
)


@dataclass(frozen=True, slots=True)
class Databases:
    """Whether the records and the keys are each in a file of SQLite, which Baseroom compacts, and backs up in one place
    of its own. Otherwise they are in PostgreSQL, which keeps of what is deleted what its own keeping asks for."""

    records_in_file: bool
    keys_in_file: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    """Sections of the certificate: a label and what is said of it. `is_done` once everything is destroyed."""

    title: str
    about: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[str, str], ...]
    elsewhere: tuple[tuple[str, str], ...]
    is_done: bool


def certify(challenge: Challenge, disposal: Disposal, databases: Databases, *, still_to_tell: int = 0) -> Certificate:
    """`still_to_tell`: how many people wait for the word of it. The certificate waits for none of them."""
    is_done = disposal.is_certified
    telling = {DisposalStep.FORGET: _telling(challenge, disposal, still_to_tell)}
    return Certificate(
        title="Certificate of destruction" if is_done else "Destruction under way",
        about=_about(challenge, disposal),
        steps=tuple(
            (said, telling.get(step) or _when(challenge, disposal.done.get(step)))
            for step, said in _steps(databases).items()
        ),
        numbers=_numbers(disposal),
        elsewhere=(_backups(challenge, disposal), _typed(challenge, disposal), *_left_in(databases), *ELSEWHERE),
        is_done=is_done,
    )


def _steps(databases: Databases) -> Mapping[DisposalStep, str]:
    key = {} if databases.keys_in_file else {DisposalStep.KEY: KEY_IN_POSTGRESQL}
    compact = {} if databases.records_in_file else {DisposalStep.COMPACT: ROWS_IN_POSTGRESQL}
    return {**STEPS, **key, **compact}


def _left_in(databases: Databases) -> Iterator[tuple[str, str]]:
    if not databases.records_in_file:
        yield ROWS_LEFT_IN_POSTGRESQL
    if not databases.keys_in_file:
        yield KEYS_LEFT_IN_POSTGRESQL


def _telling(challenge: Challenge, disposal: Disposal, still_to_tell: int) -> str:
    """How far the rest of the team has been told, and what is kept for that."""
    told, people = disposal.tally.told, counted(disposal.tally.telling, "person", "people")
    if DisposalStep.ROWS not in disposal.done:
        return "not yet"
    if not disposal.tally.telling:
        return "nobody else was to be told"
    if still_to_tell:
        until = _when(challenge, told_by(disposal))
        people = counted(still_to_tell, "person is", "people are")
        return f"{people} still to be told; how they are reached is kept for that, until {until} at most"
    if DisposalStep.FORGET not in disposal.done:
        return f"{people} told, as far as they can be; how they were reached is deleted within minutes"
    at = _when(challenge, disposal.done[DisposalStep.FORGET])
    return f"{at}; {told} of {people} are known to have been told"


def _about(challenge: Challenge, disposal: Disposal) -> tuple[tuple[str, str], ...]:
    days = f"{challenge.first_day.day} {challenge.first_day:%B} to {challenge.last_day.day} {challenge.last_day:%B %Y}"
    signed_off = challenge.signed_off_at
    return (
        ("Challenge", challenge.host),
        ("On site", days),
        (
            "Signed off",
            _day(challenge, signed_off) if signed_off else "not before this was asked for, with a reason",
        ),
        ("Asked for by", f"{disposal.asked_as}, {_when(challenge, disposal.asked_at)}"),
        ("Confirmed by", f"{disposal.confirmed_as}, {_when(challenge, disposal.confirmed_at)}"),
        ("Fingerprint of the key", disposal.tally.fingerprint or "still to be noted"),
        ("Times are in", challenge.zone),
    )


def _numbers(disposal: Disposal) -> tuple[tuple[str, str], ...]:
    tally = disposal.tally
    kinds = counted(tally.source_types, "kind of source", "kinds of source")
    peers = counted(tally.peers, "peer", "peers")
    refused = "; ".join(f"{many} refused by the platform ({why})" for why, many in sorted(tally.refused.items()))
    return (
        ("Findings", f"{tally.findings}, from {kinds}, by a team of {peers}; {SENSITIVE}"),
        ("Sessions", str(tally.sessions)),
        ("Check-in answers", str(tally.answers)),
        ("Approved summaries", str(tally.summaries)),
        ("Holds that stood and were lifted", str(tally.holds)),
        *_own_notes(tally),
        ("Posts and files deleted", "; ".join(filter(None, (str(tally.posts), refused)))),
        ("Posts whose fate is unknown", str(tally.unknown)),
        ("Records deleted", str(tally.rows)),
    )


def _own_notes(tally: Tally) -> Iterator[tuple[str, str]]:
    """What the register said of them when it was destroyed; an older destruction did not count it."""
    if tally.note_holders is None:
        return
    people = counted(tally.note_holders, "person who was asked", "people who were asked")
    said = f"{tally.notes_destroyed} of {people} had confirmed that theirs are destroyed"
    yield "Notes that people held themselves", said if tally.note_holders else "nobody had been asked to destroy theirs"


def _backups(challenge: Challenge, disposal: Disposal) -> tuple[str, str]:
    """Backups hold nothing that can be read; still somebody should know when the last of them is gone."""
    where = "Backups of the database: unreadable without the key"
    if disposal.tally.backup_days is None or disposal.confirmed_at is None:
        return where, "whoever runs Baseroom; when the last one expires is not known to Baseroom"
    deleted = _last_deleted(disposal) or disposal.confirmed_at
    last = deleted + timedelta(days=disposal.tally.backup_days)
    return where, f"whoever runs Baseroom; the last one expires on {_day(challenge, last)}"


def _last_deleted(disposal: Disposal) -> datetime | None:
    """When the last row of it is gone, at most: a backup may hold the chats of those who were still to be told."""
    if disposal.tally.telling:
        return disposal.done.get(DisposalStep.FORGET) or told_by(disposal)
    return disposal.done.get(DisposalStep.ROWS)


def _typed(challenge: Challenge, disposal: Disposal) -> tuple[str, str]:
    """Words typed before it was known to which challenge they belong stand under the key of their day."""
    since = disposal.confirmed_at or disposal.asked_at
    return (
        "In backups of the last week: what was typed to Baseroom and never logged",
        f"Baseroom deletes the last of its keys by {_day(challenge, since + TYPED_WORDS_LAST)}",
    )


def _when(challenge: Challenge, moment: datetime | None) -> str:
    """To the minute, on the challenge's own clock."""
    if moment is None:
        return "not yet"
    local = moment.astimezone(challenge.tz)
    return f"{local.day} {local:%B %Y} at {local:%H:%M}"


def _day(challenge: Challenge, moment: datetime) -> str:
    day = moment.astimezone(challenge.tz).date()
    return f"{day_in_words(day)} {day.year}"
