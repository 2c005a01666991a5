"""What an invoke of Teams is answered with, in the exact shapes that Teams wants: an answer of any other shape shows
the person "Something went wrong" and loses what they did.

Shapes: learn.microsoft.com, "Universal Actions for Adaptive Cards", "Use dialogs with bots", "Action commands".
"""

from bot.teams.payloads import InvokeAnswer, Json

CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"
TAKEN = InvokeAnswer(200)
"""Nothing to show: a dialog closes, a file's consent is settled."""

# ---------------------------------------------------------------- Action.Execute


def show_card(card: Json) -> InvokeAnswer:
    """The card stands in place of the one whose button was pressed, for whoever pressed it."""
    return _executed(200, CARD, card)


def show_words(sentence: str) -> InvokeAnswer:
    """A sentence under the card, for whoever pressed."""
    return _executed(200, MESSAGE, sentence)


def refuse_action(sentence: str) -> InvokeAnswer:
    """The action itself cannot be read. The HTTP answer is 200 all the same: Teams reads the one inside."""
    return _executed(400, ERROR, {"code": "BadRequest", "message": sentence})


def _executed(status: int, kind: str, value: Json | str) -> InvokeAnswer:
    return InvokeAnswer(200, {"statusCode": status, "type": kind, "value": value})


# ---------------------------------------------------------------- dialogs


def show_dialog(title: str, card: Json, *, large: bool = False) -> InvokeAnswer:
    """The card in a dialog: opened, or in place of what it showed."""
    value: Json = {
        "title": title,
        "height": "large" if large else "medium",
        "width": "medium",
        "card": {"contentType": CARD, "content": card},
    }
    return InvokeAnswer(200, {"task": {"type": "continue", "value": value}})


def end_dialog(sentence: str) -> InvokeAnswer:
    """A sentence in a dialog that has no more to ask."""
    return InvokeAnswer(200, {"task": {"type": "message", "value": sentence}})


# ---------------------------------------------------------------- what is not for us


def not_offered() -> InvokeAnswer:
    """An invoke that Baseroom has never asked for. Not 501, as the SDK has it: nothing failed, and nothing would change
    if it came again."""
    return InvokeAnswer(404, {"error": {"code": "NotOffered", "message": "Baseroom does not offer this."}})


def not_readable(what: str) -> InvokeAnswer:
    """An invoke that lacks what it takes; the HTTP answer says so."""
    return InvokeAnswer(400, {"error": {"code": "BadRequest", "message": what}})
