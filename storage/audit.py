"""The audit trail: who did what to which record, and when, in a chain that shows if anybody altered it.

An entry holds no content. Its action is a word of the program's own, its counts are numbers, and whom it speaks of is
sealed under the challenge's key. Each entry's digest covers the digest before it and every column of its own, the
ciphertext as it stands, so that the chain still verifies when the key has been destroyed. What was cut off its end is
found by comparing with the head that is kept with the keys (`KeyStore.heads`).

Entries wait until the unit of work commits and are written last of all: the lock that gives them their order is then
held for no longer than the commit, and nobody can wait for anybody else in a ring.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import bindparam, func, select

from storage.errors import KeyDestroyed, Unreadable
from storage.keys import KeyStore
from storage.memory import Recall
from storage.prepared import Connection
from storage.records import AccountId, ChallengeId, MemberId
from storage.store import RowOf, Store
from storage.tables import audit

BEGINNING = bytes(32)
"""What stands before the first entry of a chain."""

_ACTION = re.compile(r"[a-z]+(?:[._][a-z]+)*")
_LAST = (
    select(audit.c.seq, audit.c.digest)
    .where(audit.c.challenge_id == bindparam("challenge_id"))
    .order_by(audit.c.seq.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done. `action` names the kind of record, then what was done to it: "finding.withdrawn".

    `by` is the account that asked for it (None: Baseroom itself, by the clock), `about` the member whom it concerns;
    both are sealed. `record` is the id of the record, of which the trail keeps a digest; never the id of a person.
    """

    challenge_id: ChallengeId
    at: datetime
    action: str
    record: str = ""
    by: AccountId | None = None
    about: MemberId | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _ACTION.fullmatch(self.action) or not all(_ACTION.fullmatch(name) for name in self.counts):
            raise ValueError(f"{self.action!r} is not a name that the audit trail may hold")


@dataclass(frozen=True, slots=True)
class Entry:
    """An act as the trail holds it. `record` is a digest, `counts` "found=4 replaced=2", `people` sealed."""

    challenge_id: str
    seq: int
    at: datetime
    action: str
    record: bytes
    counts: str
    people: bytes
    digest: bytes = b""

    def digest_after(self, previous: bytes) -> bytes:
        """SHA-256 over the digest before it and every column, each in a form that has one spelling only."""
        told = (
            previous.hex(), self.challenge_id, self.seq, self.at.isoformat(timespec="microseconds"), self.action,
            self.record.hex(), self.counts, self.people.hex(),
        )  # fmt: skip
        return hashlib.sha256(json.dumps(told).encode()).digest()


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with the people it speaks of, as far as they can still be read."""

    entry: Entry
    by: AccountId | None = None
    about: MemberId | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends."""

    seq: int = 0
    digest: bytes = BEGINNING


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a chain: how many entries fit, and the number of the first that does not (None: it is intact)."""

    entries: int
    head: Head
    broken_at: int | None = None
    why: str = ""


def verify(entries: Iterable[Entry], noted: Head = Head()) -> Verdict:
    """Follow a chain from its beginning, and compare it with the head that was noted elsewhere."""
    head = Head()
    noted_is_there = noted.seq == 0
    for entry in entries:
        if entry.seq != head.seq + 1:
            return Verdict(head.seq, head, head.seq + 1, "an entry is missing")
        if entry.digest_after(head.digest) != entry.digest:
            return Verdict(head.seq, head, entry.seq, "the entry was altered")
        head = Head(entry.seq, entry.digest)
        if entry.seq == noted.seq:
            noted_is_there = entry.digest == noted.digest
            if not noted_is_there:
                return Verdict(head.seq, head, entry.seq, "the chain was written anew")
    if not noted_is_there:
        return Verdict(head.seq, head, head.seq + 1, f"the end is missing: it reached {noted.seq}")
    return Verdict(head.seq, head)


def digest_of(record: str) -> bytes:
    """What the trail keeps of a record's id: whoever holds the id can tell which entries are about it."""
    return hashlib.sha256(record.encode()).digest() if record else b""


