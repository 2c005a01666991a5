"""What people see of what Baseroom keeps: until when, under which hold, and at the end the certificate.

Reasons may say more than a team should read: they stand in the managers' direct messages alone.
"""

from handlers.chat import (
    Bullets,
    Button,
    Buttons,
    ButtonStyle,
    Card,
    Divider,
    Element,
    Fields,
    File,
    Form,
    Text,
    TextField,
    bold,
    heading,
    note,
    quote,
    text,
)
from handlers.dates import day_in_words
from handlers.desk import Desk
from handlers.disposal.certificate import Certificate, Databases, certify
from handlers.disposal.document import MEDIA_TYPE, document_of
from handlers.disposal.rules import days_left_said, why_that_day
from handlers.keeping import Keeping, keeping_of
from handlers.reports.files import file_name
from handlers.wording import counted
from storage.errors import NotStored
from storage.records import Challenge, ChallengeId, Disposal, Hold, Intent, Tally

KEEP, HOLD, UNHOLD = "disposal.keep", "disposal.hold", "disposal.unhold"
DESTROY, CONFIRM, WITHDRAW = "disposal.destroy", "disposal.confirm", "disposal.withdraw"
REASON_LENGTH = 500

# ---------------------------------------------------------------- what is kept


async def build_kept(desk: Desk, intent: Intent) -> Card | None:
    """What there is, until when, and what a manager can do about it. None once it is being destroyed."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    if challenge.destroyed_at is not None:
        return None
    keeping, request = await keeping_of(desk, challenge), await _request(desk, challenge)
    tally = await desk.uow.disposals.count(challenge.id)
    is_for_manager = await _is_for_a_manager(desk, challenge, intent)
    buttons = (_kept_buttons(challenge, keeping, request),) if is_for_manager else ()
    return Card(
        notification=f"What is kept: {counted(tally.findings, 'finding', 'findings')}",
        elements=(
            heading(f"What Baseroom keeps · {challenge.host}"),
            Fields((("Kept", _in_numbers(tally)), ("To be destroyed by", _by(keeping, challenge)))),
            *await _on_hold(desk, challenge, keeping.hold),
            *_asked_for(request),
            *buttons,
        ),
    )


async def _is_for_a_manager(desk: Desk, challenge: Challenge, intent: Intent) -> bool:
    """A lead peer who puts it on hold is shown what stands, and no button that only managers may press."""
    account = await desk.uow.accounts.get(intent.to.account) if intent.to.account else None
    managers = {manager.person_id for manager in await desk.managers_of(challenge)}
    return account is not None and account.person_id in managers


def _in_numbers(tally: Tally) -> str:
    kinds = counted(tally.source_types, "kind of source", "kinds of source")
    findings = counted(tally.findings, "finding", "findings")
    return f"{findings} from {kinds}, by a team of {counted(tally.peers, 'peer', 'peers')}"


def _by(keeping: Keeping, challenge: Challenge) -> str:
    day = f"{day_in_words(keeping.destroy_by)} {keeping.destroy_by.year}"
    return f"{day} ({why_that_day(challenge, keeping.destroy_by)})"


async def _on_hold(desk: Desk, challenge: Challenge, hold: Hold | None) -> tuple[Element, ...]:
    if hold is None:
        return ()
    since = day_in_words(hold.placed_at.astimezone(challenge.tz).date())
    by = (await desk.uow.members.get(hold.placed_by)).initials
    return (
        text(bold("On hold"), f" since {since}, by {by}. Nothing is destroyed until the hold is lifted."),
        quote(hold.reason),
    )


def _asked_for(request: Disposal | None) -> tuple[Element, ...]:
    if request is None:
        return ()
    by = _in_a_sentence(request.asked_as)
    return (text(bold("Destruction is asked for"), f" by {by}. A second person has to confirm it."),)


def _in_a_sentence(named: str) -> str:
    """A role and initials where they do not begin the line: "peer challenge manager, MO"."""
    return named[:1].lower() + named[1:]


def _kept_buttons(challenge: Challenge, keeping: Keeping, request: Disposal | None) -> Buttons:
    keep = Button("Keep it longer", KEEP, challenge.id, opens=KEEP)
    if keeping.hold is not None:
        return Buttons((Button("Lift the hold", UNHOLD, challenge.id, opens=UNHOLD), keep))
    hold = Button("Put it on hold", HOLD, challenge.id, opens=HOLD)
    if request is not None:
        return Buttons((Button("Withdraw the request", WITHDRAW, challenge.id), keep, hold))
    destroy = Button("Destroy all of it", DESTROY, challenge.id, ButtonStyle.DANGER, opens=DESTROY)
    return Buttons((keep, hold, destroy))


async def build_reminder(desk: Desk, intent: Intent) -> Card | None:
    """The day comes near, is here, or has passed. None under a hold."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    keeping = await keeping_of(desk, challenge)
    if challenge.destroyed_at is not None or keeping.hold is not None:
        return None
    left = days_left_said(keeping.destroy_by, desk.local(challenge).date())
    by = f"{day_in_words(keeping.destroy_by)} {keeping.destroy_by.year}"
    return Card(
        notification=f"What Baseroom keeps is to be destroyed {left}",
        elements=(
            text(bold(challenge.host), f": everything Baseroom keeps is to be destroyed by {by}, {left}."),
            text("Export what you still need, then destroy it; or keep it longer, with a reason."),
            _kept_buttons(challenge, keeping, await _request(desk, challenge)),
        ),
    )


