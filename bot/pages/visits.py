"""Who is looking: a link is exchanged once for a browser's own visit, which holds for twelve hours, for one person and
one challenge, and only as long as that person is on it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.access import TEAM
from storage.audit import Act
from storage.errors import KeyDestroyed, NotStored
from storage.records import Challenge, Member, Opens, WebVisit
from storage.unit_of_work import Database, UnitOfWork

LINK_LASTS = timedelta(minutes=10)
VISIT_LASTS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody of the team, at their browser."""

    challenge: Challenge
    member: Member


async def let_in(database: Database, letters: str, now: datetime) -> tuple[str, Opens] | None:
    """Use a link: what the browser is to remember itself by, and what the link opens; None when it opens nothing.
    What is no link is only read: whoever guesses keeps nobody from writing."""
    async with database.reading() as uow:
        if not await uow.passes.is_made(letters):
            return None
    async with database.begin() as uow:
        web_pass = await uow.passes.use(letters, now - LINK_LASTS)
        visit = WebVisit(web_pass.challenge_id, web_pass.person_id, now) if web_pass else None
        remembered = secrets.token_urlsafe(32)
        visitor = await _visitor(uow, visit) if visit else None
        if web_pass and visit and visitor:
            await uow.passes.begin_visit(remembered, visit)
            await _note(uow, visitor, f"link.used.{web_pass.opens.value}", now)
        else:
            web_pass = None
        await uow.commit()
    return (remembered, web_pass.opens) if web_pass else None


async def note_download(database: Database, visitor: Visitor, action: str, now: datetime) -> None:
    """Write in the audit trail what somebody took away in their browser. It is written before they have it."""
    async with database.begin() as uow:
        await _note(uow, visitor, action, now)
        await uow.commit()


async def _note(uow: UnitOfWork, visitor: Visitor, action: str, now: datetime) -> None:
    accounts = await uow.accounts.of_person(visitor.member.person_id)
    uow.audit.note(Act(visitor.challenge.id, now, action, by=accounts[0].id if accounts else None))


async def visitor_of(uow: UnitOfWork, letters: str, now: datetime) -> Visitor | None:
    """Who remembers themselves by these letters, if they are still on the challenge."""
    visit = await uow.passes.visit(letters, now - VISIT_LASTS) if letters else None
    return await _visitor(uow, visit) if visit else None


async def _visitor(uow: UnitOfWork, visit: WebVisit) -> Visitor | None:
    try:
        challenge = await uow.challenges.get(visit.challenge_id)
        member = await uow.members.find(visit.challenge_id, visit.person_id)
    except (NotStored, KeyDestroyed):
        return None
    if challenge.destroyed_at is not None:  # from the second person's word on, though its key is still there
        return None
    if member is None or member.removed_at is not None or member.role not in TEAM:
        return None
    return Visitor(challenge, member)
