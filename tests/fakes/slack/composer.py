"""What Slack's composer makes of typed text: `Tom & Jo` arrives as `Tom &amp; Jo`, `#vision` as a channel link.

Baseroom must cope with text as it really arrives, so the fake never hands on what was typed unchanged.
"""

import re
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

_LINK = r"https?://[^\s<>|]+"
_ADDRESS = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
_MARKED_UP = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


def escape_entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape_entities(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str, names: Mapping[str, str]) -> str:
    """`names`: what is typed (`@Priya Nair`, `#vision`) to its mark-up. Links and addresses become links."""
    longest_first = sorted(names, key=len, reverse=True)
    known = [rf"(?<![\w&]){re.escape(name)}(?![\w-])" for name in longest_first]
    special = re.compile("|".join([*known, _LINK, rf"(?<![\w.+-]){_ADDRESS}"]))
    made, at = [], 0
    for match in special.finditer(text):
        made += [escape_entities(text[at : match.start()]), _mark_up(match.group(), names)]
        at = match.end()
    return "".join([*made, escape_entities(text[at:])])


def _mark_up(found: str, names: Mapping[str, str]) -> str:
    if found in names:
        return names[found]
    if found.startswith("http"):
        return f"<{escape_entities(found)}>"
    return f"<mailto:{found}|{found}>"


def to_rich_text(text: str) -> list[Json]:
    """The elements of a rich_text block: one section holding text, links and mentions in order."""
    runs: list[Json] = []
    at = 0
    for match in _MARKED_UP.finditer(text):
        runs += _run(text[at : match.start()])
        runs.append(_inline(match.group(1), match.group(2)))
        at = match.end()
    return [{"type": "rich_text_section", "elements": [*runs, *_run(text[at:])]}]


def _run(text: str) -> list[Json]:
    return [{"type": "text", "text": unescape_entities(text)}] if text else []


def _inline(target: str, label: str | None) -> Json:
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    link: Json = {"type": "link", "url": unescape_entities(target)}
    return link | ({"text": unescape_entities(label)} if label else {})