async def _request(desk: Desk, challenge: Challenge) -> Disposal | None:
    try:
        return await desk.uow.disposals.get(challenge.id)
    except NotStored:
        return None


# ---------------------------------------------------------------- the second person


async def build_asked(desk: Desk, intent: Intent) -> Card | None:
    """To everybody on the team who may confirm. None once the request is withdrawn or confirmed."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    request = await _request(desk, challenge)
    if request is None or request.confirmed_at is not None:
        return None
    why, by = (quote(request.reason),) if request.reason else (), _in_a_sentence(request.asked_as)
    read = Button("Read and confirm", CONFIRM, challenge.id, ButtonStyle.PRIMARY, opens=CONFIRM)
    return Card(
        notification="A destruction waits for a second person",
        elements=(
            text(bold(challenge.host), f": {by}, asks to destroy everything that Baseroom keeps."),
            *why,
            note("Nothing happens unless a second person confirms. If in doubt, ask before you press."),
            Buttons((read,)),
        ),
    )


# ---------------------------------------------------------------- the certificate


async def _certificate(desk: Desk, challenge: Challenge) -> Certificate:
    databases = Databases(desk.uow.is_in_file, desk.uow.keys.is_in_file)
    disposal, waiting = await desk.uow.disposals.get(challenge.id), await desk.uow.disposals.still_to_tell(challenge.id)
    return certify(challenge, disposal, databases, still_to_tell=len(waiting))


async def build_certificate(desk: Desk, intent: Intent) -> Card | None:
    """How far it has come; in the end the certificate. The document says the same."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    certificate = await _certificate(desk, challenge)
    if not certificate.is_done:
        return Card(
            notification="A destruction is under way",
            elements=(
                heading(f"{certificate.title} · {challenge.host}"),
                Fields(certificate.steps),
                note(
                    "The certificate comes here when all of it is destroyed, whatever the hour. The rest of the team "
                    "are told by day."
                ),
            ),
        )
    left = tuple(text(bold(where), f": {who}.") for where, who in certificate.elsewhere)
    return Card(
        notification="The certificate of destruction",
        elements=(
            heading(f"{certificate.title} · {challenge.host}"),
            Fields(certificate.about),
            Divider(),
            Fields(certificate.steps),
            Divider(),
            Fields(certificate.numbers),
            text(bold("Where a copy may remain that Baseroom cannot reach, and who must act")),
            Bullets(left),
        ),
    )


