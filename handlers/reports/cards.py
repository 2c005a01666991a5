"""Handing the workbook over: the file, with one line that says what it is and what is to become of it."""

from handlers.chat import File
from handlers.desk import Desk
from handlers.reports.sheets import MEDIA_TYPE, file_name
from handlers.reports.workbook import write_workbook
from handlers.wording import counted
from storage.records import ChallengeId, Intent, MemberId, Role


async def build_workbook(desk: Desk, intent: Intent) -> File | None:
    """None when whoever asked is no longer the challenge's manager."""
    member = await desk.uow.members.get(MemberId(intent.params["member"]))
    if member.removed_at is not None or member.role is not Role.CHALLENGE_MANAGER:
        return None
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    findings = counted(await desk.uow.findings.count(challenge.id), "finding", "findings")
    return File(
        notification=f"The workbook, with {findings}. It is confidential: destroy it when the report is signed off.",
        name=file_name(challenge.host, "findings", desk.local(challenge).date()),
        media_type=MEDIA_TYPE,
        content=await write_workbook(desk, challenge),
    )
