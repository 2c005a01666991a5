"""What somebody typed in Teams, as the author saw it: plain words, with the mention of Baseroom cut out.

Teams marks a mention by `<at>` tags and an entity beside the text; only those are taken for one, so that the bot's name
elsewhere in the words stays. Formatted messages come as HTML or Markdown, and often with an HTML twin of themselves.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape

from bot.teams.payloads import Payload, part, words

_AT = re.compile(r"<at(?: [^<>]{0,200})?>([^<>]{0,400})</at>")
_AFTER_MENTION = re.compile(r"(?:[ \t\xa0]|&nbsp;){0,20}[:,]?(?:[ \t\xa0]|&nbsp;){0,20}")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})((?:\s[^<>]{0,3000})?)/?>")
_ALT = re.compile(r"""\salt=(?:"([^"<>]{0,300})"|'([^'<>]{0,300})')""")
_ITEM = re.compile(r"""\sitemid=["']([0-9]{1,20})["']""")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_BLANKS = re.compile(r" {0,3}\n[ \n]{0,2000}")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!~<>|-])")
_STRONG = re.compile(r"(\*\*|__|~~)(?=\S)([^\n*_~]{1,2000}?)(?<=\S)\1")
MOST_NAMED = 50  # people in one message
_REPLY = "schema.skype.com/Reply"
_BLOCKS = frozenset({"p", "div", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "table", "tr", "pre", "hr"})
_FORMATTED = frozenset({"xml", "html"})


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named in a message. `text` is how they stand in it, tags included."""

    id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """What was said: `text` with people as `@Name`, `ids` of the people named in order, Baseroom not counted."""

    text: str
    ids: tuple[str, ...] = ()
    names_us: bool = False


def words_of(activity: Payload, us: str) -> Words:
    """The words of a message. `us` is Baseroom's own id there."""
    mentions, twin = mentions_in(activity), _html_twin(activity)
    if _REPLY in twin and not mentions:  # it quotes somebody else's message, whose words are not the author's
        return Words(from_html(twin))
    named = _name(words(activity, "text"), mentions, us)
    return Words(_plain(named.text, words(activity, "textFormat").casefold()).strip(), named.ids, named.names_us)


def words_of_quoted(payload: Payload) -> str:
    """The words of a message that a message action points at."""
    body = part(payload, "body")
    content = words(body, "content")
    if words(body, "contentType").casefold() != "html":
        return content.strip()
    return from_html(_AT.sub(lambda at: f"@{at[1]}", content))


def quoted_by(activity: Payload) -> str:
    """The id of the message that it answers by quoting it, as one does in a personal chat; "" when it quotes none."""
    for tag in _TAG.finditer(_html_twin(activity)):
        if tag[2].casefold() == "blockquote" and _REPLY in tag[3]:
            item = _ITEM.search(tag[3])
            return item[1] if item else ""
    return ""


def mentions_in(activity: Payload) -> list[Mention]:
    """Whom Teams says the message names, in order; of very many the first: each is asked about."""
    entities = activity.get("entities")
    found = []
    for entity in entities if isinstance(entities, list) else ():
        if isinstance(entity, Mapping) and words(entity, "type") == "mention":
            mentioned = part(entity, "mentioned")
            text = words(entity, "text")
            found.append(Mention(words(mentioned, "id"), words(mentioned, "name") or _inner(text), text))
    return found[:MOST_NAMED]


def _inner(text: str) -> str:
    found = _AT.fullmatch(text)
    return unescape(found[1]) if found else text


def _name(text: str, mentions: Iterable[Mention], us: str) -> Words:
    """Each mention where it stands, once: Baseroom's own cut out, the others as `@Name`."""
    waiting = [mention for mention in mentions if mention.text]
    ids: list[str] = []
    pieces: list[str] = []
    names_us, end = False, 0
    for start, stop, mention in _standing(text, waiting):
        if start < end:
            continue
        pieces.append(text[end:start])
        end = stop
        if mention.id == us:
            names_us = True
            end = _after(text, end)
        else:
            pieces.append(escape(f"@{mention.name}", quote=False))
            ids += [mention.id] if mention.id and mention.id not in ids else []
    return Words("".join((*pieces, text[end:])), tuple(ids), names_us)


def _after(text: str, end: int) -> int:
    following = _AFTER_MENTION.match(text, end)
    return following.end() if following else end


def _standing(text: str, waiting: list[Mention]) -> list[tuple[int, int, Mention]]:
    """Where each mention stands: by its tag; one without a tag by its words, the first time that they are there."""
    found: list[tuple[int, int, Mention]] = []
    called = [(_inner(mention.text), mention) for mention in waiting]
    for at in _AT.finditer(text):
        name = unescape(at[1])
        named = next((one for one in called if one[0] == name), None)
        if named is not None:
            called.remove(named)
            found.append((at.start(), at.end(), named[1]))
    for _, mention in called:
        start = text.find(mention.text)
        if start >= 0 and not _AT.fullmatch(mention.text):
            found.append((start, start + len(mention.text), mention))
    return sorted(found, key=lambda place: place[:2])


def _plain(text: str, text_format: str) -> str:
    if text_format in _FORMATTED:
        return from_html(text)
    text = unescape(text).replace("\xa0", " ")
    return from_markdown(text) if text_format == "markdown" else text


def from_markdown(text: str) -> str:
    """Without the marks of bold and struck text, and without the backslashes before what is no mark."""
    return _ESCAPED.sub(r"\1", _STRONG.sub(r"\2", text))


# ---------------------------------------------------------------- HTML


def from_html(html: str) -> str:
    """The words, a line for each paragraph and list item. A quoted message that is replied to is left out."""
    lines = "".join(_pieces(html)).replace("\xa0", " ")
    return _BLANKS.sub("\n", lines).strip()


def _pieces(html: str) -> Iterator[str]:
    """The words between the tags and what each tag stands for. What is inside a quoted reply is passed over."""
    end = depth = 0
    for tag in _TAG.finditer(html):
        if not depth:
            yield _said(html[end : tag.start()])
        end = tag.end()
        name, closing = tag[2].casefold(), bool(tag[1])
        if name == "blockquote" and (depth or _REPLY in tag[3]):
            depth += -1 if closing else 1
        elif not depth:
            yield _stands_for(name, tag[3], closing=closing)
    if not depth:
        yield _said(html[end:])


def _said(between: str) -> str:
    return unescape(_SPACES.sub(" ", between))


def _stands_for(name: str, attributes: str, *, closing: bool) -> str:
    if name == "br" or name in _BLOCKS:
        return "\n"
    if name == "li":
        return "" if closing else "\n- "
    if name in ("img", "emoji") and not closing:
        alt = _ALT.search(attributes)
        return unescape(alt[1] or alt[2] or "") if alt else ""
    return " " if name in ("td", "th") else ""


def _html_twin(activity: Payload) -> str:
    attachments = activity.get("attachments")
    for one in attachments if isinstance(attachments, list) else ():
        if isinstance(one, Mapping) and words(one, "contentType") == "text/html":
            return words(one, "content")
    return ""
