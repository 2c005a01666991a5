"""`baseroom audit verify`: anyone with the database can see whether the audit trail is as it was written.

Each chain is followed from its beginning and compared with the head that is kept with the keys. It needs nobody's key:
the chain of a challenge that was destroyed is checked like any other.
"""

from collections.abc import Callable

from bot.clock import SystemClock
from bot.serve import opened
from bot.settings import Settings
from handlers.errors import Refusal
from storage.audit import Head, Verdict, verify
from storage.records import Challenge, ChallengeId

Say = Callable[[str], None]

DESTROYED = "a challenge that was destroyed"


class NoSuchTrail(Refusal):
    """There is no audit trail of a challenge with that host."""


async def verify_audit(settings: Settings, name: str, *, say: Say) -> bool:
    """Say of each chain (of the hosts with `name` in them) whether it is intact; returns whether all are."""
    async with opened(settings, SystemClock()) as app, app.database.reading() as uow:
        hosts = {challenge.id: _named(challenge) for challenge in await uow.challenges.all()}
        noted = app.database.keys.heads()
        chains = sorted({*await uow.audit.chains(), *map(ChallengeId, noted)})
        wanted = [chain for chain in chains if name.casefold() in hosts.get(chain, DESTROYED).casefold()]
        if name and not wanted:
            raise NoSuchTrail(f"There is no audit trail of “{name}”. Without --challenge all are checked.")
        verdicts = {chain: verify(await uow.audit.of_challenge(chain), Head(*noted.get(chain, ()))) for chain in wanted}
    for chain, verdict in verdicts.items():
        say(f"{hosts.get(chain, f'{DESTROYED} ({chain})')}: {_in_words(verdict)}")
    if not verdicts:
        say("There is no audit trail yet.")
    return all(verdict.broken_at is None for verdict in verdicts.values())


def _named(challenge: Challenge) -> str:
    return f"{challenge.host}, {challenge.first_day:%B %Y}"


def _in_words(verdict: Verdict) -> str:
    if verdict.broken_at is not None:
        return f"BROKEN at entry {verdict.broken_at}: {verdict.why}. The {verdict.entries} before it are intact."
    return f"intact, {verdict.entries} entries; the last is {verdict.head.digest.hex()[:16]}."
