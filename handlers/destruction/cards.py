"""What people see of note destruction: what each is asked to confirm, and the manager's "6 of 7".

Who is missing stands on the manager's card alone; a peer sees their own notes and nobody else's.
"""

from collections.abc import Sequence

from handlers.access import Seat
from handlers.chat import (
    Button,
    Buttons,
    ButtonStyle,
    Card,
    Confirm,
    Element,
    File,
    Form,
    Platform,
    TextField,
    bold,
    heading,
    note,
    text,
)
from handlers.dates import day_in_words
from handlers.desk import Desk
from handlers.destruction.posts import progress_now
from handlers.destruction.rules import DESTROYED, EVERYTHING, NONE_HELD, NOT_YET, Progress
from handlers.destruction.schedule import has_reminders
from handlers.frameworks import DestructionItem
from handlers.reports.files import MEDIA_TYPE, file_name, workbook_of
from handlers.reports.rules import Binder, register_sheet
from handlers.wording import counted
from storage.records import Challenge, ChallengeId, Intent, Member, MemberId, NoteDestruction

SIGN_OFF = "destruction.sign_off"
CLOSE = "destruction.close"

# ---------------------------------------------------------------- what each person is asked


async def build_request(desk: Desk, intent: Intent) -> Card | None:
    """Each kind of notes with its buttons, or what was said of it. None when nothing is asked any more."""
    member = await desk.uow.members.get(MemberId(intent.record))
    challenge = await desk.uow.challenges.get(member.challenge_id)
    rows = {row.item: row for row in await desk.uow.destruction.of_member(challenge.id, member.id)}
    left = [row for row in rows.values() if row.confirmed_at is None]
    if not rows or (intent.params.get("reminder") == "yes" and not left):
        return None
    items = [item for item in desk.house.framework_of(challenge).destruction if item.key in rows]
    done = f"{len(rows) - len(left)} of {len(rows)}"
    head = _head(challenge, done) if left else _thanks(challenge, intent.to.platform)
    body = [part for item in items for part in _item(challenge, member, item, rows[item.key])]
    return Card(
        notification=f"Your notes: {done} destroyed" if left else "Your notes are destroyed. Thank you.",
        elements=(heading(f"Your notes · {challenge.host}"), *head, *body, *_all_of_it(challenge, member, left)),
    )


def _head(challenge: Challenge, done: str) -> tuple[Element, ...]:
    return (
        text("The report is signed off. Please destroy your notes now, then tell me, one by one. ", bold(f"{done}.")),
        note("Everything was said in confidence. Shred paper, and empty the bin after deleting files."),
    )


def _thanks(challenge: Challenge, platform: str) -> tuple[Element, ...]:
    return (text("Thank you: all your notes are destroyed, and the register says so."), note(_own_messages(platform)))


def _own_messages(platform: str) -> str:
    """What is left to do where Baseroom cannot: it may not delete what other people typed."""
    how = {
        Platform.SLACK: "In Slack: point at a message of yours, More actions, Delete message.",
        Platform.TEAMS: "In Teams: point at a message of yours, More options, Delete.",
    }.get(Platform(platform), "")
    said = "One thing I cannot do for you: what you typed still stands in our chat. Please delete it there."
    return f"{said} {how}".strip()


def _item(challenge: Challenge, member: Member, item: DestructionItem, row: NoteDestruction) -> tuple[Element, ...]:
    value = f"{member.id}:{item.key}"
    if row.confirmed_at is None:
        return (
            text(bold(item.text)),
            Buttons(
                (
                    Button(
                        "Destroyed",
                        "destruction.confirm",
                        f"{value}:{DESTROYED}",
                        ButtonStyle.PRIMARY,
                        about=item.text,
                    ),
                    Button("I had none", "destruction.confirm", f"{value}:{NONE_HELD}", about=item.text),
                )
            ),
        )
    said = "none held" if row.none_held else "destroyed"
    on = day_in_words(row.confirmed_at.astimezone(challenge.tz).date())
    line = text("✓ ", bold(item.text), f": {said}, {on}")
    if challenge.ended_at is not None:
        return (line,)
    return (line, Buttons((Button("Not yet", "destruction.confirm", f"{value}:{NOT_YET}", about=item.text),)))


def _all_of_it(challenge: Challenge, member: Member, left: Sequence[NoteDestruction]) -> tuple[Element, ...]:
    if len(left) < 2:
        return ()
    sure = Confirm("All of it?", "Everything on the list that is left is destroyed.", "Yes, all of it")
    value = f"{member.id}:{EVERYTHING}:{DESTROYED}"
    return (Buttons((Button("All of it is destroyed", "destruction.confirm", value, confirm=sure),)),)


