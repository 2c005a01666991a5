"""Who may change the sessions, by the ids that a platform knows them by: a card that the whole channel sees shows the
buttons for it to them alone, where the platform can."""

from handlers.desk import Desk
from storage.records import Address, Challenge, Role

LEADS = frozenset({Role.CHALLENGE_MANAGER, Role.LEAD_PEER})


async def leads_at(desk: Desk, challenge: Challenge, to: Address) -> tuple[str, ...]:
    """The platform ids, where the post goes, of the challenge managers and lead peers."""
    team = await desk.uow.members.of_challenge(challenge.id)
    accounts = [
        account
        for member in team
        if member.role in LEADS
        for account in await desk.uow.accounts.of_person(member.person_id)
    ]
    here = (to.platform, to.workspace)
    return tuple(account.user_id for account in accounts if (account.platform, account.workspace) == here)
