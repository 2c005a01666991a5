"""Three readers, one for each platform: what a person sees of a drawn card, what they can press, what would be refused.

A reader knows a platform's format and nothing of our renderers beyond their public functions, so that the same tests
can be asked of all three.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Protocol

from jsonschema import Draft6Validator
from jsonschema.exceptions import best_match
from multidict import MultiDict

from bot.slack import forms as slack_forms
from bot.slack import render as slack
from bot.teams import render as teams
from bot.web import render as web
from bot.wording import Values
from handlers.chat import Card, Form
from tests.contracts.samples import PEOPLE
from tests.fakes.slack.blocks import characters_in, elements_of, problems_in_message_blocks, problems_in_view
from tests.fakes.slack.forms import initial_state, to_values

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """Something to press: as it is labelled, and what comes back when it is pressed."""

    label: str
    action: str = ""
    value: str = ""
    url: str = ""
    opens: bool = False
    question: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A drawn message: its texts in reading order, its buttons, and why the platform would refuse or misread it."""

    notification: str
    words: tuple[str, ...]
    buttons: tuple[Seen, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawn form. `untouched` and `carried` are what comes back when it is sent as it was opened."""

    words: tuple[str, ...]
    required: frozenset[str]
    untouched: Values
    carried: Mapping[str, str]
    wrong: tuple[str, ...]


class Reader(Protocol):
    name: str

    def pages(self, card: Card) -> Sequence[Page]: ...

    def sheet(self, form: Form) -> Sheet: ...


def parts_of(value: object) -> Iterator[Json]:
    """Every object within JSON, outermost first, in order."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from parts_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from parts_of(inner)


# ---------------------------------------------------------------- Slack


class SlackReader:
    name = "slack"

    def pages(self, card: Card) -> Sequence[Page]:
        return [self._page(message) for message in slack.render_card(card)]

    def _page(self, message: slack.SlackMessage) -> Page:
        blocks = list(message.blocks)
        wrong = [*problems_in_message_blocks(blocks), *_awake_in_slack(blocks)]
        if characters_in(blocks) > 10_000:
            wrong.append(f"{characters_in(blocks)} characters in one message")
        if re.search(r"[<>]|&(?!amp;|lt;|gt;)", message.text):
            wrong.append("the notification is not escaped")
        if any(block["type"] == "table" for block in blocks[:-1]):
            wrong.append("a table is shown at the bottom, but something stands below it")
        buttons = [element for block in blocks for element in elements_of(block)]
        return Page(message.text, tuple(_slack_words(blocks)), tuple(map(_slack_button, buttons)), tuple(wrong))

    def sheet(self, form: Form) -> Sheet:
        view = slack_forms.render_form(form)
        blocks = view["blocks"]
        sent = view | {"state": {"values": json.loads(json.dumps(to_values(initial_state(blocks, {}))))}}
        inputs = [block for block in blocks if block["type"] == "input"]
        return Sheet(
            words=(view["title"]["text"], *_slack_words(blocks), view["submit"]["text"]),
            required=frozenset(block["block_id"] for block in inputs if not block["optional"]),
            untouched=slack_forms.read_form(sent),
            carried=slack_forms.read_carried(sent),
            wrong=(*problems_in_view(view, "modal"), *_awake_in_slack(blocks)),
        )


ASLEEP_IN_SLACK = {"text", "link", "rich_text", "rich_text_section", "rich_text_list", "rich_text_quote", "plain_text"}
ASLEEP_IN_SLACK |= {"header", "context", "actions", "divider", "button", "table", "raw_text", "input"}
ASLEEP_IN_SLACK |= {"plain_text_input", "static_select", "multi_static_select", "radio_buttons", "checkboxes"}
ASLEEP_IN_SLACK |= {"users_select", "multi_users_select"}


def _awake_in_slack(blocks: list[Json]) -> Iterator[str]:
    for part in parts_of(blocks):
        if "type" in part and part["type"] not in ASLEEP_IN_SLACK:
            yield f"{part['type']} may be parsed"
        if not re.match(r"https?://|mailto:|$", part.get("url", "")):
            yield f"a link to {part['url']!r}"


def _slack_words(blocks: list[Json]) -> Iterator[str]:
    for part in parts_of(blocks):
        yield from (value for key, value in part.items() if key in {"text", "initial_value"} and isinstance(value, str))


def _slack_button(button: Json) -> Seen:
    return Seen(
        label=button["text"]["text"],
        action=slack.action_of(button["action_id"]),
        value=button.get("value", ""),
        url=button.get("url", ""),
        question=button.get("confirm", {}).get("text", {}).get("text", ""),
        spoken=button.get("accessibility_label", ""),
    )


# ---------------------------------------------------------------- Teams


class TeamsReader:
    name = "teams"

    def __init__(self, schemas: Path) -> None:
        self._schema = Draft6Validator(json.loads((schemas / "adaptive-card-1.5.0.json").read_text()))
        self._refused: dict[str, list[str]] = {}

    def pages(self, card: Card) -> Sequence[Page]:
        return [self._page(message) for message in teams.render_card(card)]

    def _page(self, message: teams.TeamsMessage) -> Page:
        buttons = tuple(_teams_buttons(message.card))
        return Page(message.summary, tuple(_teams_words(message.card)), buttons, tuple(self._wrong(message.card)))

    def _wrong(self, card: Json) -> Iterator[str]:
        bare = {key: value for key, value in card.items() if key != "msteams"}
        yield from self._refusals(json.dumps(_shape(bare)))
        size = len(json.dumps(card, ensure_ascii=False).encode("utf-16-le", "surrogatepass"))
        if size > 80_000:
            yield f"{size} bytes"
        for part in parts_of(bare):
            yield from _awake_in_teams(part)

    def _refusals(self, shape: str) -> list[str]:
        if shape not in self._refused:
            error = best_match(self._schema.iter_errors(json.loads(shape)))
            self._refused[shape] = [f"{error.json_path}: {error.message}"] if error else []
        return self._refused[shape]

    def sheet(self, form: Form) -> Sheet:
        card = teams.render_form(form, people=PEOPLE)
        inputs = [part for part in parts_of(card["body"]) if str(part.get("type")).startswith("Input.")]
        sent = card["actions"][0]["data"] | {part["id"]: part["value"] for part in inputs if "value" in part}
        return Sheet(
            words=(form.title, *_teams_words(card)),  # the title is the dialog's own
            required=frozenset(part["id"] for part in inputs if part.get("isRequired")),
            untouched=teams.read_form(sent),
            carried=teams.read_carried(sent),
            wrong=tuple(self._wrong(card)),
        )


WORDS_IN_TEAMS = {"text", "title", "label", "placeholder", "value", "url", "verb", "id", "errorMessage"}


def _shape(part: object, key: str = "") -> object:
    """A card without its words, and one of each kind in its lists: the schema says nothing of words, and is slow."""
    if isinstance(part, dict):
        return {name: part[name] if name == "data" else _shape(part[name], name) for name in part}
    if isinstance(part, list):
        return list({json.dumps(shape): shape for shape in map(_shape, part)}.values())
    return "words" if key in WORDS_IN_TEAMS and isinstance(part, str) else part


def _awake_in_teams(part: Json) -> Iterator[str]:
    if part.get("type") in {"TextBlock", "FactSet"}:
        yield f"{part['type']} reads Markdown"
    if re.search(r"\{\{(DATE|TIME)\(", part.get("text", "")):
        yield "a date is computed"
    if not re.match(r"https?://|mailto:|$", part.get("url", "")):
        yield f"a link to {part['url']!r}"
    if part.get("type") == "Input.ChoiceSet" and (part["style"] == "expanded" or part["isMultiSelect"]):
        yield from (
            "an open choice reads Markdown"
            for choice in part["choices"]
            if re.search(r"(?<!\\)(\\\\)*[*_`\[\]]", choice["title"])
        )


def _teams_words(card: Json) -> Iterator[str]:
    for part in parts_of({key: value for key, value in card.items() if key != "type"}):
        if "fallback" in part:
            yield part["title"]
        elif part.get("type") in {"TextRun", "Input.Text"} or "title" in part:
            yield from (
                re.sub(r"\\([\\`*_\[\]~])", r"\1", part[key]) if "value" in part and key == "title" else part[key]
                for key in ("label", "placeholder", "title", "text", "value")
                if key in part and not (key == "value" and "title" in part)
            )
        elif "label" in part:
            yield part["label"]


def _teams_buttons(card: Json) -> Iterator[Seen]:
    for part in card["body"]:
        for action in part["actions"] if part["type"] == "ActionSet" else ():
            question = ""
            label, inner = action["title"], action
            if action["type"] == "Action.ShowCard":
                inner = action["card"]["actions"][0]
                question = " ".join(run["text"] for run in parts_of(action["card"]["body"]) if run["type"] == "TextRun")
            said = inner.get("data", {})
            opens = said.get("msteams") == {"type": "task/fetch"}
            assert opens or "url" in inner or inner["verb"] == said["action"]
            assert opens or "url" in inner or inner["fallback"]["data"] == said
            back = (said.get("action", ""), said.get("value", ""), inner.get("url", ""))
            yield Seen(label, *back, opens, question, action.get("tooltip", ""))


# ---------------------------------------------------------------- the web


class WebReader:
    name = "web"

    def pages(self, card: Card) -> Sequence[Page]:
        read = _read_html(web.render_card(card))
        return [Page(card.notification, tuple(read.words), tuple(read.buttons), tuple(read.wrong))]

    def sheet(self, form: Form) -> Sheet:
        read = _read_html(web.render_form(form, people=PEOPLE))
        return Sheet(
            words=tuple(read.words),
            required=frozenset(read.required),
            untouched=web.read_form(read.sent),
            carried=web.read_carried(read.sent),
            wrong=tuple(read.wrong),
        )


ASLEEP_IN_HTML = {"article", "p", "strong", "em", "small", "a", "br", "hr", "ul", "li", "dl", "div", "dt", "dd"}
ASLEEP_IN_HTML |= {"table", "thead", "tbody", "tr", "th", "td", "blockquote", "h2", "h3", "span", "button"}
ASLEEP_IN_HTML |= {"form", "label", "legend", "fieldset", "input", "select", "option", "textarea"}
VOID = {"br", "hr", "input"}


@dataclass
class _Html(HTMLParser):
    """Reads a fragment as a browser and a screen reader would: words, buttons, and the values a form would send."""

    words: list[str] = field(default_factory=list)
    buttons: list[Seen] = field(default_factory=list)
    required: set[str] = field(default_factory=set)
    sent: MultiDict[str] = field(default_factory=MultiDict)
    wrong: list[str] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)
    pointed_at: set[str] = field(default_factory=set)
    labelled: set[str] = field(default_factory=set)
    controls: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    asks: tuple[str, ...] = ()
    is_marked: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self._judge(tag, named)
        if tag not in VOID:
            self.open.append(tag)
        self.ids.update([named["id"]] if "id" in named else [])
        self.pointed_at.update(f"{named.get('aria-describedby', '')} {named.get('aria-labelledby', '')}".split())
        self.labelled.update([named["for"]] if tag == "label" else [])
        if tag in {"button", "a"}:
            self._press(tag, named)
        if tag in {"input", "select", "option", "textarea"}:
            self._control(tag, named)

    def _judge(self, tag: str, named: Mapping[str, str]) -> None:
        if tag not in ASLEEP_IN_HTML:
            self.wrong.append(f"<{tag}>")
        self.wrong += [f"attribute {name}" for name in named if name.startswith("on") or name in {"style", "srcdoc"}]
        if not re.match(r"https?://|mailto:|/(?!/)|$", named.get("href", "")):
            self.wrong.append(f"a link to {named['href']!r}")

    def _press(self, tag: str, named: Mapping[str, str]) -> None:
        self.asks = tuple(named.get(f"data-confirm{part}", "") for part in ("-title", "", "-yes", "-no"))
        if tag == "button" or "button" in named.get("class", ""):
            self.buttons.append(
                Seen(
                    "",
                    named.get("data-action", ""),
                    named.get("data-value", ""),
                    named.get("href", ""),
                    bool(named.get("data-opens")),
                    named.get("data-confirm", ""),
                    named.get("aria-label", ""),
                )
            )
            self.wrong += ["a button without a type"] if tag == "button" and "type" not in named else []

    def _control(self, tag: str, named: Mapping[str, str]) -> None:
        if tag == "option":
            if "selected" in named:
                self.sent.popall(self.controls[-1][1]["name"], None)
                self.sent.add(self.controls[-1][1]["name"], named["value"])
            return
        self.controls.append((tag, named))
        kind = named.get("type", tag)
        if self.is_marked and kind != "hidden":
            self.required.add(named["name"].removeprefix("field:"))
            self.is_marked = False
        if kind in {"text", "hidden"} or "checked" in named:
            self.sent.add(named["name"], named["value"])
        elif kind in {"select", "textarea"}:
            self.sent.add(named["name"], "")
        self.words += [named[name] for name in ("placeholder",) if name in named]
        self.words += [named["value"]] if kind == "text" else []

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")
        if tag == "button":
            self.words += self.asks

    def handle_data(self, words: str) -> None:
        if not self.open:
            self.wrong.append("words outside the fragment")
            return
        if "textarea" in self.open:
            name = self.controls[-1][1]["name"]
            self.sent[name] += words if self.sent[name] else words.removeprefix("\n")  # as browsers do
        if self.buttons and not self.buttons[-1].label and {"button", "a"} & set(self.open):
            self.buttons[-1] = replace(self.buttons[-1], label=words)
        self.is_marked = self.is_marked or words == "(required)"
        self.words.append(words)

    def handle_comment(self, words: str) -> None:
        self.wrong.append("a comment")

    def handle_decl(self, words: str) -> None:
        self.wrong.append("a declaration")


def _read_html(fragment: str) -> _Html:
    fragment.encode()
    read = _Html()
    read.feed(fragment)
    read.close()
    read.wrong += [f"{tag} is left open" for tag in read.open]
    read.wrong += [f"the id {name} stands twice" for name, times in read.ids.items() if times > 1]
    read.wrong += [f"nothing has the id {name}" for name in (read.pointed_at | read.labelled) - set(read.ids)]
    shown = {named.get("id") for _, named in read.controls if named.get("type") != "hidden"}
    read.wrong += [f"{name} has no label" for name in shown - read.labelled]
    return read
