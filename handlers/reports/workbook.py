"""The workbook of a challenge: everything on its wall and everything around it, in one file that a manager can keep.

Reading takes a handful of statements whatever the size of the wall; making the file happens in a thread.
"""

import asyncio
from dataclasses import replace

from handlers.desk import Desk
from handlers.reports.files import workbook_of
from handlers.reports.rules import Binder, sheets_of
from handlers.reports.trail import read_trail
from storage.records import Challenge


async def write_workbook(desk: Desk, challenge: Challenge, *, sensitive_too: bool = False) -> bytes:
    """The .xlsx of a challenge as it stands now, times on the challenge's own clock.

    `sensitive_too` is for the challenge manager alone, who has asked for it in so many words.
    """
    binder = await read_binder(desk, challenge)
    if sensitive_too:
        binder = replace(binder, sensitive=await desk.uow.findings.sensitive_of(challenge.id))
    sheets = await asyncio.to_thread(sheets_of, binder)
    return await workbook_of(sheets, zone=challenge.tz)


async def read_binder(desk: Desk, challenge: Challenge) -> Binder:
    uow = desk.uow
    check_ins = await uow.checkins.of_challenge(challenge.id)
    return Binder(
        challenge=challenge,
        framework=desk.house.framework_of(challenge),
        made_at=desk.now,
        team=await uow.members.of_challenge(challenge.id, with_removed=True),
        themes=await uow.themes.of_challenge(challenge.id),
        findings=await uow.findings.on_the_wall(challenge.id),
        sessions=await uow.sessions.of_challenge(challenge.id),
        summaries=await uow.summaries.of_challenge(challenge.id),
        check_ins=[(check_in, await uow.checkins.replies(check_in.id)) for check_in in check_ins],
        destroyed=await uow.destruction.of_challenge(challenge.id),
        trail=await read_trail(desk, challenge.id),
    )
