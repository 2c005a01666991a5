"""What a framework is: the method of one programme, as a manager picks it and a team works with it.

A peer sees its themes, prompts and words on every card; a manager gets its days, session times, check-in
questions and destruction list without typing them. The checks here say what a framework may not be; they are
pure, so a framework file can be judged before anything else has started.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import time
from itertools import pairwise
from typing import Any, Literal

SHORT_THEME = 24  # characters: what a button and a one-line receipt can carry
SHORT_CHOICE = 75  # characters: the longest entry Slack allows in a list of choices
LONGEST_EMOJI = 10  # code points: a family joined from four people has seven
MOST_SESSIONS = 3  # a day
KEYED_LISTS = ("themes", "roles", "stages", "checkin", "destruction")

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_HASH_WORD = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
_EMOJI_PARTS = frozenset({"So", "Sk", "Mn", "Cf"})  # symbol, skin tone, variation selector, joiner

PartOfVisit = Literal["before", "on_site", "after"]
"""Before, during or after the days on site."""

Place = tuple[str | int, ...]
"""Where something stands in a framework file: ("themes", 2, "short") is `short` in the third `[[themes]]`."""


@dataclass(frozen=True, slots=True)
class ThemeOutline:
    """One theme (key line of enquiry): `words` are what a peer may type after '#', in lower case."""

    key: str
    title: str
    short: str
    emoji: str
    prompts: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleOutline:
    """One seat in the team; `kind` decides what its holder may do, `title` is what people read."""

    key: str
    title: str
    kind: Literal["challenge_manager", "lead_peer", "peer"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the check-in before the visit; `options` belong to a choice and to nothing else."""

    key: str
    text: str
    kind: Literal["text", "choice", "time", "yes_no"]
    options: tuple[str, ...] = ()
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class DestructionItem:
    """One thing a peer confirms as destroyed once the report is signed off."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the programme, in order; `when` places it before, during or after the days on site."""

    key: str
    title: str
    when: PartOfVisit
    meaning: str


@dataclass(frozen=True, slots=True)
class Words:
    """The programme's own words, as they stand inside a sentence ("area to explore", "client")."""

    challenge: str
    host: str
    theme: str
    theme_plural: str
    strength: str
    strength_plural: str
    improvement: str
    improvement_plural: str
    improvement_short: str
    manager: str


