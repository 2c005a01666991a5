"""The destruction of a challenge: who asked and who confirmed, how far it has come, and the deletion of its rows.

What is left at the end is here and in the challenge's own row: roles, times and numbers, and nothing that was said.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, func, literal, or_, select, update

from storage.errors import KeyDestroyed, NotStored
from storage.findings import on_the_wall_of
from storage.keeping import HELD_SEATS
from storage.records import (
    AccountId,
    ChallengeId,
    Disposal,
    DisposalStep,
    OutboxState,
    PersonId,
    Post,
    Role,
    Tally,
)
from storage.store import RowOf, Store
from storage.tables import (
    accounts,
    asides,
    challenges,
    check_in_replies,
    conversation_references,
    disposal_steps,
    disposals,
    finding_themes,
    findings,
    holds,
    link_codes,
    link_tries,
    members,
    metadata,
    note_destructions,
    outbox,
    people,
    posts,
    sessions,
    summaries,
    team_channels,
)

KEPT = frozenset({"audit", "disposals", "disposal_steps"})
"""What outlives a challenge: the audit trail (its references to people are sealed under the key that is gone), and
the record of the destruction itself. Every other table with a challenge in it is emptied of that challenge."""

CERTIFICATE = ("disposal.certificate", "disposal.document")  # not to be taken away with the rest
TOLD = "disposal.told"  # the word to the rest of the team: it outlives the challenge, and the chat it goes to with it


class DisposalStore(Store):
    async def get(self, challenge_id: ChallengeId) -> Disposal:
        """Raises `NotStored` when nobody has asked for it."""
        row = await self._one(select(disposals).where(disposals.c.challenge_id == challenge_id))
        if row is None:
            raise NotStored
        return (await self._disposals([row]))[0]

    async def asked_for(self) -> list[Disposal]:
        """Those that wait for a second person, the newest first."""
        query = select(disposals).where(disposals.c.confirmed_at.is_(None)).order_by(disposals.c.asked_at.desc())
        return await self._disposals(await self._all(query))

    async def confirmed(self) -> list[Disposal]:
        """Those under way and those done, the newest first."""
        query = select(disposals).where(disposals.c.confirmed_at.is_not(None)).order_by(disposals.c.confirmed_at.desc())
        return await self._disposals(await self._all(query))

    async def ask(self, disposal: Disposal) -> None:
        """Ask for it, in place of an earlier request."""
        reason = self._sealed(disposal)
        values = {
            "asked_by": disposal.asked_by,
            "asked_as": disposal.asked_as,
            "asked_at": disposal.asked_at,
            "reason_sealed": reason,
            "tally": asdict(disposal.tally),
        }
        insertion = self._insertion(disposals).values(challenge_id=disposal.challenge_id, **values)
        await self._connection.execute(
            insertion.on_conflict_do_update(
                index_elements=["challenge_id"], set_=values, where=disposals.c.confirmed_at.is_(None)
            )
        )

    async def withdraw(self, challenge_id: ChallengeId) -> None:
        """Take back a request that nobody has confirmed."""
        rule = (disposals.c.challenge_id == challenge_id) & disposals.c.confirmed_at.is_(None)
        await self._connection.execute(delete(disposals).where(rule))

    async def confirm(self, challenge_id: ChallengeId, by: AccountId, *, named: str, at: datetime) -> None:
        """From now on nothing of the challenge is read or written, and its destruction goes on by itself."""
        await self._end(challenge_id, at)
        await self._set(challenge_id, confirmed_by=by, confirmed_as=named, confirmed_at=at, next_at=at)

    # ---- going on

    async def due(self, now: datetime) -> list[ChallengeId]:
        query = select(disposals.c.challenge_id).where(disposals.c.next_at <= now).order_by(disposals.c.confirmed_at)
        return [ChallengeId(row.challenge_id) for row in await self._all(query)]

    async def next_at(self) -> datetime | None:
        row = await self._one(select(func.min(disposals.c.next_at).label("next_at")))
        return row.next_at if row else None

    async def take(self, challenge_id: ChallengeId, now: datetime, until: datetime) -> bool:
        """Take it to go on with until then; False when another process has."""
        rule = (disposals.c.challenge_id == challenge_id) & (disposals.c.next_at <= now)
        result = await self._connection.execute(update(disposals).where(rule).values(next_at=until))
        return bool(result.rowcount == 1)

    async def wait(self, challenge_id: ChallengeId, until: datetime | None) -> None:
        """Go on then, or (None) never: all of it is done."""
        await self._set(challenge_id, next_at=until)

    async def note(self, challenge_id: ChallengeId, tally: Tally) -> None:
        await self._set(challenge_id, tally=asdict(tally))

    async def note_done(self, challenge_id: ChallengeId, step: DisposalStep, at: datetime) -> None:
        await self._insert_if_absent(disposal_steps, {"challenge_id": challenge_id, "step": step.value, "done_at": at})

    # ---- what there is

    async def count(self, challenge_id: ChallengeId) -> Tally:
        """What there is to destroy, in numbers that a whole team may see: what is sensitive is in none of them."""
        stands = on_the_wall_of(challenge_id)
        kinds = select(func.count(findings.c.source_type.distinct())).where(*stands)
        return Tally(
            findings=await self._number(select(func.count()).select_from(findings).where(*stands)),
            source_types=await self._number(kinds),
            peers=await self._count_of(members, challenge_id, members.c.role.in_([Role.PEER, Role.LEAD_PEER])),
            sessions=await self._count_of(sessions, challenge_id, sessions.c.posted_at.is_not(None)),
            answers=await self._count_of(check_in_replies, challenge_id, check_in_replies.c.answered_at.is_not(None)),
            summaries=await self._count_of(summaries, challenge_id, summaries.c.state == "approved"),
            holds=await self._count_of(holds, challenge_id),
            note_holders=await self._number(_note_holders(challenge_id)),
            notes_destroyed=await self._number(_note_holders(challenge_id).where(~_has_some_left())),
        )

    async def posts_left(self, challenge_id: ChallengeId, limit: int) -> list[Post]:
        """Baseroom's own posts that still stand on the platforms: those of the challenge, and what was said besides in
        the direct messages of people who are on no other."""
        loose = posts.c.challenge_id.is_(None) & posts.c.conversation.in_(
            select(accounts.c.dm).where(accounts.c.person_id.in_(_only_on(challenge_id)), accounts.c.dm != "")
        )
        query = select(posts).where(or_(posts.c.challenge_id == challenge_id, loose), posts.c.kind.not_in(CERTIFICATE))
        rows = await self._all(query.order_by(posts.c.posted_at, posts.c.message).limit(limit))
        return [
            Post(
                row.platform, row.workspace, row.conversation, row.message, row.kind, row.record, row.slot,
                ChallengeId(row.challenge_id) if row.challenge_id else None, row.posted_at,
            )
            for row in rows
        ]  # fmt: skip

    async def people_of(self, challenge_id: ChallengeId) -> list[PersonId]:
        """Everybody who is or was on it."""
        query = select(members.c.person_id).where(members.c.challenge_id == challenge_id)
        return [PersonId(row.person_id) for row in await self._all(query)]

    async def rest_of_team(self, challenge_id: ChallengeId) -> list[PersonId]:
        """Everybody who was on it at the end and neither asked for the destruction nor confirmed it, always in the same
        order."""
        query = select(members.c.person_id).where(
            members.c.challenge_id == challenge_id,
            members.c.removed_at.is_(None),
            members.c.person_id.not_in(_witnesses(challenge_id)),
        )
        return [PersonId(row.person_id) for row in await self._all(query.order_by(members.c.person_id))]

    # ---- deleting

    async def delete_rows(self, challenge_id: ChallengeId) -> int:
        """Delete everything of the challenge but what the certificate needs, and the seats of people who are on nothing
        else; returns how many rows. Once more changes nothing."""
        self._recall.change()
        deleted = await self._delete(finding_themes, finding_themes.c.finding_id.in_(_findings_of(challenge_id)))
        deleted += await self._forget_people(challenge_id)
        for table in reversed(metadata.sorted_tables):
            if "challenge_id" in table.c and table.name not in KEPT:
                deleted += await self._delete(table, table.c.challenge_id == challenge_id)
        await self._set(challenge_id, reason_sealed=None)
        return deleted

    async def destroy_again(self, challenge_id: ChallengeId, at: datetime) -> None:
        """What came back with an old copy of the database: its key has been destroyed, and now its rows are deleted."""
        await self._end(challenge_id, at)
        await self.delete_rows(challenge_id)

    async def _end(self, challenge_id: ChallengeId, at: datetime) -> None:
        self._recall.change()
        ended = func.coalesce(challenges.c.ended_at, literal(at, challenges.c.ended_at.type))
        row = update(challenges).where(challenges.c.id == challenge_id)
        await self._connection.execute(row.values(destroyed_at=at, ended_at=ended))

    async def _forget_people(self, challenge_id: ChallengeId) -> int:
        """What people typed that was no finding, how the team's channels were reached, and the seats of those on no
        other challenge, but for the two who are to get the certificate. What somebody typed who is on another challenge
        under a hold stays for that one."""
        team = select(members.c.person_id).where(members.c.challenge_id == challenge_id)
        seats = select(accounts.c.id).where(accounts.c.person_id.in_(team))
        deleted = await self._delete(asides, asides.c.account_id.in_(seats) & asides.c.account_id.not_in(HELD_SEATS))
        rows = await self._all(_only_on(challenge_id).where(members.c.person_id.not_in(_witnesses(challenge_id))))
        leaving = [row.person_id for row in rows]
        theirs = await self._all(select(accounts).where(accounts.c.person_id.in_(leaving)))
        channels = await self._all(select(team_channels).where(team_channels.c.challenge_id == challenge_id))
        ids, names = [row.id for row in theirs], [name for row in theirs for name in (row.user_id, row.dm) if name]
        names += [row.conversation for row in channels]
        deleted += await self._delete(outbox, outbox.c.account_id.in_(ids))
        needed = conversation_references.c.subject.in_(select(outbox.c.conversation).where(_IS_WORD))
        named = conversation_references.c.subject.in_(names)
        deleted += await self._delete(conversation_references, named & ~needed)
        deleted += await self._delete(link_codes, link_codes.c.person_id.in_(leaving))
        deleted += await self._delete(link_tries, link_tries.c.person_id.in_(leaving))
        deleted += await self._delete(accounts, accounts.c.person_id.in_(leaving))
        return deleted + await self._delete(people, people.c.id.in_(leaving))

    # ---- the word to the rest of the team

    async def still_to_tell(self, challenge_id: ChallengeId) -> list[datetime]:
        """For each who has not been told, and still may be: when that is due."""
        over = (OutboxState.SENT.value, OutboxState.DROPPED.value, OutboxState.PARKED.value)
        query = select(outbox.c.due_at).where(_is_word_of(challenge_id), outbox.c.state.not_in(over))
        return [row.due_at for row in await self._all(query)]

    async def told(self, challenge_id: ChallengeId) -> int:
        """How many are known to have been told, as long as that is not forgotten."""
        query = select(func.count()).select_from(outbox)
        return await self._number(query.where(_is_word_of(challenge_id), outbox.c.state == OutboxState.SENT.value))

    async def forget_words(self, challenge_id: ChallengeId) -> int:
        """Forget whom it was or is to be said to, and how they are reached; returns how many rows that were. What is
        needed for somebody who is on another challenge, or is to be told of another, stays."""
        words = await self._all(select(outbox.c.conversation).where(_is_word_of(challenge_id)))
        deleted = await self._delete(outbox, _is_word_of(challenge_id))
        deleted += await self._delete(posts, (posts.c.kind == TOLD) & (posts.c.record == challenge_id))
        subject = conversation_references.c.subject
        is_free = subject.not_in(select(accounts.c.dm)) & subject.not_in(select(outbox.c.conversation).where(_IS_WORD))
        theirs = subject.in_([row.conversation for row in words])
        return deleted + await self._delete(conversation_references, theirs & is_free)

    async def _delete(self, table: Table, rule: ColumnElement[bool]) -> int:
        result = await self._connection.execute(delete(table).where(rule))
        return int(result.rowcount)

    # ---- rows and records

    async def _count_of(self, table: Table, challenge_id: ChallengeId, *rules: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(table).where(table.c.challenge_id == challenge_id, *rules)
        return await self._number(query)

    async def _number(self, query: Select[Any]) -> int:
        row = await self._one(query)
        return int(row[0]) if row else 0

    async def _set(self, challenge_id: ChallengeId, **values: object) -> None:
        await self._connection.execute(
            update(disposals).where(disposals.c.challenge_id == challenge_id).values(**values)
        )

    async def _disposals(self, rows: Sequence[RowOf]) -> list[Disposal]:
        ids = [row.challenge_id for row in rows]
        steps = await self._all(select(disposal_steps).where(disposal_steps.c.challenge_id.in_(ids)))
        return [self._disposal(row, [step for step in steps if step.challenge_id == row.challenge_id]) for row in rows]

    def _disposal(self, row: RowOf, steps: Sequence[RowOf]) -> Disposal:
        return Disposal(
            challenge_id=ChallengeId(row.challenge_id),
            asked_by=AccountId(row.asked_by),
            asked_as=row.asked_as,
            asked_at=row.asked_at,
            reason=self._reason(row),
            confirmed_by=AccountId(row.confirmed_by) if row.confirmed_by else None,
            confirmed_as=row.confirmed_as,
            confirmed_at=row.confirmed_at,
            tally=Tally(**row.tally),
            done={DisposalStep(step.step): step.done_at for step in steps},
        )

    def _sealed(self, disposal: Disposal) -> bytes | None:
        if not disposal.reason:
            return None
        seal = self._seal(disposal.challenge_id)
        return seal.close(disposal.reason, table="disposals", column="reason", row=disposal.challenge_id)

    def _reason(self, row: RowOf) -> str:
        """Why it was asked for before the sign-off; empty once that cannot be read any more."""
        if row.reason_sealed is None:
            return ""
        try:
            seal = self._seal(ChallengeId(row.challenge_id))
        except KeyDestroyed:
            return ""
        return seal.open(row.reason_sealed, table="disposals", column="reason", row=row.challenge_id)


def _note_holders(challenge_id: ChallengeId) -> Select[Any]:
    """How many people were asked to destroy notes of their own."""
    asked = func.count(note_destructions.c.member_id.distinct())
    return select(asked).where(note_destructions.c.challenge_id == challenge_id)


def _has_some_left() -> ColumnElement[bool]:
    """Whether the holder of that row of the register has not confirmed all of theirs."""
    other = note_destructions.alias()
    same = (other.c.challenge_id == note_destructions.c.challenge_id) & (
        other.c.member_id == note_destructions.c.member_id
    )
    return select(other.c.item).where(same, other.c.confirmed_at.is_(None)).exists()


_IS_WORD = outbox.c.kind == TOLD


def _is_word_of(challenge_id: ChallengeId) -> ColumnElement[bool]:
    return _IS_WORD & (outbox.c.record == challenge_id)


def _findings_of(challenge_id: ChallengeId) -> Select[Any]:
    return select(findings.c.id).where(findings.c.challenge_id == challenge_id)


def _only_on(challenge_id: ChallengeId) -> Select[Any]:
    """The people who are or were on this challenge, and on no other that is left."""
    elsewhere = select(members.c.person_id).where(members.c.challenge_id != challenge_id)
    return (
        select(members.c.person_id)
        .where(members.c.challenge_id == challenge_id, members.c.person_id.not_in(elsewhere))
        .distinct()
    )


def _witnesses(challenge_id: ChallengeId) -> Select[Any]:
    both = select(disposals.c.asked_by).where(disposals.c.challenge_id == challenge_id)
    other = select(disposals.c.confirmed_by).where(
        disposals.c.challenge_id == challenge_id, disposals.c.confirmed_by.is_not(None)
    )
    return select(accounts.c.person_id).where(accounts.c.id.in_(both) | accounts.c.id.in_(other))
