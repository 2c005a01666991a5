"""What Baseroom forgets by itself: withdrawn words after a day, asides after a day, marks of deliveries after a week.

RELIABILITY, 'What is not kept': a peer who takes a finding back has removed its words; its number and times remain.
"""

from datetime import datetime, timedelta

from storage.unit_of_work import Database

A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)


async def tidy(database: Database, now: datetime) -> None:
    """Forget what is past its time."""
    async with database.begin() as uow:
        await uow.findings.purge_withdrawn(now - A_DAY)
        await uow.asides.forget_before(now - A_DAY)
        await uow.inbox.forget_early_before(now - A_DAY)
        await uow.inbox.forget_marks_before(now - A_WEEK)
        await uow.outbox.forget_waiting_before(now - A_WEEK)
        await uow.commit()
    await note_heads(database)
    database.keys.forget_days_before((now - A_WEEK).date())


async def note_heads(database: Database) -> None:
    """Keep with the keys how far each chain has come, so that an end that is cut off later is missed."""
    async with database.reading() as uow:
        heads = await uow.audit.heads()
    known = database.keys.heads()
    for chain, head in heads.items():
        if known.get(chain, (0, b""))[0] < head.seq:
            database.keys.note_head(chain, head.seq, head.digest)
