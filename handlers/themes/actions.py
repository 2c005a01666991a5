"""Adding, renaming, merging, retiring and restoring a flip chart, typed in one line or chosen in a form."""

from collections.abc import Sequence

from handlers.access import Seat, access_challenge, access_meant_seat, access_seat
from handlers.chat import Form, FormErrors, Outcome, PlaceKind, Submitted
from handlers.desk import Turn
from handlers.errors import RecordGone
from handlers.themes import cards
from handlers.themes.rules import (
    ThemeRefused,
    as_word,
    check_merge,
    find_theme,
    made,
    nearest_themes,
    read_pair,
    read_title,
    renamed,
    restored,
    retired,
    retired_themes,
)
from storage.errors import AlreadyStored, NotStored
from storage.records import Address, AsideId, ChallengeId, Intent, Theme, ThemeId, new_id

LONGEST_LINE = 300  # characters; more than that is something heard

# ---------------------------------------------------------------- what is a command and not something heard


def is_name(args: str) -> bool:
    """Whether this may be the name of a flip chart (nothing at all opens the form)."""
    return len(args) <= LONGEST_LINE and "\n" not in args.strip()


def is_name_to_name(args: str) -> bool:
    return is_name(args) and (not args.strip() or read_pair(args, "to", ()) is not None)


def is_name_into_name(args: str) -> bool:
    return is_name(args) and (not args.strip() or read_pair(args, "into", ()) is not None)


# ---------------------------------------------------------------- looking


async def show_wall(turn: Turn, args: str) -> None:
    seat = await access_seat(turn)
    if args.strip():
        raise ThemeRefused("Type themes to see the flip charts, or theme add, rename, merge, retire or restore.")
    await turn.answer("themes.wall", challenge=seat.challenge, record=seat.challenge.id)


async def show_prompts(turn: Turn, challenge_id: str) -> None:
    seat = await access_challenge(turn, ChallengeId(challenge_id))
    await turn.answer("themes.prompts", challenge=seat.challenge, record=seat.challenge.id)


# ---------------------------------------------------------------- typed in one line


async def add(turn: Turn, args: str) -> Outcome:
    seat = await access_meant_seat(turn)
    if not args.strip():
        return cards.add_form(seat.challenge)
    await _add(turn, seat, args)
    return None


async def rename(turn: Turn, args: str) -> Outcome:
    seat, themes = await _at_the_wall(turn)
    pair = read_pair(args, "to", themes)
    if pair is None:
        return cards.rename_form(seat.challenge, themes)
    title = read_title(pair[1])
    theme = await _meant(turn, seat, themes, pair[0], verb="rename", more=turn.aside or "")
    if theme:
        await _rename(turn, seat, theme, renamed(theme, title, themes))
    return None


async def merge(turn: Turn, args: str) -> Outcome:
    seat, themes = await _at_the_wall(turn)
    pair = read_pair(args, "into", themes, second_is_theme=True)
    if pair is None:
        return cards.merge_form(seat.challenge, themes)
    into = find_theme(pair[1], themes)
    known = into.id if isinstance(into, Theme) else ""
    old = await _meant(turn, seat, themes, pair[0], verb="merge", more=known)
    if old and not isinstance(into, Theme):
        await _offer_nearest(turn, seat, pair[1], into, verb="merge", before=old.id)
    elif old and isinstance(into, Theme):
        await _merge(turn, seat, old, into)
    return None


async def retire(turn: Turn, args: str) -> Outcome:
    seat, themes = await _at_the_wall(turn)
    if not args.strip():
        return cards.retire_form(seat.challenge, themes)
    theme = await _meant(turn, seat, themes, args, verb="retire")
    if theme:
        await _change(turn, seat, retired(theme, themes, turn.now), "retired")
    return None


async def restore(turn: Turn, args: str) -> Outcome:
    seat, themes = await _at_the_wall(turn)
    if not args.strip():
        return _restore_form(seat, themes)
    theme = await _meant(turn, seat, themes, args, verb="restore")
    if theme:
        await _change(turn, seat, restored(theme), "restored")
    return None


# ---------------------------------------------------------------- buttons: they open the forms


async def open_add(turn: Turn, value: str) -> Form:
    seat = await access_challenge(turn, ChallengeId(value))
    return cards.add_form(seat.challenge)


