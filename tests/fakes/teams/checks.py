"""What Teams takes: cards by the published schema, messages by size, answers to invokes by their shape.

Teams itself says little when something is wrong (a card is not shown, a dialog says "something went wrong"); here it is
an error with a reason.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from jsonschema import Draft6Validator
from jsonschema.exceptions import best_match

from tests.fixtures.shared import SCHEMAS

Json = dict[str, Any]

MESSAGE_BYTES = 100 * 1024
ADAPTIVE = "application/vnd.microsoft.card.adaptive"
CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"
VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5")
MOST_NAMED = 60  # people for whom a card refreshes itself
WORDS = {"text", "title", "label", "placeholder", "value", "url", "verb", "id", "errorMessage"}


class Rejected(Exception):
    """Teams will not take it: the HTTP status, its word for why, and what is wrong."""

    def __init__(self, status: int, code: str, message: str = "", *, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message, self.headers = status, code, message, headers or {}


class WrongAnswer(AssertionError):
    """The app answered an invoke with something that Teams could not show."""


def size_of(payload: Json) -> int:
    """As Teams counts: the message in UTF-16."""
    return len(json.dumps(payload, ensure_ascii=False).encode("utf-16-le", "surrogatepass"))


def check_activity(activity: Json) -> None:
    """A message that Teams would take. Raises `Rejected`."""
    if activity.get("type") == "typing":
        return
    if activity.get("type") != "message":
        raise Rejected(400, "BadSyntax", f"an activity of type {activity.get('type')!r}")
    if size_of(activity) > MESSAGE_BYTES:
        raise Rejected(413, "MessageSizeTooBig", f"{size_of(activity)} bytes")
    attachments = activity.get("attachments") or []
    if not attachments and not activity.get("text"):
        raise Rejected(400, "BadSyntax", "an empty message")
    for attachment in attachments:
        _check_attachment(attachment)


def _check_attachment(attachment: Json) -> None:
    match attachment.get("contentType"):
        case "application/vnd.microsoft.card.adaptive":
            check_card(attachment.get("content"))
        case "application/vnd.microsoft.teams.card.file.consent":
            _check_consent(attachment)
        case "application/vnd.microsoft.teams.card.file.info":
            content = attachment.get("content") or {}
            if not (attachment.get("contentUrl") and attachment.get("name") and content.get("uniqueId")):
                raise Rejected(400, "BadArgument", "a file card without its address, name or id")
        case other:
            raise Rejected(400, "BadArgument", f"an attachment of type {other!r}")


def _check_consent(attachment: Json) -> None:
    content = attachment.get("content") or {}
    if not str(attachment.get("name") or "") or not isinstance(content.get("sizeInBytes"), int):
        raise Rejected(400, "BadArgument", "a file consent without a name or a size")
    if not isinstance(content.get("acceptContext"), dict) or not isinstance(content.get("declineContext"), dict):
        raise Rejected(400, "BadArgument", "a file consent without its contexts")


def check_card(card: object) -> None:
    """A card of the published schema, of a version that Teams shows. Raises `Rejected`."""
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard":
        raise Rejected(400, "BadArgument", "no adaptive card")
    if card.get("version") not in VERSIONS:
        raise Rejected(400, "BadArgument", f"a card of version {card.get('version')!r}")
    bare = {name: part for name, part in card.items() if name != "msteams"}
    if error := _fault(json.dumps(_shape(bare), sort_keys=True)):
        raise Rejected(400, "BadArgument", error)
    named = (card.get("refresh") or {}).get("userIds") or []
    if len(named) > MOST_NAMED:
        raise Rejected(400, "BadArgument", f"{len(named)} people in refresh.userIds")
    if "refresh" in card and card["refresh"].get("action", {}).get("type") != "Action.Execute":
        raise Rejected(400, "BadArgument", "a refresh without Action.Execute")
    inputs = [part["id"] for part in parts_of(card) if str(part.get("type", "")).startswith("Input.")]
    if len(inputs) != len(set(inputs)):
        raise Rejected(400, "BadArgument", "two inputs of one id")


@lru_cache(maxsize=4096)
def _fault(shape: str) -> str:
    error = best_match(_validator().iter_errors(json.loads(shape)))
    return f"{error.json_path}: {error.message[:300]}" if error else ""


@lru_cache(maxsize=1)
def _validator() -> Draft6Validator:
    return Draft6Validator(json.loads((SCHEMAS / "adaptive-card-1.5.0.json").read_text("utf-8")))


def _shape(part: object, key: str = "") -> object:
    """A card without its words, and one of each kind in its lists: the schema says nothing of words, and is slow."""
    if isinstance(part, dict):
        return {name: part[name] if name == "data" else _shape(part[name], name) for name in part}
    if isinstance(part, list):
        return list({json.dumps(shape): shape for shape in map(_shape, part)}.values())
    return "words" if key in WORDS and isinstance(part, str) else part


def parts_of(part: object) -> Iterator[Json]:
    """Every object in a card, the card itself first, in the order in which a person reads."""
    if isinstance(part, dict):
        yield part
        for name, inner in part.items():
            if name not in ("data", "fallback", "refresh"):
                yield from parts_of(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from parts_of(inner)


# ---------------------------------------------------------------- answers to invokes


def check_invoke_answer(name: str, status: int, body: object) -> None:
    """Raises `WrongAnswer` unless Teams could show it."""
    if status != 200:
        raise WrongAnswer(f"{name} was answered with {status}: Teams shows “Something went wrong”")
    try:
        match name:
            case "adaptiveCard/action":
                _check_card_answer(body)
            case "task/fetch" | "composeExtension/fetchTask":
                _check_task(body)
            case "task/submit":
                _check_nothing_or_task(body)
            case "composeExtension/submitAction":
                if not (isinstance(body, dict) and isinstance(body.get("composeExtension"), dict)):
                    _check_nothing_or_task(body)
            case "fileConsent/invoke":
                if body not in (None, {}):
                    raise WrongAnswer(f"a file consent is answered with nothing, not {body!r}")
            case _:
                raise WrongAnswer(f"an invoke that Teams does not know: {name}")
    except Rejected as exc:
        raise WrongAnswer(f"{name}: {exc}") from exc


def _check_card_answer(body: object) -> None:
    if not isinstance(body, dict) or set(body) != {"statusCode", "type", "value"}:
        raise WrongAnswer(f"an answer to Action.Execute has statusCode, type and value: {body!r}")
    match body["type"]:
        case "application/vnd.microsoft.card.adaptive" if body["statusCode"] == 200:
            check_card(body["value"])
        case "application/vnd.microsoft.activity.message" if body["statusCode"] == 200:
            if not isinstance(body["value"], str) or not body["value"]:
                raise WrongAnswer(f"a message without words: {body!r}")
        case "application/vnd.microsoft.error" if body["statusCode"] in (400, 401, 403, 404, 412, 500):
            if not isinstance(body["value"], dict) or not body["value"].get("message"):
                raise WrongAnswer(f"an error without words: {body!r}")
        case _:
            raise WrongAnswer(f"an answer that Teams does not know: {body!r}")


def _check_nothing_or_task(body: object) -> None:
    if body not in (None, {}):
        _check_task(body)


def _check_task(body: object) -> None:
    """A dialog to show, or a sentence."""
    if not isinstance(body, dict) or not isinstance(body.get("task"), dict):
        raise WrongAnswer(f"no task in {body!r}")
    task = body["task"]
    if task.get("type") == "message" and isinstance(task.get("value"), str) and task["value"]:
        return
    value = task.get("value")
    if task.get("type") != "continue" or not isinstance(value, dict):
        raise WrongAnswer(f"a task that is neither a dialog nor a message: {task!r}")
    card = value.get("card")
    if not isinstance(card, dict) or card.get("contentType") != ADAPTIVE:
        raise WrongAnswer("a dialog without a card")
    if not str(value.get("title") or ""):
        raise WrongAnswer("a dialog without a title")
    if size_of(card) > MESSAGE_BYTES:
        raise WrongAnswer(f"a dialog of {size_of(card)} bytes")
    check_card(card.get("content"))
