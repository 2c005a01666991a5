"""What people hear of a post that did not go out as it should: nothing that was due is silently missed.

A post for the team channel that could not be made is admitted to the challenge manager; one of which nobody can tell
whether it arrived is asked about; somebody who cannot be written to any more is noticed.
"""

from bot.carrying import TOO_LATE, Ending, Sent, Stopped
from bot.ports import BLOCKED, SHUT_OUT
from handlers.desk import Desk
from storage.outbox import NOT_KNOWN
from storage.records import Intent, OutboxState

WHAT_TO_DO = "If this goes on, see that I am still in the channel, and type /challenge here in it."


async def admit(desk: Desk, ended: Ending, ending: Ending) -> None:
    """`ended` is what the platform made of the post, `ending` what was made of that: it may have gone to the person's
    other account."""
    await _follow_reach(desk, ended)
    if not isinstance(ending, Stopped):
        return
    if ending.why == NOT_KNOWN:
        if desk.house.registry.not_known:
            await desk.house.registry.not_known(desk, ending.row)
    elif ending.state is OutboxState.PARKED or ending.why == TOO_LATE:
        await _admit_missing_post(desk, ending)


async def _follow_reach(desk: Desk, ended: Ending) -> None:
    """Whether the person can be written to in their own chat there; what waits for them in a channel tells nothing."""
    account_id, blocked = ended.row.intent.to.account, desk.house.registry.blocked
    account = await desk.uow.accounts.get(account_id) if account_id else None
    if account is None:
        return
    if isinstance(ended, Stopped) and ended.why == BLOCKED and blocked:
        await blocked(desk, account)
    elif isinstance(ended, Sent) and account.blocked_at and not ended.row.intent.to.conversation:
        await desk.uow.accounts.set_blocked(account.id, None)


async def _admit_missing_post(desk: Desk, ending: Stopped) -> None:
    """No post for the team channel is silently missed: the manager is told of one that could not be made."""
    intent = ending.row.intent
    if not intent.to.conversation or intent.to.account or intent.challenge_id is None:
        return
    give_back = desk.house.registry.unposted.get(intent.kind)
    if give_back and (ending.why == TOO_LATE or ending.refused):
        await give_back(desk, intent)
    if (give_back and ending.why == TOO_LATE) or await _is_shut_out(desk, ending):
        return
    challenge = await desk.uow.challenges.get(intent.challenge_id)
    text = f"A post for the team channel of {challenge.host} could not be made: {ending.why}. {WHAT_TO_DO}"
    await desk.tell_managers(challenge, Intent("notice", intent.to, params={"text": text}))


async def _is_shut_out(desk: Desk, ending: Stopped) -> bool:
    """Whether it was because Baseroom is not in the team channel any more; the managers then hear what to do."""
    to, shut_out = ending.row.intent.to, desk.house.registry.shut_out
    channel = await desk.uow.channels.find(to.platform, to.workspace, to.conversation)
    if ending.why != SHUT_OUT or shut_out is None or channel is None:
        return False
    await shut_out(desk, channel)
    return True