async def open_rename(turn: Turn, value: str) -> Form:
    """`value`: the challenge, then the flip chart and the aside in which the new name was typed, if there are any."""
    seat, themes, (theme_id, aside_id) = await _pressed(turn, value)
    return cards.rename_form(seat.challenge, themes, chosen=theme_id, title=await _new_name(turn, aside_id))


async def open_merge(turn: Turn, value: str) -> Form:
    seat, themes, (old, into) = await _pressed(turn, value)
    return cards.merge_form(seat.challenge, themes, old=old, into=into)


async def open_retire(turn: Turn, value: str) -> Form:
    seat, themes, (theme_id, _) = await _pressed(turn, value)
    return cards.retire_form(seat.challenge, themes, chosen=theme_id)


async def open_restore(turn: Turn, value: str) -> Form:
    seat, themes, (theme_id, _) = await _pressed(turn, value)
    return _restore_form(seat, themes, chosen=theme_id)


FORMS_OPENED = {
    "add": open_add,
    "rename": open_rename,
    "merge": open_merge,
    "retire": open_retire,
    "restore": open_restore,
}


# ---------------------------------------------------------------- forms


async def add_from_form(turn: Turn, sent: Submitted) -> Outcome:
    seat = await access_challenge(turn, ChallengeId(sent.carried.get("challenge", "")))
    try:
        await _add(turn, seat, f"{sent.values.get('emoji', '')} {sent.values.get('title', '')}")
    except ThemeRefused as refusal:
        return FormErrors({"title": str(refusal)})
    return None


async def rename_from_form(turn: Turn, sent: Submitted) -> Outcome:
    seat, themes = await _sent(turn, sent)
    theme = _chosen(themes, sent, "theme")
    try:
        new = renamed(theme, read_title(str(sent.values.get("title", ""))), themes)
    except ThemeRefused as refusal:
        return FormErrors({"title": str(refusal)})
    await _rename(turn, seat, theme, new)
    return None


async def merge_from_form(turn: Turn, sent: Submitted) -> Outcome:
    seat, themes = await _sent(turn, sent)
    try:
        await _merge(turn, seat, _chosen(themes, sent, "old"), _chosen(themes, sent, "into"))
    except ThemeRefused as refusal:
        return FormErrors({"into": str(refusal)})
    return None


async def retire_from_form(turn: Turn, sent: Submitted) -> Outcome:
    seat, themes = await _sent(turn, sent)
    await _change(turn, seat, retired(_chosen(themes, sent, "theme"), themes, turn.now), "retired")
    return None


async def restore_from_form(turn: Turn, sent: Submitted) -> Outcome:
    seat, themes = await _sent(turn, sent)
    await _change(turn, seat, restored(_chosen(themes, sent, "theme")), "restored")
    return None


# ---------------------------------------------------------------- doing it


async def _add(turn: Turn, seat: Seat, typed: str) -> None:
    themes = await turn.uow.themes.of_challenge(seat.challenge.id)
    theme = made(read_title(typed), ThemeId(new_id()), seat.challenge.id, themes)
    try:
        await turn.uow.themes.add(theme)
    except AlreadyStored as exc:
        raise ThemeRefused(f"Somebody has just added {theme.short}.") from exc
    turn.audit(seat.challenge.id, "theme.added", theme.id)
    await _announce(turn, seat, theme, "added")


async def _rename(turn: Turn, seat: Seat, theme: Theme, new: Theme) -> None:
    """The team hears nothing of a flip chart that keeps its name."""
    if new.title in (theme.title, theme.short) and new.emoji == theme.emoji:
        await turn.say("That is its name already. Nothing was changed.", challenge=seat.challenge)
    else:
        await _change(turn, seat, new, "renamed", was=theme.short)


async def _change(turn: Turn, seat: Seat, theme: Theme, change: str, *, was: str = "") -> None:
    """Write the flip chart as it now is, and tell the team."""
    await turn.uow.themes.change(
        theme.id, title=theme.title, short=theme.short, emoji=theme.emoji, words=theme.words,
        retired_at=theme.retired_at,
    )  # fmt: skip
    turn.audit(seat.challenge.id, f"theme.{change}", theme.id)
    await _announce(turn, seat, theme, change, was=was)


