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
        await uow.commit()
    database.keys.forget_days_before((now - A_WEEK).date())
