"""The manager's two forms: who is the same as whom, and which link to cut."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.chat import Choice, ChoiceField, Form, PeopleField, bold, text
from handlers.frameworks.rules import SHORT_CHOICE
from handlers.text import shorten
from handlers.wording import platform_name
from storage.records import Account, Challenge, Member

LINK = "linking.link"
UNLINK = "linking.unlink"


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """One of the accounts of somebody on the team who has several."""

    member: Member
    account: Account


def link_form(challenge: Challenge, team: Sequence[Member], *, unclear: Sequence[str] = ()) -> Form:
    choices = tuple(Choice(shorten(f"{one.name} ({one.initials})", SHORT_CHOICE), one.id) for one in team)
    return Form(
        LINK,
        "Link two accounts",
        (
            text(bold(challenge.host)),
            *map(text, unclear),
            text("One person, two platforms: they keep the older initials, and both accounts see the same."),
            ChoiceField(name="one", label="Who?", choices=choices, required=True),
            ChoiceField(name="second", label="Who is also, on the team,", choices=choices),
            PeopleField(
                name="account", label="Or: whose account here", several=False, hint="If it is not on the team yet.",
            ),
        ),
        submit="Link",
        carried={"challenge": challenge.id},
    )  # fmt: skip


def unlink_form(challenge: Challenge, linked: Sequence[LinkedAccount]) -> Form:
    choices = tuple(
        Choice(
            shorten(
                f"{one.member.name} ({one.member.initials}) on {platform_name(one.account.platform)}", SHORT_CHOICE
            ),
            one.account.id,
        )
        for one in linked
    )
    return Form(
        UNLINK,
        "Cut a link",
        (
            text(bold(challenge.host)),
            text("The account you choose loses access at once. What was logged stays where it is."),
            ChoiceField(name="account", label="Which account is not theirs?", choices=choices, required=True),
        ),
        submit="Cut",
        carried={"challenge": challenge.id},
    )
