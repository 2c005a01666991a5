"""The post-its. Text and source are sealed; what the wall counts by (theme, kind, kind of source, day) is not.

Reads decrypt one challenge in memory; there is no index of anybody's words.

A sensitive finding is left out of every read that does not ask for it in so many words (`sensitive_too`,
`sensitive_of`): `on_the_wall_of` is the one rule of what a team may see and count, here and in the other stores.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import BindParameter, Boolean, ColumnElement, Select, bindparam, func, or_, select, update

from storage.errors import NotStored, Overtaken, Unreadable
from storage.keeping import HELD
from storage.records import (
    ChallengeId,
    Finding,
    FindingId,
    Kind,
    MemberId,
    MessageId,
    ReceiptId,
    SourceType,
    ThemeId,
)
from storage.replaced import WordKeeper
from storage.store import RowOf
from storage.tables import finding_themes, findings, source_messages


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings there are of one theme (None: unsorted) and one kind (None: not said)."""

    theme_id: ThemeId | None
    kind: Kind | None
    count: int


_OF_RECEIPT = (
    select(findings, finding_themes.c.theme_id)
    .join(source_messages, source_messages.c.id == findings.c.message_id)
    .outerjoin(finding_themes, finding_themes.c.finding_id == findings.c.id)
    .where(source_messages.c.receipt_id == bindparam("receipt_id"))
    .where(or_(findings.c.sensitive.is_(False), bindparam("sensitive_too", type_=Boolean)))
    .order_by(findings.c.number, finding_themes.c.position)
)
_TAGS_OF = (
    select(finding_themes)
    .where(finding_themes.c.finding_id.in_(bindparam("ids", expanding=True)))
    .order_by(finding_themes.c.finding_id, finding_themes.c.position)
)


_UNDER_A_HOLD = select(
    findings.c.challenge_id, findings.c.version, findings.c.text_sealed, findings.c.source_sealed
).where(findings.c.id == bindparam("finding_id"), findings.c.challenge_id.in_(HELD))