async def build_document(desk: Desk, intent: Intent) -> File:
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    certificate = await _certificate(desk, challenge)
    named = file_name(challenge.host, "certificate of destruction", desk.local(challenge).date())
    return File(
        notification="The certificate of destruction, for your files",
        name=named.removesuffix(".xlsx") + ".docx",
        media_type=MEDIA_TYPE,
        content=await document_of(certificate),
    )


async def build_told(desk: Desk, intent: Intent) -> Card:
    """To the rest of the team, who neither asked nor confirmed: whose chat has been emptied."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    return Card(
        notification="What Baseroom kept of a challenge is destroyed",
        elements=(
            text(
                bold(challenge.host),
                ": the findings, the summaries and everything else that Baseroom kept or posted of this challenge are "
                "destroyed for good; the messages that you typed yourself and your own notes are yours to delete.",
            ),
        ),
    )


# ---------------------------------------------------------------- forms


def keep_form(challenge: Challenge, keeping: Keeping) -> Form:
    return Form(
        KEEP,
        "Keep it longer",
        (
            text(bold(challenge.host), f", to be destroyed by {_by(keeping, challenge)}."),
            TextField(name="until", label="Keep it until", required=True, max_length=60, placeholder="31 March 2027"),
            _reason_field("Why it is needed for longer"),
        ),
        submit="Keep it",
        carried={"challenge": challenge.id},
    )


def hold_form(challenge: Challenge) -> Form:
    return Form(
        HOLD,
        "Put it on hold",
        (
            text(bold(challenge.host)),
            text("While the hold stands nothing is destroyed: not by hand, not by the day, nor withdrawn findings."),
            _reason_field("Why (a request for information, a complaint …)"),
        ),
        submit="Put it on hold",
        carried={"challenge": challenge.id},
    )


def unhold_form(challenge: Challenge, hold: Hold) -> Form:
    return Form(
        UNHOLD,
        "Lift the hold",
        (text(bold(challenge.host)), quote(hold.reason), _reason_field("Why it can be lifted")),
        submit="Lift it",
        carried={"challenge": challenge.id},
    )


def destroy_form(challenge: Challenge, tally: Tally, *, unconfirmed: int) -> Form:
    """What would be gone, before it is asked for. Before the sign-off a reason must be given."""
    return Form(
        DESTROY,
        "Destroy all of it",
        (
            *_what_goes(challenge, tally, unconfirmed),
            *(() if challenge.signed_off_at else (text("The report is not signed off. Say why it must go now."),)),
            *(() if challenge.signed_off_at else (_reason_field("Why before the sign-off"),)),
            _host_field(),
        ),
        submit="Ask for it",
        carried={"challenge": challenge.id},
    )


def confirm_form(challenge: Challenge, request: Disposal, tally: Tally, *, unconfirmed: int) -> Form:
    return Form(
        CONFIRM,
        "Confirm the destruction",
        (
            text(f"Asked for by {_in_a_sentence(request.asked_as)}."),
            *((quote(request.reason),) if request.reason else ()),
            *_what_goes(challenge, tally, unconfirmed),
            _host_field(),
        ),
        submit="Destroy it",
        carried={"challenge": challenge.id},
    )


def _what_goes(challenge: Challenge, tally: Tally, unconfirmed: int) -> tuple[Text, ...]:
    not_yet = counted(unconfirmed, "person has", "people have")
    return (
        text(bold(challenge.host), f": {_in_numbers(tally)}, and everything else of this challenge."),
        text(bold("This cannot be undone."), " No backup brings it back: the key itself is destroyed."),
        text("Export the workbook and the register of note destruction first, if they are to be kept."),
        *((text(f"{not_yet} not confirmed that their own notes are destroyed."),) if unconfirmed else ()),
    )


def _host_field() -> TextField:
    return TextField(name="host", label="Type the host’s name, to be sure", required=True, max_length=200)


def _reason_field(label: str) -> TextField:
    return TextField(name="reason", label=label, required=True, lines=True, max_length=REASON_LENGTH)


def held_notice(challenge: Challenge) -> str:
    return f"{challenge.host}: please keep your notes for now, and destroy nothing. I will tell you when that is over."
