"""What Baseroom forgets by itself: withdrawn words after a day, asides after a day, marks of deliveries after a week.
While a hold stands it forgets no word of that challenge's, nor what its people typed besides.

RELIABILITY, 'What is not kept': a peer who takes a finding back has removed its words; its number and times remain.
On the same round it looks whether what should be kept can still be read.
"""

from datetime import datetime, timedelta

import structlog

from handlers.desk import Desk, House
from storage.records import Address, Intent
from storage.unit_of_work import Database

log = structlog.get_logger("baseroom.housekeeping")

A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)
TO_BE_FOUND = Address("", "")  # `tell_managers` finds where each manager is
WHAT_TO_DO = (
    "its record is damaged. Its number, theme and times still stand, and everything else works. Ask whoever heard it "
    "to edit their message, which saves it anew, and whoever runs Baseroom to look at the disk and the last backup."
)


async def tidy(database: Database, now: datetime) -> None:
    """Forget what is past its time."""
    async with database.begin() as uow:
        await uow.findings.purge_withdrawn(now - A_DAY)
        await uow.replaced.forget()
        await uow.asides.forget_before(now - A_DAY)
        await uow.inbox.forget_early_before(now - A_DAY)
        await uow.inbox.forget_marks_before(now - A_WEEK)
        await uow.outbox.forget_waiting_before(now - A_WEEK)
        first_day = await uow.asides.first_day()
        await uow.commit()
    await note_heads(database)
    a_week_ago = (now - A_WEEK).date()
    database.keys.forget_days_before(min(first_day or a_week_ago, a_week_ago))


async def tell_of_damage(database: Database, house: House, now: datetime) -> None:
    """A finding whose seal does not fit is shown as unreadable wherever it stands, and its managers are told: once, and
    once more each week for as long as it is so."""
    async with database.reading() as uow:
        live = [one for one in await uow.challenges.all() if one.ended_at is None]
        damaged = [(one, finding) for one in live for finding in await uow.findings.unreadable(one.id)]
    for challenge, finding in damaged:
        async with database.begin() as uow:
            if await uow.inbox.is_new(f"unreadable|{finding.id}|{finding.version}", now):
                log.warning("a finding cannot be read", challenge=challenge.id, number=finding.number)
                text = f"Finding #{finding.number} of {challenge.host} cannot be read any more: {WHAT_TO_DO}"
                notice = Intent("notice", TO_BE_FOUND, params={"text": text})
                await Desk(uow, now, house).tell_managers(challenge, notice)
                await uow.commit()


async def note_heads(database: Database) -> None:
    """Keep with the keys how far each chain has come, so that an end that is cut off later is missed."""
    async with database.reading() as uow:
        heads = await uow.audit.heads()
    known = database.keys.heads()
    for chain, head in heads.items():
        if known.get(chain, (0, b""))[0] < head.seq:
            database.keys.note_head(chain, head.seq, head.digest)
