"""What came of a visit, as plain values that can be compared: initials for members, keys for themes, days and times for
sessions; no ids, no platforms."""

from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from storage.records import Challenge, Member, OutboxState, RunState
from storage.unit_of_work import UnitOfWork
from tests.mixed.driving import World

LINKING = ("linking.", "member.linked", "link_code.", "channel.bound")
"""What only a team on two platforms does: saying who is the same, and a second channel."""

Rows = list[tuple[Any, ...]]


@dataclass
class Stored:
    """Everything that is known of a visit, sorted so that order tells nothing."""

    rows: dict[str, Rows] = field(default_factory=dict)

    def differences(self, other: "Stored") -> list[str]:
        """What stands in one and not in the other, a line each."""
        found = []
        for name in sorted(self.rows.keys() | other.rows.keys()):
            mine, theirs = (Counter(map(repr, stored.rows.get(name, []))) for stored in (self, other))
            found += [f"{name}: only here {row}" for row in mine - theirs]
            found += [f"{name}: only there {row}" for row in theirs - mine]
        return found


async def read_stored(world: World) -> Stored:
    challenge = world.challenge
    assert challenge
    async with world.app.database.reading() as uow:
        reader = _Reader(uow, challenge)
        await reader.learn_names()
        return Stored({
            "challenge": [_plain(await uow.challenges.get(challenge.id), "id", "created_by")],
            "members": await reader.members(),
            "themes": await reader.themes(),
            "findings": await reader.findings(),
            "messages": await reader.messages(),
            "sessions": [_plain(one, "id", "challenge_id") for one in await uow.sessions.of_challenge(challenge.id)],
            "summaries": await reader.summaries(),
            "check-ins": await reader.check_ins(),
            "notes": await reader.notes(),
            "schedule": await reader.schedule(),
            "told": await reader.told(),
            "trail": await reader.trail(),
        })  # fmt: skip


def _plain(record: Any, *without: str) -> tuple[Any, ...]:
    return tuple((one.name, getattr(record, one.name)) for one in fields(record) if one.name not in without)


def _to_the_second(said_at: datetime) -> datetime:
    """Slack names a message by its time, and counts those of one second in the millionths."""
    return said_at.replace(microsecond=0)


@dataclass
class _Reader:
    uow: UnitOfWork
    challenge: Challenge
    names: dict[str, str] = field(default_factory=dict)
    team: list[Member] = field(default_factory=list)

    async def learn_names(self) -> None:
        """What each id is called: the initials of a member, the key of a theme, the day and time of a session."""
        uow, challenge = self.uow, self.challenge
        self.team = await uow.members.of_challenge(challenge.id, with_removed=True)
        self.names |= {challenge.id: "the challenge"} | {member.id: member.initials for member in self.team}
        self.names |= {theme.id: theme.key for theme in await uow.themes.of_challenge(challenge.id)}
        self.names |= {
            one.id: f"{one.day} {one.planned:%H:%M}" for one in await uow.sessions.of_challenge(challenge.id)
        }
        self.names |= {one.id: f"check-in {one.title}" for one in await uow.checkins.of_challenge(challenge.id)}

    def named(self, value: Any) -> Any:
        """The value with every id in it called by its name."""
        if isinstance(value, tuple):
            return tuple(self.named(one) for one in value)
        if isinstance(value, frozenset):
            return tuple(sorted(value))
        for name, called in self.names.items() if isinstance(value, str) else ():
            value = value.replace(name, called)
        return value

    async def members(self) -> Rows:
        return [_plain(member, "id", "challenge_id", "person_id") for member in self.team]

    async def themes(self) -> Rows:
        return [
            self.named(_plain(one, "id", "challenge_id"))
            for one in await self.uow.themes.of_challenge(self.challenge.id)
        ]

    async def findings(self) -> Rows:
        found = await self.uow.findings.every_one_of(self.challenge.id)
        return [
            self.named((*_plain(one, "id", "challenge_id", "message_id", "heard_at"), _to_the_second(one.heard_at)))
            for one in found
        ]

    async def messages(self) -> Rows:
        """Who said what when, as far as findings came of it, and whether it stands in a channel."""
        found: dict[str, list[int]] = {}
        for finding in await self.uow.findings.every_one_of(self.challenge.id):
            found.setdefault(finding.message_id or "", []).append(finding.number)
        rows: Rows = []
        for message_id, numbers in found.items():
            message = await self.uow.messages.get(message_id)  # type: ignore[arg-type]  # an id read from a finding
            receipt = await self.uow.receipts.get(message.receipt_id)
            who, whose = self.names[message.member_id], self.names[receipt.member_id]
            said_at = _to_the_second(message.said_at)
            rows.append((numbers, who, said_at, message.kept_as_one, whose, bool(receipt.conversation)))
        return rows

    async def summaries(self) -> Rows:
        found = await self.uow.summaries.of_challenge(self.challenge.id)
        return [
            self.named((*_plain(one, "id", "challenge_id", "lines"), *(_plain(line) for line in one.lines)))
            for one in found
        ]

    async def notes(self) -> Rows:
        asked = await self.uow.destruction.of_challenge(self.challenge.id)
        return [self.named(_plain(one, "challenge_id")) for one in asked]

    async def check_ins(self) -> Rows:
        rows: Rows = []
        for check_in in await self.uow.checkins.of_challenge(self.challenge.id):
            rows.append(self.named(_plain(check_in, "id", "challenge_id", "questions")))
            for reply in (await self.uow.checkins.replies(check_in.id)).values():
                answers = tuple(sorted(reply.answers.items()))
                rows.append(self.named((*_plain(reply, "challenge_id", "answers"), *answers)))
        return rows

    async def schedule(self) -> Rows:
        return [
            self.named(_plain(run, "id", "challenge_id"))
            for state in RunState
            for run in await self.uow.runs.of_challenge(self.challenge.id, state)
        ]

    async def told(self) -> Rows:
        """What people were told unasked, each of it once, whatever account it went to."""
        rows: Rows = []
        for row in await self.uow.outbox.in_state(OutboxState.SENT):
            account = await self.uow.accounts.get(row.intent.to.account) if row.intent.to.account else None
            if row.intent.unprompted and account and not row.intent.kind.startswith(LINKING):
                who = next(one.initials for one in self.team if one.person_id == account.person_id)
                rows.append((who, row.intent.kind, self.named(row.intent.record), row.due_at))
        return rows

    async def trail(self) -> Rows:
        entries = await self.uow.audit.of_challenge(self.challenge.id)
        return [(one.action, one.counts) for one in entries if not one.action.startswith(LINKING)]
