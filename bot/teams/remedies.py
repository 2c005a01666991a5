"""Every defect and trap of botbuilder 4.17.1 that we know, and where its remedy stands: one list.

The SDK's support has ended and its repository is archived: none of these will be mended there. A test puts the SDK's
own way back in each place, one at a time, and sees what is described here (tests/teams/test_remedies.py); so whoever
replaces the SDK knows what to try first.
"""

from dataclasses import dataclass

from msrest.universal_http.requests import ClientRetryPolicy


@dataclass(frozen=True, slots=True)
class Remedy:
    """`trap` is what happens without it, `place` ("module:name") what stands in the SDK's stead."""

    name: str
    trap: str
    place: str


REMEDIES = (
    Remedy(
        "an invoke's answer as it stands",
        "An invoke that returns a body is answered with 500: the SDK serialises what is serialised already.",
        "bot.teams.door:to_response",
    ),
    Remedy(
        "an error of our own for a wrong action",
        "The SDK's own error for an action that it cannot read crashes as it is serialised.",
        "bot.teams.answers:refuse_action",
    ),
    Remedy(
        "a sentence as an answer",
        "The SDK's answer to an action can carry a card and no text.",
        "bot.teams.answers:show_words",
    ),
    Remedy(
        "keys that rotate",
        "A key that is not in the cache is an IndexError, so the cache is not refreshed: after a rotation nobody gets "
        "in until it is a day old.",
        "bot.teams.keys:SigningKeys.put_in_place",
    ),
    Remedy(
        "keys fetched in a thread",
        "The keys are fetched in the event loop, without a timeout: everybody waits for as long as the answer takes.",
        "bot.teams.keys:SigningKeys.put_in_place",
    ),
    Remedy(
        "one MSAL application",
        "Each turn makes a new MSAL application, whose cache is empty, and fetches a token.",
        "bot.teams.tokens:Tokens.current",
    ),
    Remedy(
        "a token fetched in a thread",
        "The token is fetched in the event loop: everybody waits for as long as the answer takes.",
        "bot.teams.tokens:Tokens.current",
    ),
    Remedy(
        "bad tokens are refused",
        "A bad, expired or forged token is answered with 500, and comes again and again.",
        "bot.teams.door:Door.authenticated",
    ),
    Remedy(
        "garbage is refused",
        "A body that is no activity is answered with 500.",
        "bot.teams.door:read_activity",
    ),
    Remedy(
        "an activity names its service",
        "Whether the token was made for the service URL is not checked when the activity has none.",
        "bot.teams.door:check_service",
    ),
    Remedy(
        "only Microsoft's services",
        "With authentication off, answers and what is in them go to whatever address the sender names.",
        "bot.teams.cloud:Cloud.is_service",
    ),
    Remedy(
        "clients without the slow scan",
        "Each client that the SDK builds looks up 999 status codes in a list of 500; it builds two a turn.",
        "bot.teams.remedies:apply",
    ),
    Remedy(
        "asked once",
        "A change of a post is repeated three times after 429, 500, 502 or 503, whatever Teams asked; a post never.",
        "bot.teams.connector:sender_for",
    ),
    Remedy(
        "a mention where it stands",
        "The bot's name is deleted everywhere in the text, not only where it was mentioned.",
        "bot.teams.wording:words_of",
    ),
    Remedy(
        "who was mentioned",
        "A mention loses its person and its words as the SDK gives an activity back.",
        "bot.teams.wording:mentions_in",
    ),
    Remedy(
        "the tenant",
        "conversation.tenant_id is always None: the SDK reads another name than Teams writes.",
        "bot.teams.payloads:tenant_of",
    ),
    Remedy(
        "either shape of a refusal",
        'That somebody has blocked the bot comes as {"errorCode": 209}, which the SDK cannot tell from other refusals.',
        "bot.teams.connector:error_code",
    ),
    Remedy(
        "a card on its own",
        "Teams splits a text and a card of one activity, and no id comes back: the card could never be changed.",
        "bot.teams.porter:activity_of",
    ),
    Remedy(
        "no empty app id",
        "Without an app id the SDK checks nothing: any request runs as anybody.",
        "bot.teams.credentials:read_credentials",
    ),
    Remedy(
        "the kind of registration is named",
        "Without MicrosoftAppType the bot silently counts as multi-tenant, and asks the wrong place for its token.",
        "bot.teams.credentials:read_credentials",
    ),
)


def apply() -> None:
    """The one remedy that has to be put into the SDK's own code: what it looks up is made quick to look up."""
    ClientRetryPolicy.safe_codes = frozenset(ClientRetryPolicy.safe_codes)
