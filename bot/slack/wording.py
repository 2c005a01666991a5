"""What somebody typed, out of Slack's escapes: plain words, channel links as `#name`, people as `@Name`.

Incoming text is escaped by Slack (`&amp;`, `&lt;`, `&gt;`) and carries its links in angle brackets.
"""

import re
from collections.abc import Mapping, Sequence

_LINK = re.compile(r"<([^<>|]{1,3000})(?:\|([^<>]{0,3000}))?>")


def people_in(text: str) -> Sequence[str]:
    """The ids of the people named in it, in order."""
    return [target[1:] for target, _ in _LINK.findall(text) if target[:2] in ("@U", "@W")]


def plain(text: str, names: Mapping[str, str], *, without: str = "") -> str:
    """The words as the author saw them. `names` by user id; mentions of the user `without` are cut out."""
    if without:
        text = re.sub(rf"<@{re.escape(without)}(?:\|[^<>]*)?>[ \t]*[:,]?[ \t]*", "", text).strip()
    words = _LINK.sub(lambda link: _said(link[1], link[2] or "", names), text)
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _said(target: str, label: str, names: Mapping[str, str]) -> str:
    match target[0]:
        case "@":
            return f"@{names.get(target[1:]) or label or 'somebody'}"
        case "#":
            return f"#{label}" if label else "#channel"
        case "!":
            return label or f"@{target[1:].partition('^')[0]}"
        case _:
            return label or target.removeprefix("mailto:").removeprefix("tel:")
