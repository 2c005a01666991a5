"""The forms of a finding: a new one, one that is mended, and where to move one. They come back as they were typed when
something is wrong, and the same form sent twice is one finding (it carries a token that only one message can have)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from handlers.chat import Choice, ChoiceField, Form, FormErrors, FormPart, Submitted, TextField, note
from handlers.findings.division import LONG
from handlers.findings.reading import Part, has_words
from handlers.frameworks.rules import Words
from handlers.text import clean, shorten
from storage.records import Challenge, Finding, Kind, Receipt, SourceType, Theme, ThemeId, new_id

Option = TypeVar("Option", bound=StrEnum)

NOT_SAID = "-"
TEAM, MANAGER = "team", "manager"
LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed and chosen. `text` is None where the form did not show it."""

    text: str | None
    theme_ids: tuple[ThemeId, ...]
    kind: Kind | None
    source_type: SourceType | None
    source: str
    sensitive: bool = False

    @property
    def part(self) -> Part:
        return Part(self.text or "", self.theme_ids, self.kind, self.source, self.source_type, self.sensitive)

    @property
    def chosen(self) -> frozenset[str]:
        """The fields in which something was said."""
        said = {
            "kind": self.kind, "source": self.source, "source_type": self.source_type, "themes": self.theme_ids,
            "sensitive": self.sensitive,
        }  # fmt: skip
        return frozenset(name for name, value in said.items() if value)


def new_form(challenge: Challenge, themes: Sequence[Theme], words: Words) -> Form:
    text = TextField(
        name="text", label="What you heard", required=True, lines=True, hint="Bullets become one finding each."
    )
    rest = _facts(themes, words, theme_ids=(), kind=None, source_type=None, source="")
    carried = {"challenge": challenge.id, "token": new_id()}
    return Form("findings.new", "Log a finding", (text, *rest, _seen_by()), carried=carried)


def edit_form(finding: Finding, themes: Sequence[Theme], words: Words) -> Form:
    """A finding as it stands. Very long words are edited in the chat message, not here."""
    first: FormPart = TextField(name="text", label="Finding", value=finding.text, required=True, lines=True)
    if len(finding.text) > LONG:
        first = note("These words are too long to edit here: edit the message itself, and the finding follows.")
    rest = _facts(
        themes, words, theme_ids=finding.theme_ids, kind=finding.kind, source_type=finding.source_type,
        source=finding.source,
    )  # fmt: skip
    title = "Practice finding" if finding.practice else f"Finding #{finding.number}"
    carried = {"finding": finding.id, "version": str(finding.version)}
    return Form("findings.edit", title, (first, *rest, *_who_sees(finding)), carried=carried)


def _who_sees(finding: Finding) -> tuple[FormPart, ...]:
    if finding.practice:
        return ()
    if finding.sensitive:
        return (note("Sensitive: the challenge manager alone has it, and alone can put it on the wall."),)
    return (_seen_by(),)


def _seen_by() -> ChoiceField:
    choices = (Choice("The team, on the wall", TEAM), Choice("The challenge manager alone (sensitive)", MANAGER))
    return ChoiceField(name="seen_by", label="Who sees it?", choices=choices, chosen=(TEAM,), open=True)


def which_form(findings: Sequence[Finding]) -> Form:
    """Which of several findings to change; the next page is its form."""
    choices = tuple(Choice(f"#{finding.number} {shorten(finding.text, 60)}", finding.id) for finding in findings)
    field = ChoiceField(
        name="finding", label="Which finding?", choices=choices, chosen=(choices[0].value,), required=True, open=True
    )
    return Form("findings.which", "Change a finding", (field,), submit="Next")


def move_form(receipt: Receipt, others: Sequence[Challenge]) -> Form:
    choices = tuple(Choice(shorten(challenge.host, 70), challenge.id) for challenge in others)
    field = ChoiceField(
        name="challenge", label="It was heard at", choices=choices, chosen=(choices[0].value,), required=True, open=True
    )
    return Form("findings.move", "Move to another visit", (field,), submit="Move", carried={"receipt": receipt.id})


def read_form(submitted: Submitted) -> Filled:
    values = submitted.values
    chosen = values.get("themes", ())
    return Filled(
        text=clean(str(values["text"])).strip() if "text" in values else None,
        theme_ids=tuple(ThemeId(one) for one in ([chosen] if isinstance(chosen, str) else chosen) if one),
        kind=_one_of(Kind, values.get("kind")),
        source_type=_one_of(SourceType, values.get("source_type")),
        source=" ".join(clean(str(values.get("source", ""))).split()),
        sensitive=values.get("seen_by") == MANAGER,
    )


def errors_in(filled: Filled, themes: Iterable[Theme]) -> FormErrors | None:
    """`themes` are those of the challenge: one that was merged away since the form opened is not chosen any more."""
    if set(filled.theme_ids) - {theme.id for theme in themes if not theme.merged_into}:
        return FormErrors({"themes": "One of these flip charts is not on this wall any more. Choose among the others."})
    if filled.text is not None and not has_words(filled.text):
        return FormErrors({"text": "Type what you heard, in a line or two."})
    if len(filled.source) > LONGEST_SOURCE:
        return FormErrors({"source": f"Say it in at most {LONGEST_SOURCE} characters."})
    return None


def _facts(
    themes: Sequence[Theme],
    words: Words,
    *,
    theme_ids: Sequence[ThemeId],
    kind: Kind | None,
    source_type: SourceType | None,
    source: str,
) -> tuple[FormPart, ...]:
    open_themes = tuple(Choice(theme.short, theme.id) for theme in themes if theme.is_open)
    kinds = (
        Choice("Not said", NOT_SAID),
        Choice(words.strength.capitalize(), Kind.STRENGTH.value),
        Choice(words.improvement.capitalize(), Kind.IMPROVEMENT.value),
    )
    types = (Choice("Not said", NOT_SAID), *(Choice(one.value.capitalize(), one.value) for one in SourceType))
    return (
        ChoiceField(name="themes", label="Themes", choices=open_themes, chosen=tuple(theme_ids), several=True),
        ChoiceField(name="kind", label="Kind", choices=kinds, chosen=(kind.value if kind else NOT_SAID,)),
        ChoiceField(
            name="source_type",
            label="Kind of source",
            choices=types,
            chosen=(source_type.value if source_type else NOT_SAID,),
        ),
        TextField(
            name="source",
            label="Source",
            value=source,
            hint="A group, never a name: “frontline staff”.",
            max_length=LONGEST_SOURCE,
        ),
    )


def _one_of(choices: type[Option], value: object) -> Option | None:
    return choices(value) if value in {choice.value for choice in choices} else None
