"""Handing the workbook over: the file, with one line that says what it is and what is to become of it."""

from handlers.chat import Button, Buttons, Card, Confirm, File, text
from handlers.desk import Desk
from handlers.reports.files import MEDIA_TYPE, file_name
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
    sensitive_too = bool(intent.params.get("sensitive_too"))
    return File(
        notification=f"The workbook, with {findings}. It is confidential: destroy it when the report is signed off.",
        name=file_name(
            challenge.host, "findings, sensitive too" if sensitive_too else "findings", desk.local(challenge).date()
        ),
        media_type=MEDIA_TYPE,
        content=await write_workbook(desk, challenge, sensitive_too=sensitive_too),
    )


async def build_left_out(desk: Desk, intent: Intent) -> Card | None:
    """Under the workbook: what is not in it, and how the manager gets it all the same; None where all is in it."""
    many = len(await desk.uow.findings.sensitive_of(ChallengeId(intent.record)))
    if not many:
        return None
    sentence = f"{counted(many, 'sensitive finding is', 'sensitive findings are')} not in the workbook."
    sure = Confirm(
        "Export what is sensitive?", "It gets a sheet of its own. Keep that file to yourself.", "Export with them"
    )
    button = Button("Export with them", "reports.export_all", intent.record, confirm=sure)
    return Card(sentence, (text(sentence), Buttons((button,))))
