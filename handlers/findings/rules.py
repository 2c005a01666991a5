"""What may happen to a finding, decided from records alone: how an edit finds the findings it is about, what changes
hands when a theme is pressed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rapidfuzz import fuzz

from handlers.errors import Refusal
from handlers.findings.reading import Part
from handlers.frameworks.rules import Words
from storage.records import (
    Challenge,
    Finding,
    FindingId,
    Kind,
    Member,
    Role,
    SourceType,
    Theme,
    ThemeId,
)

ALIKE = 45  # out of 100: an edited bullet is still the same finding
COMPARED = 500  # characters of each part that are compared


class NothingSaid(Refusal):
    """There are no words in that, so nothing was saved. Type what you heard, in a line or two."""


class FilesNotKept(Refusal):
    """Nothing was saved: I do not keep files. Type what is worth keeping from it, in a line or two."""


class ChannelNotBound(Refusal):
    """This channel is not a team’s base room, so nothing was saved. Say it to me directly, or ask your challenge
    manager to type “challenge here” in this channel."""


class AlreadySettled(Refusal):
    """That has been logged already, or is more than a day old. Type it again if it should be a finding."""


class WordsForgotten(Refusal):
    """Its words were forgotten a day after it was withdrawn, so it cannot be put back. Type it again."""


class NotYours(Refusal):
    """Only the peer who logged that, or the challenge manager, can change it."""


class NoSuchFinding(Refusal):
    """There is no finding with that number on this wall. Type “findings” to see yours."""


class NotOnTheWall(Refusal):
    """It is withdrawn, or sensitive: for whoever may not see it there is no telling which."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"#{finding.number} is not on the wall.")


@dataclass(frozen=True, slots=True)
class Matched:
    """How an edited message stands to its findings: the ones that changed, the parts that are new, the ones gone."""

    changed: tuple[tuple[Finding, Part], ...]
    added: tuple[Part, ...]
    gone: tuple[Finding, ...]


def kept_back(parts: Sequence[Part], beside: Iterable[Finding]) -> tuple[Part, ...]:
    """What an edit adds to a message: sensitive where anything said in it is, since it may well tell of the same."""
    is_sensitive = any(finding.sensitive for finding in beside)
    return tuple(replace(part, sensitive=part.sensitive or is_sensitive) for part in parts)


def match_parts(findings: Sequence[Finding], parts: Sequence[Part]) -> Matched:
    """Match an edited message with its findings, part by part, so that numbers stay with what they stood for.

    First the parts that say the same, then the likest pairs, then whatever is left on both sides in order when as many
    are left on each: a bullet typed anew in the place of another. What is like nothing that was said before is kept
    back where some of that is sensitive.
    """
    left, free = list(findings), list(parts)
    pairs: list[tuple[Finding, Part]] = []
    for finding, part in _by_likeness(left, free):
        if finding in left and part in free:
            pairs.append((finding, part))
            left.remove(finding)
            free.remove(part)
    free = list(kept_back(free, findings))
    if len(left) == len(free):
        pairs += zip(left, free, strict=True)
        left, free = [], []
    return Matched(tuple(pairs), tuple(free), tuple(left))


def _by_likeness(findings: Sequence[Finding], parts: Sequence[Part]) -> list[tuple[Finding, Part]]:
    scored = [
        (_likeness(finding.text, part.text), -abs(finding.part - position), finding, part)
        for finding in findings
        for position, part in enumerate(parts)
    ]
    scored.sort(key=lambda score: score[:2], reverse=True)
    return [(finding, part) for likeness, _, finding, part in scored if likeness >= ALIKE]


def _likeness(before: str, after: str) -> float:
    return 101 if before == after else fuzz.ratio(before[:COMPARED], after[:COMPARED])


def reread(finding: Finding, part: Part, now: datetime) -> Finding:
    """The finding with what its message says now, but for what somebody set by hand."""
    read = {
        "text": part.text,
        "themes": part.theme_ids,
        "kind": part.kind,
        "source": part.source,
        "source_type": part.source_type,
        "sensitive": part.sensitive or finding.sensitive,  # only the manager makes it otherwise
    }
    free = {field: value for field, value in read.items() if field not in finding.set_by_hand}
    return change(finding, now, **free)


def set_by_hand(finding: Finding, now: datetime, **chosen: object) -> Finding:
    """The finding with what somebody chose by button or form; an edit of the message will leave that alone."""
    held = {"themes": finding.theme_ids} | {
        field: getattr(finding, field) for field in ("text", "kind", "source", "source_type", "sensitive")
    }
    new = {field: value for field, value in chosen.items() if held[field] != value}
    if not new:
        return finding
    changed = change(finding, now, **new)
    return replace(changed, set_by_hand=finding.set_by_hand | frozenset(new))


