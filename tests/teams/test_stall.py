"""A thousand turns while Microsoft is slow: keys and tokens are renewed behind them, and nobody waits for it."""

from tests.teams.microsoft import microsoft_running
from tests.teams.stalls import AT_MOST, a_thousand_turns


async def test_a_thousand_turns_with_keys_and_tokens_renewed_slowly_stall_nobody() -> None:
    with microsoft_running() as microsoft:
        assert await a_thousand_turns(microsoft) < AT_MOST
