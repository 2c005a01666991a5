"""The second thought under every answer: what was taken for a command or a greeting can still be a finding.

"Home care staff feel valued" must never be lost because it looked like something else, so each answer to words that
were not logged offers to log them, whatever capability drew it.
"""

from dataclasses import replace

from handlers.chat import Button, Buttons, Card
from storage.records import Intent

LOG_ASIDE = "findings.log_aside"


def offer_to_log(card: Card, intent: Intent) -> Card:
    """The card, with the offer under it when it answers words that were kept aside."""
    aside = intent.params.get("aside")
    if not aside or not intent.params.get("offers_aside"):
        return card
    offer = Buttons((Button("Log what I typed as a finding", LOG_ASIDE, aside),))
    return replace(card, elements=(*card.elements, offer))
