"""What people see of the flip charts: the wall in words, its prompts, what has changed, and the forms to change it."""

from collections.abc import Iterable, Sequence

from handlers.chat import (
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    ChoiceField,
    Element,
    Form,
    Text,
    TextField,
    bold,
    heading,
    note,
    text,
)
from handlers.desk import Desk
from handlers.frameworks import Words
from handlers.themes.rules import LONGEST_EMOJI, LONGEST_TITLE, PUSHPIN, open_themes, retired_themes
from storage.findings import Tally
from storage.records import Challenge, ChallengeId, Intent, Kind, Theme, ThemeId

QUOTED = 60  # characters of what somebody typed that are shown back
WORDS_SHOWN = 2  # of those that lead to a flip chart

# ---------------------------------------------------------------- the wall


async def build_wall(desk: Desk, intent: Intent) -> Card:
    """Every flip chart with its counts and the words that lead to it, and buttons to change them."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    themes = await desk.uow.themes.of_challenge(challenge.id)
    tallies = await desk.uow.findings.tally(challenge.id)
    words = desk.house.framework_of(challenge).words
    lines = [
        text(bold(named(theme)), f": {_counted(tallies, theme.id, words)} · {_hashes(theme)}")
        for theme in open_themes(themes)
    ]
    lines.append(text(bold("Unsorted"), f": {_counted(tallies, None, words)}"))
    return Card(
        notification=f"{len(lines) - 1} flip charts",
        elements=(
            heading(f"Flip charts · {challenge.host}"),
            Bullets(tuple(lines)),
            *_retired_note(retired_themes(themes)),
            _wall_buttons(challenge, themes),
        ),
    )


def named(theme: Theme) -> str:
    return f"{theme.emoji} {theme.short}"


def _hashes(theme: Theme) -> str:
    return " ".join(f"#{word}" for word in theme.words[:WORDS_SHOWN])


def _counted(tallies: Sequence[Tally], theme_id: ThemeId | None, words: Words) -> str:
    """ "5 findings, 3 strengths, 1 area to explore": whatever there is."""
    here = [tally for tally in tallies if tally.theme_id == theme_id]
    if not here:
        return "nothing yet"
    names = (
        (None, "finding", "findings"),
        (Kind.STRENGTH, words.strength, words.strength_plural),
        (Kind.IMPROVEMENT, words.improvement, words.improvement_plural),
    )
    numbers = [sum(tally.count for tally in here if kind in (None, tally.kind)) for kind, _, _ in names]
    return ", ".join(
        f"{many} {one if many == 1 else several}"
        for many, (_, one, several) in zip(numbers, names, strict=True)
        if many
    )


def _retired_note(themes: Iterable[Theme]) -> Iterable[Text]:
    if names := ", ".join(named(theme) for theme in themes):
        yield note(f"Retired: {names}")


def _wall_buttons(challenge: Challenge, themes: Sequence[Theme]) -> Buttons:
    verbs = ["Add", "Rename", "Merge", "Retire", *(["Restore"] if retired_themes(themes) else [])]
    changes = [_opening(verb, verb.casefold(), challenge.id) for verb in verbs]
    return Buttons((*changes, Button("Prompts", action="themes.prompts", value=challenge.id)))


def _opening(label: str, verb: str, value: str) -> Button:
    return Button(label, action=f"themes.{verb}", value=value, opens=f"themes.{verb}")


async def build_prompts(desk: Desk, intent: Intent) -> Card:
    """What to listen for under each flip chart of the framework."""
    challenge = await desk.uow.challenges.get(ChallengeId(intent.record))
    framework = desk.house.framework_of(challenge)
    prompts = {outline.key: outline.prompts for outline in framework.themes}
    elements: list[Element] = [heading("What to listen for")]
    for theme in open_themes(await desk.uow.themes.of_challenge(challenge.id)):
        elements.append(text(bold(named(theme)), f"\n{theme.title}" if theme.title != theme.short else ""))
        if theme.key in prompts:
            elements.append(Bullets(tuple(text(prompt) for prompt in prompts[theme.key])))
    return Card(notification="What to listen for, theme by theme", elements=tuple(elements))


# ---------------------------------------------------------------- what has changed


async def build_changed(desk: Desk, intent: Intent) -> Card:
    theme = await desk.uow.themes.get(ThemeId(intent.record))
    line = _change_line(theme, intent.params["change"], intent.params["was"], int(intent.params["moved"]))
    return Card(notification=line, elements=(text(line),))


def _change_line(theme: Theme, change: str, was: str, moved: int) -> str:
    word = theme.words[0]
    findings = "1 finding" if moved == 1 else f"{moved} findings"
    return {
        "added": f"A new flip chart: {named(theme)}. Tag findings #{word}.",
        "renamed": f"The flip chart {was} is now {named(theme)}. Tag findings #{word}; the old words still work.",
        "merged": f"The flip chart {was} is now part of {named(theme)} ({findings} moved). Its words lead there.",
        "retired": f"The flip chart {named(theme)} is retired. Its findings stay on it; new ones cannot be put there.",
        "restored": f"The flip chart {named(theme)} is back on the wall. Tag findings #{word}.",
    }[change]


async def build_nearest(desk: Desk, intent: Intent) -> Card:
    """There is no such flip chart: the nearest are a tap away."""
    params = intent.params
    verb = params["verb"]
    by_id = {theme.id: theme for theme in await desk.uow.themes.of_challenge(ChallengeId(intent.record))}
    nearest = [by_id[ThemeId(theme_id)] for theme_id in params["nearest"].split()]
    buttons = [
        _opening(f"{verb.capitalize()} {named(theme)}" if not params["before"] else f"Into {named(theme)}", verb, value)
        for theme in nearest
        if (value := _filled(intent.record, params["before"], theme.id, params["after"]))
    ]
    asked = "Did you mean one of these?" if nearest else "Type themes to see them all, or choose one."
    return Card(
        notification="There is no flip chart with that name",
        elements=(
            text(f"There is no flip chart called “{_shown_back(params['typed'])}”. {asked}"),
            Buttons((*buttons, _opening("Choose another", verb, intent.record))),
        ),
    )


def _filled(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _shown_back(typed: str) -> str:
    line = " ".join(typed.split())
    return line if len(line) <= QUOTED else f"{line[:QUOTED]}…"


# ---------------------------------------------------------------- forms


def add_form(challenge: Challenge) -> Form:
    return Form(
        name="themes.add",
        title="New flip chart",
        parts=(
            TextField(
                name="title",
                label="What is it called?",
                placeholder="Transport",
                max_length=LONGEST_TITLE,
                required=True,
            ),
            TextField(
                name="emoji", label="An emoji", hint=f"{PUSHPIN} if you leave this empty.", max_length=LONGEST_EMOJI * 4
            ),
        ),
        submit="Add",
        carried={"challenge": challenge.id},
    )


def rename_form(challenge: Challenge, themes: Sequence[Theme], *, chosen: str = "", title: str = "") -> Form:
    return Form(
        name="themes.rename",
        title="Rename a flip chart",
        parts=(
            _choice("theme", "Which one?", open_themes(themes), chosen),
            TextField(
                name="title",
                label="Its new name",
                value=title[:LONGEST_TITLE],
                hint="Its old words keep working. Begin with an emoji to change that too.",
                max_length=LONGEST_TITLE,
                required=True,
            ),
        ),
        submit="Rename",
        carried={"challenge": challenge.id},
    )


def merge_form(challenge: Challenge, themes: Sequence[Theme], *, old: str = "", into: str = "") -> Form:
    return Form(
        name="themes.merge",
        title="Merge two flip charts",
        parts=(
            _choice("old", "Take this one down", [theme for theme in themes if theme.merged_into is None], old),
            _choice("into", "and put its findings on", open_themes(themes), into),
            note("A merge cannot be undone: the findings move, and the old words lead to the second flip chart."),
        ),
        submit="Merge",
        carried={"challenge": challenge.id},
    )


def retire_form(challenge: Challenge, themes: Sequence[Theme], *, chosen: str = "") -> Form:
    return Form(
        name="themes.retire",
        title="Retire a flip chart",
        parts=(
            _choice("theme", "Which one?", open_themes(themes), chosen),
            note("Its findings stay on it; new ones cannot be put there. You can restore it."),
        ),
        submit="Retire",
        carried={"challenge": challenge.id},
    )


def restore_form(challenge: Challenge, themes: Sequence[Theme], *, chosen: str = "") -> Form:
    return Form(
        name="themes.restore",
        title="Restore a flip chart",
        parts=(_choice("theme", "Which one?", retired_themes(themes), chosen),),
        submit="Restore",
        carried={"challenge": challenge.id},
    )


def _choice(name: str, label: str, themes: Sequence[Theme], chosen: str) -> ChoiceField:
    """A choice of flip charts; one that is not (or no longer) offered is not chosen."""
    offered = tuple(Choice(named(theme), theme.id) for theme in themes)
    known = tuple(choice.value for choice in offered if choice.value == chosen)
    return ChoiceField(name=name, label=label, choices=offered, chosen=known, required=True)
