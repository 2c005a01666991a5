"""What people see of linking. A code stands on the card only, never in a notification, and no card says which
challenge anybody is on: a link that is wrong must tell as little as it can."""

from handlers.chat import Button, Buttons, ButtonStyle, Card, bold, note, text
from handlers.desk import Desk
from handlers.linking.rules import code_said
from handlers.wording import listed, platform_name
from storage.records import Account, Intent, MemberId, PersonId


async def build_code(_desk: Desk, intent: Intent) -> Card:
    return Card(
        notification="Your code is ready",
        elements=(
            text("On the other platform, type this to me:"),
            text(bold(f"link {code_said(intent.params['code'])}")),
            note("It works once, for ten minutes. Give it to nobody: whoever types it becomes you here."),
        ),
    )


async def build_sure(_desk: Desk, intent: Intent) -> Card:
    """To somebody with a seat of their own: what typing a stranger's code would give away."""
    yes = Button("Yes, both are mine", "linking.yes", intent.record, ButtonStyle.DANGER)
    return Card(
        notification="Link the two accounts?",
        elements=(
            text("That code is right. ", bold("Did you ask for it yourself, on your other account?")),
            text("Whoever uses that account will see and do everything here that you can. If somebody sent you the "
                 "code, do not press this, and tell your challenge manager."),
            Buttons((yes,)),
        ),
    )  # fmt: skip


async def build_linked(desk: Desk, intent: Intent) -> Card | None:
    """To each account, when it has become one with another."""
    account = await desk.uow.accounts.get(intent.to.account) if intent.to.account else None
    if account is None:
        return None
    return Card(
        notification="Your accounts are linked",
        elements=(
            text(bold(f"You are one person now on {await _where(desk, account.person_id)}.")),
            text("Type what you heard in either: it is on the same wall, under the same initials. What I have to tell "
                 "you comes to where you last spoke."),
            note("If an account here is not yours, tell your challenge manager: they can cut the link."),
        ),
    )  # fmt: skip


async def build_apart(_desk: Desk, _intent: Intent) -> Card:
    """To each account, when one was cut off."""
    return Card(
        notification="Your accounts are not linked any more",
        elements=(
            text("A challenge manager has cut the link between this account and another. Each is by itself again."),
            note("If both are yours, tell your challenge manager."),
        ),
    )


async def build_news(desk: Desk, intent: Intent) -> Card:
    """To the manager, when somebody on the team is on two platforms from now on."""
    member = await desk.uow.members.get(MemberId(intent.record))
    challenge = await desk.uow.challenges.get(member.challenge_id)
    return Card(
        notification="Somebody on the team has linked two accounts",
        elements=(
            text(
                bold(f"{member.name} ({member.initials})"),
                f" of {challenge.host} is on {await _where(desk, member.person_id)} now, as one person.",
            ),
            note("If that is not right, type “challenge unlink”."),
        ),
    )


async def _where(desk: Desk, person_id: PersonId) -> str:
    accounts: list[Account] = await desk.uow.accounts.of_person(person_id)
    return listed(sorted({platform_name(account.platform) for account in accounts}))