class FindingStore(WordKeeper):
    async def add(self, finding: Finding) -> None:
        """Raises `AlreadyStored` when the number is taken."""
        await self._insert(findings, {**self._words(finding), **_columns(finding), "id": finding.id})
        await self._tag(finding)

    async def get(self, finding_id: FindingId, *, sensitive_too: bool = False) -> Finding:
        """Raises `NotStored`."""
        found = await self._read(_unless_sensitive(select(findings), sensitive_too).where(findings.c.id == finding_id))
        if not found:
            raise NotStored
        return found[0]

    async def by_number(self, challenge_id: ChallengeId, number: int, *, sensitive_too: bool = False) -> Finding | None:
        query = _unless_sensitive(select(findings), sensitive_too).where(
            findings.c.challenge_id == challenge_id,
            findings.c.practice.is_(False),
            findings.c.number == number,
        )
        found = await self._read(query)
        return found[0] if found else None

    async def of_message(self, message_id: MessageId, *, sensitive_too: bool = False) -> list[Finding]:
        """Every part of one chat message, withdrawn ones too, in order."""
        query = _unless_sensitive(select(findings), sensitive_too).where(findings.c.message_id == message_id)
        return await self._read(query.order_by(findings.c.part))

    async def of_receipt(self, receipt_id: ReceiptId, *, sensitive_too: bool = False) -> list[Finding]:
        """Every finding that one receipt tells of, in order of number."""
        rows = await self._all(_OF_RECEIPT, receipt_id=receipt_id, sensitive_too=sensitive_too)
        by_id: dict[str, list[RowOf]] = {}
        for row in rows:
            by_id.setdefault(row.id, []).append(row)
        return [
            self._finding(tagged[0], tuple(ThemeId(row.theme_id) for row in tagged if row.theme_id))
            for tagged in by_id.values()
        ]

    async def on_the_wall(
        self,
        challenge_id: ChallengeId,
        *,
        day: date | None = None,
        logged_after: datetime | None = None,
        author_id: MemberId | None = None,
        until: datetime | None = None,
    ) -> list[Finding]:
        """The findings that stand, in order of number; practice and withdrawn ones are not on the wall."""
        wanted = on_the_wall_of(challenge_id)
        if day is not None:
            wanted.append(findings.c.day == day)
        if logged_after is not None:
            wanted.append(findings.c.logged_at > logged_after)
        if until is not None:
            wanted.append(findings.c.logged_at <= until)
        if author_id is not None:
            wanted.append(findings.c.author_id == author_id)
        return await self._read(select(findings).where(*wanted).order_by(findings.c.number))

    async def sensitive_of(self, challenge_id: ChallengeId, member_id: MemberId | None = None) -> list[Finding]:
        """The sensitive findings that stand, in order of number: those that a member heard or logged, or (None) all of
        them, which is for the challenge manager alone."""
        wanted = [*_standing(challenge_id), findings.c.sensitive.is_(True)]
        if member_id is not None:
            wanted.append(or_(findings.c.author_id == member_id, findings.c.logged_by == member_id))
        return await self._read(select(findings).where(*wanted).order_by(findings.c.number))

    async def every_one_of(self, challenge_id: ChallengeId) -> list[Finding]:
        """Everything held whose words are still there: practice, withdrawn and sensitive too. For a person's request,
        which the challenge manager answers, and for nothing else."""
        query = select(findings).where(findings.c.challenge_id == challenge_id, findings.c.text_sealed.is_not(None))
        return await self._read(query.order_by(findings.c.practice, findings.c.number))

    async def latest_of(self, challenge_id: ChallengeId, author_id: MemberId, limit: int) -> list[Finding]:
        """One peer's newest findings on the wall, newest first."""
        query = select(findings).where(*on_the_wall_of(challenge_id), findings.c.author_id == author_id)
        return await self._read(query.order_by(findings.c.number.desc()).limit(limit))

    async def themes_lately(self, finding: Finding, most: int) -> list[ThemeId]:
        """The themes of its author's newest findings, this one left out: one for each tag, and nothing is opened."""
        rows = await self._all(
            _THEMES_LATELY, challenge_id=finding.challenge_id, author_id=finding.author_id, but=finding.id, most=most
        )
        return [ThemeId(row.theme_id) for row in rows]

    async def tally(
        self, challenge_id: ChallengeId, day: date | None = None, *, author_id: MemberId | None = None
    ) -> list[Tally]:
        """Counts by theme and kind, nothing decrypted. A finding with two themes counts under both."""
        wanted = on_the_wall_of(challenge_id)
        if author_id is not None:
            wanted.append(findings.c.author_id == author_id)
        if day is not None:
            wanted.append(findings.c.day == day)
        joined = findings.outerjoin(finding_themes, finding_themes.c.finding_id == findings.c.id)
        by = (finding_themes.c.theme_id, findings.c.kind)
        query = select(*by, func.count().label("many")).select_from(joined).where(*wanted).group_by(*by)
        return [
            Tally(ThemeId(row.theme_id) if row.theme_id else None, Kind(row.kind) if row.kind else None, row.many)
            for row in await self._all(query)
        ]

    async def count(
        self, challenge_id: ChallengeId, day: date | None = None, *, author_id: MemberId | None = None
    ) -> int:
        wanted = on_the_wall_of(challenge_id)
        if author_id is not None:
            wanted.append(findings.c.author_id == author_id)
        if day is not None:
            wanted.append(findings.c.day == day)
        row = await self._one(select(func.count().label("many")).select_from(findings).where(*wanted))
        return int(row.many) if row else 0

    async def has_any_before(self, challenge_id: ChallengeId, logged_by: MemberId, day: date) -> bool:
        """Whether the member has logged anything heard before that day (withdrawn counts, practice does not)."""
        query = select(findings.c.id).where(
            findings.c.challenge_id == challenge_id,
            findings.c.logged_by == logged_by,
            findings.c.practice.is_(False),
            findings.c.day < day,
        )
        return await self._one(query.limit(1)) is not None

    async def unreadable(self, challenge_id: ChallengeId) -> list[Finding]:
        """Those that stand and whose words cannot be read any more, sensitive ones too."""
        standing = await self._read(select(findings).where(*_standing(challenge_id)).order_by(findings.c.number))
        return [finding for finding in standing if not finding.readable]

    async def next_practice_number(self, challenge_id: ChallengeId) -> int:
        """Practice findings are numbered apart, so that the wall's own numbers have no gaps."""
        query = select(func.max(findings.c.number).label("last")).where(
            findings.c.challenge_id == challenge_id, findings.c.practice.is_(True)
        )
        row = await self._one(query)
        return (row.last if row and row.last else 0) + 1

    async def change(self, finding: Finding) -> None:
        """Write the finding as it now is, one version on. The caller has raised `version`. Under a hold the version
        before is kept as well.

        Raises `Overtaken` when it is not the version before that stands there any more: with PostgreSQL somebody else
        may have changed it since it was read, and theirs must not be lost.
        """
        as_it_stood = await self._one(_UNDER_A_HOLD, finding_id=finding.id)
        await self._keep_replaced(as_it_stood, "findings", finding.id, "text", "source")
        values = {**self._words(finding), **_columns(finding)}
        as_read = (findings.c.id == finding.id) & (findings.c.version == finding.version - 1)
        result = await self._connection.execute(update(findings).where(as_read).values(**values))
        if result.rowcount != 1:
            raise Overtaken
        await self._connection.execute(finding_themes.delete().where(finding_themes.c.finding_id == finding.id))
        await self._tag(finding)

    async def purge_withdrawn(self, before: datetime) -> int:
        """Blank the words of findings withdrawn before then, unless a hold stands; number and times remain. Returns how
        many."""
        rule = findings.c.withdrawn_at.is_not(None) & (findings.c.withdrawn_at < before)
        rule &= findings.c.challenge_id.not_in(HELD)
        return await self._blank(rule & findings.c.text_sealed.is_not(None))

    async def blank(self, finding_id: FindingId) -> None:
        """Forget the words of one finding at once: they live on elsewhere, under another key."""
        await self._blank(findings.c.id == finding_id)

    async def _blank(self, rule: ColumnElement[bool]) -> int:
        emptied = {"text_sealed": None, "source_sealed": None}
        result = await self._connection.execute(update(findings).where(rule).values(**emptied))
        return int(result.rowcount)

    async def _tag(self, finding: Finding) -> None:
        rows = [
            {"finding_id": finding.id, "theme_id": theme_id, "position": position}
            for position, theme_id in enumerate(finding.theme_ids)
        ]
        await self._insert_all(finding_themes, rows)

    async def _read(self, query: Select[tuple[object, ...]], **bound: object) -> list[Finding]:
        rows = await self._all(query, **bound)
        tags = await self._tags([row.id for row in rows])
        return [self._finding(row, tags.get(row.id, ())) for row in rows]

    async def _tags(self, ids: Sequence[str]) -> dict[str, tuple[ThemeId, ...]]:
        tags: dict[str, tuple[ThemeId, ...]] = {}
        for chunk in _chunks(ids, 500):
            for row in await self._all(_TAGS_OF, ids=chunk):
                tags[row.finding_id] = (*tags.get(row.finding_id, ()), ThemeId(row.theme_id))
        return tags

    def _words(self, finding: Finding) -> dict[str, bytes]:
        close = partial(
            self._seal(finding.challenge_id).close, table="findings", row=finding.id, version=finding.version
        )
        return {
            "text_sealed": close(finding.text, column="text"),
            "source_sealed": close(finding.source, column="source"),
        }

    def _finding(self, row: RowOf, theme_ids: tuple[ThemeId, ...]) -> Finding:
        text, source, readable = self._open(row)
        return Finding(
            id=FindingId(row.id),
            challenge_id=ChallengeId(row.challenge_id),
            number=row.number,
            author_id=MemberId(row.author_id),
            logged_by=MemberId(row.logged_by),
            text=text,
            day=row.day,
            heard_at=row.heard_at,
            logged_at=row.logged_at,
            source=source,
            source_type=SourceType(row.source_type) if row.source_type else None,
            kind=Kind(row.kind) if row.kind else None,
            theme_ids=theme_ids,
            practice=row.practice,
            sensitive=row.sensitive,
            message_id=MessageId(row.message_id) if row.message_id else None,
            part=row.part,
            version=row.version,
            set_by_hand=row.set_by_hand,
            withdrawn_at=row.withdrawn_at,
            changed_at=row.changed_at,
            readable=readable,
        )

    def _open(self, row: RowOf) -> tuple[str, str, bool]:
        """Text, source, and whether they could be read: one damaged record must not take the wall down."""
        if row.text_sealed is None:
            return "", "", True
        seal = self._seal(ChallengeId(row.challenge_id))
        opened = partial(seal.open, table="findings", row=row.id, version=row.version)
        try:
            return opened(row.text_sealed, column="text"), opened(row.source_sealed, column="source"), True
        except Unreadable:
            return "", "", False