class AuditStore(Store):
    def __init__(self, connection: Connection, keys: KeyStore, recall: Recall) -> None:
        super().__init__(connection, keys, recall)
        self._waiting: list[Act] = []

    def note(self, act: Act) -> None:
        """Have the act written with everything else when this unit of work commits."""
        self._waiting.append(act)

    async def write(self) -> None:
        """Write what waits, in order. Called by the unit of work, last thing before it commits."""
        acts, self._waiting = self._waiting, []
        for challenge_id in sorted({act.challenge_id for act in acts}):
            await self._append(challenge_id, [act for act in acts if act.challenge_id == challenge_id])

    async def of_challenge(self, challenge_id: ChallengeId) -> list[Entry]:
        """The whole chain, in order."""
        query = select(audit).where(audit.c.challenge_id == challenge_id).order_by(audit.c.seq)
        return [_entry(row) for row in await self._all(query)]

    async def told_of(self, challenge_id: ChallengeId) -> list[Told]:
        """The same with its people, where the key still opens them."""
        return [self._told(entry) for entry in await self.of_challenge(challenge_id)]

    async def chains(self) -> list[ChallengeId]:
        """Every challenge that has a chain, one that was destroyed too."""
        query = select(audit.c.challenge_id).distinct().order_by(audit.c.challenge_id)
        return [ChallengeId(row.challenge_id) for row in await self._all(query)]

    async def heads(self) -> dict[ChallengeId, Head]:
        """Where each chain ends now."""
        last = (
            select(audit.c.challenge_id, func.max(audit.c.seq).label("seq")).group_by(audit.c.challenge_id).subquery()
        )
        query = select(audit).join(last, (audit.c.challenge_id == last.c.challenge_id) & (audit.c.seq == last.c.seq))
        return {ChallengeId(row.challenge_id): Head(row.seq, row.digest) for row in await self._all(query)}

    async def _append(self, challenge_id: ChallengeId, acts: Sequence[Act]) -> None:
        head = await self._head(challenge_id)
        rows = []
        for act in acts:
            entry = self._entry_of(act, head.seq + 1)
            head = Head(entry.seq, entry.digest_after(head.digest))
            rows.append(_row(replace(entry, digest=head.digest)))
        await self._insert_all(audit, rows)

    async def _head(self, challenge_id: ChallengeId) -> Head:
        """The last entry; on PostgreSQL nobody else adds one until this transaction has ended."""
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(challenge_id, 0))))
        row = await self._one(_LAST, challenge_id=challenge_id)
        return Head(row.seq, row.digest) if row else Head()

    def _entry_of(self, act: Act, seq: int) -> Entry:
        counts = " ".join(f"{name}={count}" for name, count in sorted(act.counts.items()))
        return Entry(
            act.challenge_id, seq, act.at, act.action, digest_of(act.record), counts, self._sealed_people(act, seq)
        )

    def _sealed_people(self, act: Act, seq: int) -> bytes:
        """Nothing when the key is gone: what is done after the destruction is done without a name."""
        if act.by is None and act.about is None:
            return b""
        people = json.dumps({"by": act.by, "about": act.about})
        try:
            return self._seal(act.challenge_id).close(people, table="audit", column="people", row=str(seq))
        except KeyDestroyed:
            return b""

    def _told(self, entry: Entry) -> Told:
        if not entry.people:
            return Told(entry)
        try:
            seal = self._seal(ChallengeId(entry.challenge_id))
            people = json.loads(seal.open(entry.people, table="audit", column="people", row=str(entry.seq)))
        except (KeyDestroyed, Unreadable):
            return Told(entry)
        return Told(entry, by=people["by"], about=people["about"])


def _row(entry: Entry) -> dict[str, object]:
    return {
        "challenge_id": entry.challenge_id,
        "seq": entry.seq,
        "at": entry.at,
        "action": entry.action,
        "record_digest": entry.record,
        "counts": entry.counts,
        "people_sealed": entry.people,
        "digest": entry.digest,
    }


def _entry(row: RowOf) -> Entry:
    return Entry(
        row.challenge_id, row.seq, row.at, row.action, row.record_digest, row.counts, row.people_sealed, row.digest
    )
