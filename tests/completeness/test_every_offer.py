"""Every command, button, form, shortcut and reaction is done by each kind of person: what is stored, what is shown,
and that nobody sees what is not theirs. What is newly registered fails here until it has its row in `rows.py`.

Each is done on one platform here, in turn, and on every platform by `make chaos`.
"""

from collections.abc import Awaitable, Callable
from itertools import cycle

import pytest
from structlog.testing import capture_logs

from bot.app import build_registry
from handlers.chat import Card, FormErrors
from tests.completeness.pressing import Pressing, Seen, audience_of, in_words, words_of
from tests.completeness.rows import OWNER, TABLE, Way
from tests.completeness.town import FORBIDDEN, HUSH, NEVER_NOTIFIED, PEOPLE, Rows, Town, challenges_touched, difference
from tests.fieldwork.day import WORKSPACES
from tests.fieldwork.platform import Shown

TownOf = Callable[[str], Awaitable[Town]]

REGISTRY = build_registry()
OFFERS = {
    Way.TYPES: REGISTRY.commands,
    Way.PRESSES: REGISTRY.buttons,
    Way.SENDS: REGISTRY.forms,
    Way.POINTS: REGISTRY.shortcuts,
    Way.REACTS: REGISTRY.reactions,
}
SAYS_ITSELF = frozenset(
    {
        *(
            "+findings",
            "+source_messages",
        ),  # a finding's row has who logged it and when; its number, if it was taken out
        *("+check_in_replies", "check_in_replies.answered_at", "check_in_replies.remind_at"),  # so has a reply's
        *("check_in_replies.reminded_at", "check_in_replies.call_at", "check_in_replies.call_agreed_at"),
        *("+runs", "runs.state"),  # what falls due by the clock, laid anew
    }
)
EVERY = [(way, name) for way, names in OFFERS.items() for name in sorted(names)]
SOMEWHERE = [
    pytest.param(*offer, home, id=" ".join(offer)) for offer, home in zip(EVERY, cycle(WORKSPACES), strict=False)
]


@pytest.mark.parametrize("way", list(Way))
def test_the_table_holds_what_is_registered_and_nothing_else(way: Way) -> None:
    assert set(TABLE[way]) == set(OFFERS[way]), f"rows.py: give each thing that somebody {way} its row"


@pytest.mark.parametrize(("way", "name", "home"), SOMEWHERE)
async def test_each_person_does_what_they_may_and_no_more(way: Way, name: str, town_of: TownOf) -> None:
    pressing = Pressing(await town_of(TABLE[way][name].stage), way, name)
    wrong: list[str] = []
    with capture_logs() as logs:
        for who in (one for one in PEOPLE if one not in pressing.row.may):
            wrong += [f"{who}: {fault}" for fault in await _faults(pressing, who)]
        for who in pressing.row.may:
            pressing.start_again()
            wrong += [f"{who}: {fault}" for fault in await _faults(pressing, who)]
    wrong += [f"failed at {entry['where']}" for entry in logs if entry["event"] == "failed"]
    assert not wrong, "\n".join(wrong)


async def _faults(pressing: Pressing, who: str) -> list[str]:
    """What is not as the row says when that person does it."""
    await pressing.prepare()
    before, was, trail = pressing.town.stored(), pressing.town.mark(), pressing.town.trail()
    seen = await pressing.do(who)
    after, done = pressing.town.stored(), len(pressing.town.trail()) - len(trail)
    faults = _not_done if who in pressing.row.may else _not_refused
    return [
        *faults(pressing, who, seen, before, after),
        *_canaries(pressing, who, seen, was),
        *_untold(pressing, who, difference(before, after), done),
    ]


def _untold(pressing: Pressing, who: str, changed: str, done: int) -> list[str]:
    """Whatever is changed is in the audit trail, but for what says itself who did it and when; a refusal is not."""
    if done and who not in pressing.row.may:
        return ["refused, but in the audit trail"]
    told = {column for column in changed.split() if column not in SAYS_ITSELF}
    return [f"{sorted(told)} changed, and not a word in the audit trail"] if told and not done else []


def _not_done(pressing: Pressing, who: str, seen: Seen, before: Rows, after: Rows) -> list[str]:
    row, changed, faults = pressing.row, difference(before, after), []
    if changed != (expected := row.own.get(who, row.stored)):
        faults.append(f"stored {changed!r}, not {expected!r}")
    if row.shown not in seen.words or not seen.words.strip():
        faults.append(f"{row.shown!r} is not shown in {seen.words[-400:]!r}")
    if not challenges_touched(before, after) <= _own_challenges(pressing, who, before, after):
        faults.append("another challenge was touched")
    return faults


def _own_challenges(pressing: Pressing, who: str, before: Rows, after: Rows) -> set[str]:
    """Those that the person may change: their own, one they have just opened, both of which they are on."""
    names, opened = pressing.town.stage.names, after["challenges"].keys() - before["challenges"].keys()
    own = {names["other" if who == "olga" else "challenge"], *(key[0] for key in opened)}
    return own | {names["other"]} if pressing.name == "findings.move" else own


def _not_refused(pressing: Pressing, _who: str, seen: Seen, before: Rows, after: Rows) -> list[str]:
    """A refusal is a sentence or two, with nothing else on it than the offer to log what was typed."""
    faults, words = [], seen.words.strip()
    if changed := difference(before, after):
        faults.append(f"refused, but stored {changed!r}")
    if not words:
        return faults if pressing.row.silent else [*faults, "refused without a word"]
    if not isinstance(seen.outcome, FormErrors):
        sizes = [len(post.content.elements) for post in seen.posts if isinstance(post.content, Card)]
        if seen.outcome is not None or len(seen.posts) != 1 or not sizes or sizes[0] > 3:
            faults.append(f"not a refusal: {words[-300:]!r}")
    if not any(line.rstrip().endswith((".", "?", ".)", ".”")) for line in words.splitlines()):
        faults.append(f"not a sentence: {words[-300:]!r}")
    return faults


def _canaries(pressing: Pressing, who: str, seen: Seen, was: list[Shown]) -> list[str]:
    """Words that flew where they should not: to this person, to anybody's lock screen."""
    fresh = [post for post in pressing.town.day.platform.shown if post not in was]
    notified = "\n".join(post.content.notification for post in fresh)
    may_read = OWNER if pressing.row.hushed else ()
    hush = [post.target for post in fresh if HUSH in words_of(post) and audience_of(post) not in may_read]
    shown = [canary for canary in FORBIDDEN[who] if canary in seen.words and canary not in pressing.row.lets]
    homes = [one for one, card in pressing.town.day.platform.homes.items() if HUSH in str(card)]
    return [
        *(f"what is sensitive is on the home page of {one}" for one in homes),
        *(f"{canary} is shown" for canary in shown),
        *(f"what is sensitive is shown in {target}" for target in hush),
        *(["what is sensitive is on a form"] if HUSH in in_words(seen.outcome) else []),
        *(f"{canary} is in a notification" for canary in NEVER_NOTIFIED if canary in notified),
    ]