async def _merge(turn: Turn, seat: Seat, old: Theme, into: Theme) -> None:
    """The findings move, and whatever led to the old flip chart leads to the other. Raises `ThemeRefused`."""
    check_merge(old, into)
    tallies = await turn.uow.findings.tally(seat.challenge.id)
    moved = sum(tally.count for tally in tallies if tally.theme_id == old.id)
    await turn.uow.themes.retag(old.id, into.id)
    await turn.uow.themes.change(old.id, merged_into=into.id)
    turn.audit(seat.challenge.id, "theme.merged", old.id, findings=moved)
    await _announce(turn, seat, into, "merged", was=old.short, moved=moved)


async def _announce(turn: Turn, seat: Seat, theme: Theme, change: str, *, was: str = "", moved: int = 0) -> None:
    """One line in the team channel, and to the person too unless they are reading it there."""
    params = {"change": change, "was": was, "moved": str(moved)}
    nowhere = Address(turn.place.platform, turn.place.workspace)
    news = Intent(kind="themes.changed", to=nowhere, record=theme.id, params=params)
    posted = await turn.post_to_channels(seat.challenge, news)
    if not posted or turn.place.kind is not PlaceKind.CHANNEL:
        await turn.answer("themes.changed", challenge=seat.challenge, record=theme.id, params=params)
    await turn.tell_wall_watchers(seat.challenge)


# ---------------------------------------------------------------- finding out what is meant


async def _at_the_wall(turn: Turn) -> tuple[Seat, list[Theme]]:
    seat = await access_meant_seat(turn)
    return seat, await turn.uow.themes.of_challenge(seat.challenge.id)


async def _pressed(turn: Turn, value: str) -> tuple[Seat, list[Theme], tuple[str, str]]:
    """What a button's value names: the challenge, and up to two things to fill in."""
    challenge_id, first, second = (*value.split(" "), "", "")[:3]
    seat = await access_challenge(turn, ChallengeId(challenge_id))
    return seat, await turn.uow.themes.of_challenge(seat.challenge.id), (first, second)


async def _sent(turn: Turn, sent: Submitted) -> tuple[Seat, list[Theme]]:
    seat = await access_challenge(turn, ChallengeId(sent.carried.get("challenge", "")))
    return seat, await turn.uow.themes.of_challenge(seat.challenge.id)


def _chosen(themes: Sequence[Theme], sent: Submitted, field: str) -> Theme:
    """The flip chart chosen in a form; one that was merged meanwhile is gone."""
    found = next((theme for theme in themes if theme.id == sent.values.get(field)), None)
    if found is None or found.merged_into:
        raise RecordGone
    return found


async def _meant(
    turn: Turn, seat: Seat, themes: Sequence[Theme], typed: str, *, verb: str, more: str = ""
) -> Theme | None:
    """The flip chart that was typed; None when it is not known, and the nearest have been offered."""
    found = find_theme(typed, themes)
    if isinstance(found, Theme):
        return found
    if verb == "restore":
        found = nearest_themes(as_word(typed), retired_themes(themes))
    await _offer_nearest(turn, seat, typed, found, verb=verb, after=more)
    return None


async def _offer_nearest(
    turn: Turn, seat: Seat, typed: str, nearest: Sequence[Theme], *, verb: str, before: str = "", after: str = ""
) -> None:
    """Say that there is no such flip chart, with a button for each of the nearest that opens the form filled in."""
    params = {"typed": typed, "verb": verb, "before": before, "after": after}
    params["nearest"] = " ".join(theme.id for theme in nearest)
    await turn.answer("themes.nearest", challenge=seat.challenge, record=seat.challenge.id, params=params)


async def _new_name(turn: Turn, aside_id: str) -> str:
    """The new name in "theme rename X to Y", as it was typed earlier by the same person."""
    try:
        aside = await turn.uow.asides.get(AsideId(aside_id))
    except NotStored:
        return ""
    pair = read_pair(aside.text, "to", ()) if aside.account_id == turn.account.id else None
    return pair[1] if pair else ""


def _restore_form(seat: Seat, themes: Sequence[Theme], *, chosen: str = "") -> Form:
    if not retired_themes(themes):
        raise ThemeRefused("No flip chart is retired.")
    return cards.restore_form(seat.challenge, themes, chosen=chosen)
