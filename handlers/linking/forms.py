"""The manager's two forms: who is the same as whom, and which link to cut."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.chat import ChoiceField, Form, PeopleField, bold, text
from handlers.team.forms import choose_form, short_choices
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
    choices = short_choices((one.id, f"{one.name} ({one.initials})") for one in team)
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
    labels = (
        (one.account.id, f"{one.member.name} ({one.member.initials}) on {platform_name(one.account.platform)}")
        for one in linked
    )
    return choose_form(
        UNLINK,
        challenge,
        title="Cut a link",
        consequence="The account you choose loses access at once. What was logged stays where it is.",
        field=ChoiceField(
            name="account", label="Which account is not theirs?", choices=short_choices(labels), required=True
        ),
        submit="Cut",
    )