async def build_keep(desk: Desk, intent: Intent) -> Card:
    """The sign-off was a mistake: whoever was asked must hear it before they reach the shredder."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    return Card(
        notification="Please keep your notes for now",
        elements=(
            text(bold("Please keep your notes for now."), " The report is not signed off after all."),
            note(challenge.host),
            text("I will ask you again when it is. If something is gone already, tell the challenge manager."),
        ),
    )


# ---------------------------------------------------------------- what the manager sees


async def build_status(desk: Desk, intent: Intent) -> Card:
    """ "6 of 7": who is missing, and what can be done about it."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    progress = await progress_now(desk, challenge)
    reminders = await has_reminders(desk, challenge)
    signed_off = challenge.signed_off_at or desk.now
    on = day_in_words(signed_off.astimezone(challenge.tz).date())
    return Card(
        notification=f"Notes destroyed: {progress.in_numbers}",
        elements=(
            heading(f"Note destruction · {challenge.host}"),
            text(bold(f"{progress.in_numbers}"), f" have destroyed their notes. The report was signed off on {on}."),
            *_missing(progress, reminders=reminders),
            note(
                "This is about notes that people hold. What Baseroom itself holds is destroyed apart from it: type "
                "“challenge kept”."
            ),
            Buttons(_status_buttons(challenge, progress, reminders=reminders)),
        ),
    )


def _missing(progress: Progress, *, reminders: bool) -> tuple[Element, ...]:
    if progress.is_done:
        return (text("Everybody has confirmed. You can export the register and close the challenge."),)
    names = ", ".join(_named(member) for member in progress.missing)
    reminded = "They are reminded every three days." if reminders else "Reminders are stopped."
    return (text(f"Missing: {names}."), text(reminded))


def _named(member: Member) -> str:
    left = ", left the team" if member.removed_at is not None else ""
    return f"{member.name} ({member.initials}{left})"


def _status_buttons(challenge: Challenge, progress: Progress, *, reminders: bool) -> tuple[Button, ...]:
    export = Button("Export the register", "destruction.export", challenge.id)
    if challenge.ended_at is not None:
        return (export,)
    if progress.is_done:
        close = Button("Close the challenge", "destruction.close", challenge.id, ButtonStyle.PRIMARY, opens=CLOSE)
        return (close, export)
    verb, action = ("Stop reminders", "stop") if reminders else ("Start reminders again", "start")
    return (
        Button("Remind them now", "destruction.remind", challenge.id, ButtonStyle.PRIMARY),
        Button(verb, f"destruction.{action}", challenge.id),
        export,
    )


async def build_register(desk: Desk, intent: Intent) -> File:
    """The register as a spreadsheet."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    progress = await progress_now(desk, challenge)
    binder = Binder(
        challenge=challenge,
        framework=desk.house.framework_of(challenge),
        made_at=desk.now,
        team=await desk.uow.members.of_challenge(challenge.id, with_removed=True),
        themes=(),
        findings=(),
        sessions=(),
        summaries=(),
        check_ins=(),
        destroyed=await desk.uow.destruction.of_challenge(challenge.id),
    )
    return File(
        notification=f"The register of note destruction: {progress.in_numbers}",
        name=file_name(challenge.host, "note destruction", desk.local(challenge).date()),
        media_type=MEDIA_TYPE,
        content=await workbook_of([register_sheet(binder)], zone=challenge.tz),
    )


# ---------------------------------------------------------------- forms


def sign_off_form(challenge: Challenge, people: int, today: str) -> Form:
    """What saying "signed off" sets going, before it is said."""
    return Form(
        SIGN_OFF,
        "The report is signed off",
        (
            text(bold(challenge.host)),
            text(f"I will ask {people} people in private to destroy their notes and confirm it item by item."),
            text("They are reminded every three days until they have. You can take it back for a day."),
            TextField(
                name="day", label="Signed off on", value=today, required=True, max_length=60, placeholder="4 December"
            ),
        ),
        submit="It is signed off",
        carried={"challenge": challenge.id},
    )


def close_form(challenge: Challenge, progress: Progress) -> Form:
    """What closing means, before it is done."""
    many = counted(len(progress.missing), "person has", "people have")
    said = text(f"{many} not confirmed that their notes are destroyed. They would not be reminded any more.")
    left = (said,) if progress.missing else ()
    return Form(
        CLOSE,
        "Close the challenge",
        (
            text(bold(challenge.host)),
            text("Nothing more can be added: no findings, no sessions, no reminders."),
            *left,
            text("Nothing is deleted: the workbook and the register can still be exported."),
            text(bold("This cannot be undone:"), " a closed challenge is not opened again."),
        ),
        submit="Close it",
        carried={"challenge": challenge.id},
    )


# ---------------------------------------------------------------- on other people's cards


async def find_missing(desk: Desk, seat: Seat) -> tuple[str, ...]:
    """For the manager's status card: how many have not confirmed."""
    if not seat.is_manager or seat.challenge.signed_off_at is None:
        return ()
    progress = await progress_now(desk, seat.challenge)
    if not progress.missing:
        return ()
    return (f"Notes: {len(progress.missing)} of {len(progress.asked)} have not confirmed that theirs are destroyed.",)


async def build_asked(desk: Desk, seat: Seat) -> tuple[Element, ...]:
    """For anybody's home page: their own notes, while some are left."""
    rows = await desk.uow.destruction.of_member(seat.challenge.id, seat.member.id)
    left = sum(1 for row in rows if row.confirmed_at is None)
    if not left:
        return ()
    show = Button("Show", "destruction.own", seat.member.id, ButtonStyle.PRIMARY)
    return (text(f"Your notes: {len(rows) - left} of {len(rows)} confirmed as destroyed."), Buttons((show,)))
