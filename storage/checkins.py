"""Check-ins before the visit: the questions that were sent, and what each peer has answered so far.

Titles, questions and answers are sealed: a peer may say there what worries them about the challenge.
"""

import json
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from storage.errors import NotStored
from storage.keeping import HELD
from storage.records import ChallengeId, CheckIn, CheckInId, CheckInReply, MemberId, Question
from storage.replaced import ANSWERS, WordKeeper
from storage.store import RowOf
from storage.tables import check_in_replies, check_ins

_SAID = "message:"  # before the id of a message: sealed with the answers, and none of them


_UNDER_A_HOLD = select(
    check_in_replies.c.challenge_id, check_in_replies.c.version, check_in_replies.c.answers_sealed
).where(
    check_in_replies.c.check_in_id == bindparam("check_in_id"),
    check_in_replies.c.member_id == bindparam("member_id"),
    check_in_replies.c.challenge_id.in_(HELD),
)


class CheckInStore(WordKeeper):
    async def add(self, check_in: CheckIn) -> None:
        """Raises `AlreadyStored` when it has been sent already."""
        questions = json.dumps([asdict(question) for question in check_in.questions])
        row = {
            "id": check_in.id,
            "challenge_id": check_in.challenge_id,
            "title_sealed": self._sealed(check_in, "title", check_in.title),
            "questions_sealed": self._sealed(check_in, "questions", questions),
            "by": check_in.by,
            "sent_at": check_in.sent_at,
            "sent_by": check_in.sent_by,
            "closed_at": check_in.closed_at,
        }
        await self._insert(check_ins, row)

    async def get(self, check_in_id: CheckInId) -> CheckIn:
        """Raises `NotStored`."""
        row = await self._one(select(check_ins).where(check_ins.c.id == check_in_id))
        if row is None:
            raise NotStored
        return self._check_in(row)

    async def of_challenge(self, challenge_id: ChallengeId) -> list[CheckIn]:
        """Every check-in of a challenge, the newest first."""
        query = select(check_ins).where(check_ins.c.challenge_id == challenge_id)
        return [self._check_in(row) for row in await self._all(query.order_by(check_ins.c.sent_at.desc()))]

    async def newest(self, challenge_id: ChallengeId) -> CheckIn | None:
        """The one that people mean when they say "the check-in", open or closed."""
        query = select(check_ins).where(check_ins.c.challenge_id == challenge_id)
        row = await self._one(query.order_by(check_ins.c.sent_at.desc()).limit(1))
        return self._check_in(row) if row else None

    async def set_closed(self, check_in_id: CheckInId, at: datetime | None) -> None:
        """Close it, or (with None) open it again."""
        await self._connection.execute(update(check_ins).where(check_ins.c.id == check_in_id).values(closed_at=at))

    async def change(self, check_in: CheckIn) -> None:
        """Write its title, and the date by which to answer, as they now are."""
        values = {"title_sealed": self._sealed(check_in, "title", check_in.title), "by": check_in.by}
        await self._connection.execute(update(check_ins).where(check_ins.c.id == check_in.id).values(**values))

    async def reply_of(self, check_in: CheckIn, member_id: MemberId) -> CheckInReply:
        """What the peer has answered; an empty reply of version 0 when that is nothing yet."""
        query = select(check_in_replies).where(
            check_in_replies.c.check_in_id == check_in.id, check_in_replies.c.member_id == member_id
        )
        row = await self._one(query)
        return self._reply(row) if row else CheckInReply(check_in.id, check_in.challenge_id, member_id)

    async def replies(self, check_in_id: CheckInId) -> dict[MemberId, CheckInReply]:
        """The replies to a check-in by who wrote them."""
        rows = await self._all(select(check_in_replies).where(check_in_replies.c.check_in_id == check_in_id))
        return {MemberId(row.member_id): self._reply(row) for row in rows}

    async def save(self, reply: CheckInReply) -> None:
        """Keep the reply as it now is, over what it was; under a hold what it was is kept as well."""
        await self._keep_under_a_hold(reply)
        place = {"check_in_id": reply.check_in_id, "member_id": reply.member_id}
        seal = self._seal(reply.challenge_id)
        said = {f"{_SAID}{message}": words for message, words in reply.said.items()}
        sealed = seal.close(
            json.dumps({**reply.answers, **said}), table="check_in_replies", column="answers",
            row=f"{reply.check_in_id}:{reply.member_id}", version=reply.version,
        )  # fmt: skip
        values = {
            "challenge_id": reply.challenge_id,
            "answers_sealed": sealed,
            "version": reply.version,
            "answered_at": reply.answered_at,
            "remind_at": reply.remind_at,
            "call_at": reply.call_at,
            "call_agreed_at": reply.call_agreed_at,
            "reminded_at": reply.reminded_at,
        }
        insertion = self._insertion(check_in_replies).values(**place, **values)
        await self._connection.execute(insertion.on_conflict_do_update(index_elements=list(place), set_=values))

    async def forget_reply(self, reply: CheckInReply) -> None:
        """Take a reply away: what it says has been put into another."""
        await self._keep_under_a_hold(reply)
        await self._connection.execute(
            delete(check_in_replies).where(
                check_in_replies.c.check_in_id == reply.check_in_id, check_in_replies.c.member_id == reply.member_id
            )
        )

    async def _keep_under_a_hold(self, reply: CheckInReply) -> None:
        as_it_stood = await self._one(_UNDER_A_HOLD, check_in_id=reply.check_in_id, member_id=reply.member_id)
        await self._keep_replaced(as_it_stood, ANSWERS, f"{reply.check_in_id}:{reply.member_id}", "answers")

    def _sealed(self, check_in: CheckIn, column: str, words: str) -> bytes:
        return self._seal(check_in.challenge_id).close(words, table="check_ins", column=column, row=check_in.id)

    def _check_in(self, row: RowOf) -> CheckIn:
        challenge_id = ChallengeId(row.challenge_id)
        seal = self._seal(challenge_id)
        title, questions = (
            seal.open(sealed, table="check_ins", column=column, row=row.id)
            for column, sealed in (("title", row.title_sealed), ("questions", row.questions_sealed))
        )
        return CheckIn(
            id=CheckInId(row.id),
            challenge_id=challenge_id,
            title=title,
            questions=tuple(
                Question(**{**question, "options": tuple(question["options"])}) for question in json.loads(questions)
            ),
            by=row.by,
            sent_at=row.sent_at,
            sent_by=MemberId(row.sent_by),
            closed_at=row.closed_at,
        )

    def _reply(self, row: RowOf) -> CheckInReply:
        challenge_id = ChallengeId(row.challenge_id)
        sealed = self._seal(challenge_id).open(
            row.answers_sealed, table="check_in_replies", column="answers",
            row=f"{row.check_in_id}:{row.member_id}", version=row.version,
        )  # fmt: skip
        kept: dict[str, str] = json.loads(sealed)
        return CheckInReply(
            check_in_id=CheckInId(row.check_in_id),
            challenge_id=challenge_id,
            member_id=MemberId(row.member_id),
            answers={key: words for key, words in kept.items() if not key.startswith(_SAID)},
            version=row.version,
            answered_at=row.answered_at,
            remind_at=row.remind_at,
            call_at=row.call_at,
            call_agreed_at=row.call_agreed_at,
            reminded_at=row.reminded_at,
            said={key.removeprefix(_SAID): words for key, words in kept.items() if key.startswith(_SAID)},
        )
