"""The rules of linking: what a code looks like, which of two seats stays, and when two people cannot be made one.

Pure: seats and words in, decisions out. Each refusal is worded so that it tells nobody on which challenge anybody is.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.access import Seat
from handlers.errors import Refusal
from storage.records import Account, ChallengeId, Member, Role

# ---------------------------------------------------------------- codes

LETTERS = "BCDFGHJKMNPQRTVWXY"  # no vowels, so that no code is a word; nothing that looks like a digit
CODE_LENGTH = 8  # 18 to the power of 8: ten thousand million
LIFE = timedelta(minutes=10)
MOST_WRONG_TRIES = 5
TRIES_COUNT_FOR = timedelta(hours=1)

_LOOKS_LIKE_A_CODE = re.compile(rf"[A-Z0-9]{{4}}-[A-Z0-9]{{4}}|[{LETTERS}]{{4}} ?[{LETTERS}]{{4}}", re.IGNORECASE)
_DASHES = str.maketrans("‐‑‒–—", "-----")  # what a phone makes of a hyphen


class NotACode(Refusal):
    """That is not a code of mine: eight letters, for example BCDF-GHJK. Type “link” where your team knows you, and I
    will give you one."""


class NothingToLink(Refusal):
    """Type “link” to me where your team knows you already, and I will give you a code. Then type it here, for example
    “link BCDF-GHJK”."""


class TooManyTries(Refusal):
    """That is too many wrong codes. Try again in an hour, or ask your challenge manager to link you."""


class OwnCode(Refusal):
    """That is your own code. Type it to me on the other platform."""


def is_code(args: str) -> bool:
    """Whether a typed "link …" is meant for us: nothing follows, or something that looks like a code."""
    plain = args.strip().translate(_DASHES)
    return not plain or bool(_LOOKS_LIKE_A_CODE.fullmatch(plain))


def read_code(args: str) -> str | None:
    """The letters of a code, however they are spaced; None when it is none."""
    if len(args) > 2 * CODE_LENGTH:
        return None
    letters = re.sub(r"[\s-]", "", args.translate(_DASHES)).upper()
    return letters if len(letters) == CODE_LENGTH and set(letters) <= set(LETTERS) else None


def code_said(code: str) -> str:
    """ "BCDF-GHJK"."""
    return f"{code[:4]}-{code[4:]}"


# ---------------------------------------------------------------- two seats


class SamePlatform(Refusal):
    """Both accounts are on the same platform. Linking is for one person on two."""


class OnePersonAlready(Refusal):
    """Those two are one person already."""


class OneWasRemoved(Refusal):
    """On one challenge one of the two has been taken off the team and the other has not. Its challenge manager must
    settle that first: put them back, or take the other off as well."""


class NotesAreAsked(Refusal):
    """A report is signed off, and each of the two seats has been asked to destroy its own notes. They can be linked
    once that challenge is closed."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two seats of one person on one challenge: the older is kept, with its initials."""

    kept: Seat
    gone: Seat

    @property
    def member(self) -> Member:
        return self.kept.member

    @property
    def agreed_at(self) -> datetime | None:
        """When they first agreed to the ground rules, on either."""
        agreed = [seat.member.agreed_at for seat in (self.kept, self.gone) if seat.member.agreed_at]
        return min(agreed, default=None)

    @property
    def leading(self) -> Member:
        """The one with the greater part in the challenge: its role is the person's."""
        return min(self.kept.member, self.gone.member, key=lambda member: _ORDER.index(member.role))


_ORDER = (Role.CHALLENGE_MANAGER, Role.LEAD_PEER, Role.PEER)


def check_platforms(one: Sequence[Account], other: Sequence[Account]) -> None:
    """Raises `OnePersonAlready` or `SamePlatform`."""
    if {account.person_id for account in one} & {account.person_id for account in other}:
        raise OnePersonAlready
    if _places(one) & _places(other):
        raise SamePlatform


def _places(accounts: Iterable[Account]) -> set[tuple[str, str]]:
    return {(account.platform, account.workspace) for account in accounts}


def pairs_of(one: Sequence[Seat], other: Sequence[Seat]) -> list[Pair]:
    """The seats that become one. On a challenge that is over both stay as they are: what was asked of each is evidence.

    Raises `OneWasRemoved` or `NotesAreAsked`.
    """
    theirs = {seat.challenge.id: seat for seat in other if seat.challenge.ended_at is None}
    return [_pair(seat, theirs[seat.challenge.id]) for seat in one if seat.challenge.id in theirs]


def _pair(first: Seat, second: Seat) -> Pair:
    if first.challenge.signed_off_at is not None:
        raise NotesAreAsked
    if (first.member.removed_at is None) != (second.member.removed_at is None):
        raise OneWasRemoved
    kept, gone = sorted((first, second), key=lambda seat: _age(seat.member))
    return Pair(kept, gone)


def _age(member: Member) -> tuple[datetime, int, str]:
    """The older seat comes first; of two given in one moment the one with the plainer initials: JS, then JS2."""
    return member.added_at, len(member.initials), member.initials


def gives_away(own: Sequence[Seat], others: Sequence[Seat]) -> bool:
    """Whether whoever gave out the code gains something by its being typed here: that is asked about first."""
    live = {seat.challenge.id for seat in own if seat.challenge.ended_at is None}
    beyond = {seat.challenge.id for seat in own} - {seat.challenge.id for seat in others}
    shared = live & {seat.challenge.id for seat in others}
    return bool(beyond or shared)


def is_within(seats: Iterable[Seat], managed: Collection[ChallengeId]) -> bool:
    """Whether a manager has the say over all of somebody's seats: else linking would open another team's room."""
    return {seat.challenge.id for seat in seats} <= set(managed)


# ---------------------------------------------------------------- the manager's line

_BETWEEN = re.compile(r"\s*(?:[,=&+]|\band\b|\bwith\b)\s*", re.IGNORECASE)
_INITIALS = re.compile(r"[A-Z]{1,4}\d{0,2}")
_LONGEST_LINE = 8  # words


def parts_of(args: str) -> tuple[str, ...]:
    """The two people of "PN and PN2", "PN = @priya", "PN @priya"; a mention begins with "@"."""
    parts = [part for piece in _BETWEEN.split(args[:200]) for part in _before_mentions(piece) if part]
    return tuple(parts[0].split()) if len(parts) == 1 and len(parts[0].split()) == 2 else tuple(parts)


def _before_mentions(piece: str) -> list[str]:
    first, *mentions = piece.split("@")
    return [first.strip(), *(f"@{mention.strip()}" for mention in mentions)]


def is_link(args: str) -> bool:
    """Whether a typed "challenge link …" is meant for us: two people, by initials or by mention."""
    parts = parts_of(args)
    if not args.strip():
        return True
    short = len(args.split()) <= _LONGEST_LINE and len(parts) == 2
    return short and all(part.startswith("@") or bool(_INITIALS.fullmatch(part)) for part in parts)