@dataclass(frozen=True, slots=True)
class Framework:
    """The method of one programme.

    Days are counted, times are wall times at the host. `sessions_on_last_day` all come before the final
    feedback. `report_drafted_by` and `fieldwork_led_by` stand inside a sentence ("the challenge manager").
    `aliases` are what a manager may type for it, in lower case. `assumed` holds the dotted names of what
    `source` does not state: "session_times", "roles.lead_peer", "words.improvement_short".
    """

    key: str
    title: str
    aliases: tuple[str, ...]
    body: str
    source: str
    assumed: frozenset[str]
    onsite_days: int
    onsite_days_min: int
    onsite_days_max: int
    session_times: tuple[time, ...]
    sessions_on_last_day: tuple[time, ...]
    catch_up_time: time
    final_feedback_time: time
    evening_digest_time: time
    checkin_close_days_before: int
    fieldwork_led_by: str
    report_drafted_by: str
    report_due: str
    ground_rules: tuple[str, ...]
    words: Words
    themes: tuple[ThemeOutline, ...]
    roles: tuple[RoleOutline, ...]
    stages: tuple[Stage, ...]
    checkin: tuple[Question, ...]
    destruction: tuple[DestructionItem, ...]


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a framework: where, what, and which other places the judgement rests on."""

    place: Place
    sentence: str
    rests_on: tuple[Place, ...] = ()


def framework_named(frameworks: Mapping[str, Framework], typed: str) -> Framework | None:
    """The framework a manager means by "ICS", "pci" or a full title; None when it is none of them."""
    wanted = _as_typed(typed)
    return next((each for each in frameworks.values() if wanted in names_typed_for(each)), None)


def names_typed_for(framework: Framework) -> frozenset[str]:
    """What a manager may type to mean this framework, whatever the case and the spaces."""
    return frozenset({framework.key, _as_typed(framework.title), *map(_as_typed, framework.aliases)})


def _as_typed(text: str) -> str:
    return " ".join(text.casefold().split())


def flaws_of(framework: Framework) -> list[Flaw]:
    """All that is wrong with a framework whose fields have the right types, in no particular order."""
    return [
        *_flawed_keys(framework),
        *_too_long([(("title",), framework.title)], SHORT_CHOICE),
        *_flawed_themes(framework.themes),
        *_flawed_roles(framework.roles),
        *_flawed_stages(framework.stages),
        *_flawed_questions(framework.checkin),
        *_too_long(_each("destruction", "text", framework.destruction), SHORT_CHOICE),
        *_flawed_days(framework),
        *_flawed_sessions("session_times", framework.session_times, least=2),
        *_flawed_sessions("sessions_on_last_day", framework.sessions_on_last_day, least=0),
        *_sessions_too_late(framework.sessions_on_last_day, framework.final_feedback_time),
        *_unknown_assumptions(framework),
    ]


def _each(table: str, field: str, records: Sequence[object]) -> list[tuple[Place, Any]]:
    """One field of every record of a list, each with its place."""
    return [((table, number, field), getattr(record, field)) for number, record in enumerate(records)]


def _repeated(placed: Iterable[tuple[Place, str]]) -> Iterator[Flaw]:
    taken: set[str] = set()
    for place, name in placed:
        if name in taken:
            yield Flaw(place, f'"{name}" is used twice; each must be different')
        taken.add(name)


def _too_long(placed: Iterable[tuple[Place, str]], most: int) -> Iterator[Flaw]:
    for place, text in placed:
        if len(text) > most:
            yield Flaw(place, f'"{text}" has {len(text)} characters; at most {most} fit')


def _flawed_keys(framework: Framework) -> Iterator[Flaw]:
    keys: list[tuple[Place, str]] = [(("key",), framework.key)]
    for table in KEYED_LISTS:
        records = getattr(framework, table)
        if not records:
            yield Flaw((table,), f"give at least one [[{table}]]")
        keys += (in_table := _each(table, "key", records))
        yield from _repeated(in_table)
    for place, key in keys:
        if not _KEY.fullmatch(key):
            yield Flaw(
                place,
                f'"{key}" is not a key: a letter, then letters, digits or _, all lower case, at most 40',
            )


def _flawed_themes(themes: Sequence[ThemeOutline]) -> Iterator[Flaw]:
    yield from _too_long(_each("themes", "short", themes), SHORT_THEME)
    yield from _repeated(_each("themes", "short", themes))
    yield from _repeated(_each("themes", "emoji", themes))
    for place, emoji in _each("themes", "emoji", themes):
        if not _is_emoji(emoji):
            yield Flaw(place, f'"{emoji}" is not an emoji; give one, such as 🧭')
    for field in ("prompts", "words"):
        for place, texts in _each("themes", field, themes):
            if not texts:
                yield Flaw(place, "give at least one")
    yield from _flawed_words(themes)


def _flawed_words(themes: Sequence[ThemeOutline]) -> Iterator[Flaw]:
    placed: list[tuple[Place, str]] = [
        (("themes", number, "words", nth), word)
        for number, theme in enumerate(themes)
        for nth, word in enumerate(theme.words)
    ]
    yield from _repeated(placed)
    for place, word in placed:
        if not _HASH_WORD.fullmatch(word):
            yield Flaw(place, f'"{word}" cannot follow #: use lower-case letters, digits and -, at most 30')


def _is_emoji(text: str) -> bool:
    kinds = [unicodedata.category(character) for character in text]
    return len(kinds) <= LONGEST_EMOJI and "So" in kinds and _EMOJI_PARTS.issuperset(kinds)


def _flawed_roles(roles: Sequence[RoleOutline]) -> Iterator[Flaw]:
    yield from _too_long(_each("roles", "title", roles), SHORT_CHOICE)
    kinds = [role.kind for role in roles]
    for kind in ("challenge_manager", "lead_peer"):
        if (count := kinds.count(kind)) != 1:
            yield Flaw(("roles",), f'exactly one role must be of kind "{kind}"; there are {count}')


def _flawed_stages(stages: Sequence[Stage]) -> Iterator[Flaw]:
    order = ("before", "on_site", "after")
    for number, (earlier, later) in enumerate(pairwise(stages), start=1):
        if order.index(later.when) < order.index(earlier.when):
            sentence = f'"{later.when}" follows a stage that is "{earlier.when}"; put the stages in order'
            yield Flaw(("stages", number, "when"), sentence, rests_on=(("stages", number - 1, "when"),))
    if all(stage.when != "on_site" for stage in stages):
        yield Flaw(("stages",), 'at least one stage must be "on_site"')


def _flawed_questions(questions: Sequence[Question]) -> Iterator[Flaw]:
    for number, question in enumerate(questions):
        place: Place = ("checkin", number, "options")
        kind: tuple[Place, ...] = (("checkin", number, "kind"),)
        if question.kind == "choice" and len(question.options) < 2:
            yield Flaw(place, "a choice needs at least two options", rests_on=kind)
        if question.kind != "choice" and question.options:
            yield Flaw(place, f'only a choice has options; this question is "{question.kind}"', rests_on=kind)
        yield from _too_long((((*place, nth), text) for nth, text in enumerate(question.options)), SHORT_CHOICE)


def _flawed_days(framework: Framework) -> Iterator[Flaw]:
    least, usual, most = framework.onsite_days_min, framework.onsite_days, framework.onsite_days_max
    if not 1 <= least <= usual <= most:
        sentence = f"days on site need 1 ≤ min ≤ usual ≤ max; they are min {least}, usual {usual}, max {most}"
        yield Flaw(("onsite_days",), sentence, rests_on=(("onsite_days_min",), ("onsite_days_max",)))
    if framework.checkin_close_days_before < 0:
        yield Flaw(("checkin_close_days_before",), "it must be 0 or more days")


def _flawed_sessions(name: str, times: Sequence[time], least: int) -> Iterator[Flaw]:
    """Two to three peer team sessions a day (local-system guidance, 'How we update each other'), in order."""
    if not least <= len(times) <= MOST_SESSIONS:
        yield Flaw((name,), f"give {least} to {MOST_SESSIONS} peer team sessions; here are {len(times)}")
    for nth, (earlier, later) in enumerate(pairwise(times), start=1):
        if later <= earlier:
            sentence = f"{later:%H:%M} is not after {earlier:%H:%M}; put the times in order"
            yield Flaw((name, nth), sentence, rests_on=((name,),))


def _sessions_too_late(times: Sequence[time], final_feedback: time) -> Iterator[Flaw]:
    for nth, session in enumerate(times):
        if session >= final_feedback:
            sentence = f"{session:%H:%M} is not before the final feedback at {final_feedback:%H:%M}; leave it out"
            yield Flaw(("sessions_on_last_day", nth), sentence, rests_on=(("final_feedback_time",),))


def _unknown_assumptions(framework: Framework) -> Iterator[Flaw]:
    for name in sorted(framework.assumed - _names_in(framework)):
        table: Place = (name.partition(".")[0],)
        yield Flaw(("assumed",), f'"{name}" names nothing in this framework', rests_on=(table,))


def _names_in(framework: Framework) -> frozenset[str]:
    """Every dotted name that can be marked assumed: "themes", "themes.prompts", "roles.lead_peer"."""
    names = {field.name for field in fields(Framework)}
    names.update(f"words.{field.name}" for field in fields(Words))
    for table in KEYED_LISTS:
        for record in getattr(framework, table):
            names.update(f"{table}.{field.name}" for field in fields(record))
            names.add(f"{table}.{record.key}")
    return frozenset(names)