def on_the_wall_of(challenge_id: ChallengeId | BindParameter[str]) -> list[ColumnElement[bool]]:
    """What a team may see and count: neither practice, nor withdrawn, nor sensitive."""
    return [*_standing(challenge_id), findings.c.sensitive.is_(False)]


def _unless_sensitive(query: Select[tuple[object, ...]], sensitive_too: bool) -> Select[tuple[object, ...]]:
    return query if sensitive_too else query.where(findings.c.sensitive.is_(False))


def _standing(challenge_id: ChallengeId | BindParameter[str]) -> list[ColumnElement[bool]]:
    return [
        findings.c.challenge_id == challenge_id,
        findings.c.practice.is_(False),
        findings.c.withdrawn_at.is_(None),
    ]


_THEMES_LATELY = select(finding_themes.c.theme_id).where(
    finding_themes.c.finding_id.in_(
        select(findings.c.id)
        .where(*on_the_wall_of(bindparam("challenge_id")), findings.c.author_id == bindparam("author_id"))
        .where(findings.c.id != bindparam("but"))
        .order_by(findings.c.number.desc())
        .limit(bindparam("most"))
    )
)


def _columns(finding: Finding) -> dict[str, object]:
    return {
        "challenge_id": finding.challenge_id,
        "number": finding.number,
        "author_id": finding.author_id,
        "logged_by": finding.logged_by,
        "source_type": finding.source_type.value if finding.source_type else None,
        "kind": finding.kind.value if finding.kind else None,
        "day": finding.day,
        "heard_at": finding.heard_at,
        "logged_at": finding.logged_at,
        "practice": finding.practice,
        "sensitive": finding.sensitive,
        "message_id": finding.message_id,
        "part": finding.part,
        "version": finding.version,
        "set_by_hand": finding.set_by_hand,
        "withdrawn_at": finding.withdrawn_at,
        "changed_at": finding.changed_at,
    }


def _chunks(ids: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