def change(finding: Finding, now: datetime, **values: object) -> Finding:
    """The finding one version on. `themes` stands for `theme_ids`, as in `Finding.set_by_hand`."""
    fields = {("theme_ids" if name == "themes" else name): value for name, value in values.items()}
    return replace(finding, version=finding.version + 1, changed_at=now, **fields)  # type: ignore[arg-type]  # by name


def with_theme(theme_ids: Sequence[ThemeId], theme_id: ThemeId, *, on: bool) -> tuple[ThemeId, ...]:
    others = tuple(other for other in theme_ids if other != theme_id)
    return (*others, theme_id) if on else others


def before_the_visit(challenge: Challenge, day: date) -> bool:
    return day < challenge.first_day


def as_pre_reading(part: Part) -> Part:
    """Before the visit there is nothing to hear yet: unless it says otherwise, it comes from the pre-reading."""
    if part.source_type:
        return part
    return replace(part, source_type=SourceType.DOCUMENT, source=part.source or "pre-reading")


def current_of(findings: Sequence[Finding]) -> Finding | None:
    """Which finding of a receipt its theme buttons are about: the first that has no theme yet, else the newest."""
    standing = [finding for finding in findings if finding.withdrawn_at is None and not finding.sensitive]
    unsorted = [finding for finding in standing if not finding.theme_ids]
    return next(iter(unsorted or standing[-1:]), None)


def taken_back_last(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that were withdrawn together, last of all, and whose words are still there."""
    withdrawn = [finding for finding in findings if finding.withdrawn_at and finding.text]
    moments = [finding.withdrawn_at for finding in withdrawn if finding.withdrawn_at]
    return tuple(finding for finding in withdrawn if finding.withdrawn_at == max(moments))


def joined(findings: Sequence[Finding], text: str, now: datetime) -> Finding:
    """Several parts of a message as one finding, under the first one's number."""
    first = findings[0]
    kinds = {finding.kind for finding in findings if finding.kind}
    sourced = next((finding for finding in findings if finding.source_type), first)
    by_hand: Collection[str] = frozenset().union(*(finding.set_by_hand for finding in findings))
    whole = change(
        first,
        now,
        text=text,
        themes=tuple(dict.fromkeys(theme_id for finding in findings for theme_id in finding.theme_ids)),
        kind=kinds.pop() if len(kinds) == 1 else None,
        source=sourced.source,
        source_type=sourced.source_type,
    )
    return replace(whole, set_by_hand=frozenset(by_hand), sensitive=any(finding.sensitive for finding in findings))


def inherit(part: Part, whole: Finding) -> Part:
    """A piece of a finding that is split: what it does not say of itself it has from the whole."""
    return Part(
        text=part.text,
        theme_ids=part.theme_ids or whole.theme_ids,
        kind=part.kind or whole.kind,
        source=part.source if part.source_type else whole.source,
        source_type=part.source_type or whole.source_type,
        sensitive=part.sensitive or whole.sensitive,
    )


def theme_titles(theme_ids: Sequence[ThemeId], themes: Sequence[Theme]) -> list[str]:
    """Short titles, in the order of the tags."""
    titles = {theme.id: theme.short for theme in themes}
    return [titles[theme_id] for theme_id in theme_ids if theme_id in titles]


def describe(finding: Finding, themes: Sequence[Theme], words: Words) -> list[str]:
    """Themes (or "unsorted"), kind and kind of source, as far as they are known. A sensitive finding hangs nowhere."""
    said = ["sensitive"] if finding.sensitive else theme_titles(finding.theme_ids, themes) or ["unsorted"]
    if finding.kind:
        said.append(words.strength if finding.kind is Kind.STRENGTH else words.improvement)
    if finding.source_type:
        said.append(finding.source_type.value)
    return said


def may_change(member: Member, finding: Finding) -> bool:
    """Their own, one they logged for somebody, or (the challenge manager) any."""
    return member.role is Role.CHALLENGE_MANAGER or member.id in (finding.author_id, finding.logged_by)


def check_seen(member: Member, finding: Finding) -> None:
    """What is sensitive or taken back is for its author, whoever logged it and the challenge manager; anything else is
    for the whole team. Raises `NotOnTheWall`, which says not which of the two it is."""
    if (finding.sensitive or finding.withdrawn_at is not None) and not may_change(member, finding):
        raise NotOnTheWall(finding)


def ids_in(value: str) -> tuple[FindingId, ...]:
    """The findings that a button is about."""
    return tuple(FindingId(part) for part in value.split())
