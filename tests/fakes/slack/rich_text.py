"""Whether a rich_text block is built as Slack's own composer would build it.

Baseroom quotes what people said in rich_text because nothing in it is parsed; a wrongly nested list or an empty
run of text is refused by Slack as a whole, so it is refused here.
"""

from collections.abc import Callable

from . import limits
from .checks import (
    Json,
    Problems,
    check_choice,
    check_flags,
    check_list,
    check_object,
    check_string,
    check_whole_number,
)

TEXT_STYLES = ("bold", "italic", "strike", "code", "underline")
MENTION_STYLES = ("bold", "italic", "strike", "highlight", "client_highlight", "unlink")
ANY_NUMBER_OF = 10_000


def check_rich_text(problems: Problems, where: str, block: Json) -> None:
    for number, element in enumerate(check_list(problems, f"{where}/elements", block.get("elements"), ANY_NUMBER_OF)):
        _check_part(problems, f"{where}/elements/{number}", element)


def _check_part(problems: Problems, where: str, part: object) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    checker = _PARTS.get(str(kind))
    if checker is None or not isinstance(part, dict):
        problems.add(where, f"unsupported type: {kind}")
        return
    checker(problems, where, part)


def _check_section(problems: Problems, where: str, part: Json) -> None:
    if check_object(problems, where, part, required=("type", "elements")):
        _check_inline(problems, where, part, _INLINE)


def _check_quote(problems: Problems, where: str, part: Json) -> None:
    if check_object(problems, where, part, required=("type", "elements"), optional=("border",)):
        _check_border(problems, where, part)
        _check_inline(problems, where, part, _INLINE)


def _check_preformatted(problems: Problems, where: str, part: Json) -> None:
    optional = ("border", "language")
    if check_object(problems, where, part, required=("type", "elements"), optional=optional):
        _check_border(problems, where, part)
        _check_inline(problems, where, part, {kind: _INLINE[kind] for kind in ("text", "link")})


def _check_list_part(problems: Problems, where: str, part: Json) -> None:
    optional = ("indent", "offset", "border")
    if not check_object(problems, where, part, required=("type", "elements", "style"), optional=optional):
        return
    check_choice(problems, f"{where}/style", part["style"], ("bullet", "ordered"))
    if "indent" in part:
        check_whole_number(problems, f"{where}/indent", part["indent"], 0, limits.LIST_INDENT)
    if "offset" in part:
        check_whole_number(problems, f"{where}/offset", part["offset"], 0, ANY_NUMBER_OF)
    _check_border(problems, where, part)
    for number, item in enumerate(check_list(problems, f"{where}/elements", part["elements"], ANY_NUMBER_OF)):
        if not isinstance(item, dict) or item.get("type") != "rich_text_section":
            problems.add(f"{where}/elements/{number}", "a list holds only rich_text_section")
            continue
        _check_section(problems, f"{where}/elements/{number}", item)


def _check_border(problems: Problems, where: str, part: Json) -> None:
    if "border" in part:
        check_whole_number(problems, f"{where}/border", part["border"], 0, 1)


Check = Callable[[Problems, str, Json], None]


def _check_inline(problems: Problems, where: str, part: Json, allowed: dict[str, Check]) -> None:
    for number, element in enumerate(check_list(problems, f"{where}/elements", part["elements"], ANY_NUMBER_OF)):
        here = f"{where}/elements/{number}"
        kind = element.get("type") if isinstance(element, dict) else None
        if kind not in allowed:
            problems.add(here, f"unsupported type: {kind}")
            continue
        allowed[kind](problems, here, element)


def _check_style(problems: Problems, where: str, element: Json, styles: tuple[str, ...]) -> None:
    if "style" in element and check_object(problems, f"{where}/style", element["style"], optional=styles):
        check_flags(problems, f"{where}/style", element["style"], *styles)


def _check_run(problems: Problems, where: str, element: Json) -> None:
    if check_object(problems, where, element, required=("type", "text"), optional=("style",)):
        check_string(problems, f"{where}/text", element["text"], limits.MESSAGE_TEXT)
    _check_style(problems, where, element, TEXT_STYLES)


def _check_link(problems: Problems, where: str, element: Json) -> None:
    if check_object(problems, where, element, required=("type", "url"), optional=("text", "style", "unsafe")):
        check_string(problems, f"{where}/url", element["url"], limits.BUTTON_URL)
    if "text" in element:
        check_string(problems, f"{where}/text", element["text"], limits.MESSAGE_TEXT)
    _check_style(problems, where, element, TEXT_STYLES)


def _check_emoji(problems: Problems, where: str, element: Json) -> None:
    optional = ("unicode", "skin_tone", "style", "display_team_id")
    if check_object(problems, where, element, required=("type", "name"), optional=optional):
        check_string(problems, f"{where}/name", element["name"], limits.IDENTIFIER)
        if ":" in str(element["name"]):
            problems.add(f"{where}/name", "an emoji's name has no colons")


def _check_mention(key: str) -> Check:
    def check(problems: Problems, where: str, element: Json) -> None:
        if check_object(problems, where, element, required=("type", key), optional=("style",)):
            check_string(problems, f"{where}/{key}", element[key], limits.IDENTIFIER)
        _check_style(problems, where, element, MENTION_STYLES)

    return check


def _check_broadcast(problems: Problems, where: str, element: Json) -> None:
    if check_object(problems, where, element, required=("type", "range"), optional=("style",)):
        check_choice(problems, f"{where}/range", element["range"], ("here", "channel", "everyone"))


def _check_date(problems: Problems, where: str, element: Json) -> None:
    required, optional = ("type", "timestamp", "format"), ("url", "fallback", "style")
    if check_object(problems, where, element, required=required, optional=optional):
        check_whole_number(problems, f"{where}/timestamp", element["timestamp"], 0, 10**11)
        check_string(problems, f"{where}/format", element["format"], limits.IDENTIFIER)


_INLINE: dict[str, Check] = {
    "text": _check_run,
    "link": _check_link,
    "emoji": _check_emoji,
    "user": _check_mention("user_id"),
    "channel": _check_mention("channel_id"),
    "usergroup": _check_mention("usergroup_id"),
    "broadcast": _check_broadcast,
    "date": _check_date,
}
_PARTS: dict[str, Check] = {
    "rich_text_section": _check_section,
    "rich_text_list": _check_list_part,
    "rich_text_quote": _check_quote,
    "rich_text_preformatted": _check_preformatted,
}
