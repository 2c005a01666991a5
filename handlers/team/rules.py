"""The rules of a team: whose initials stand on a post-it, which role was meant, whether a channel is fit for findings,
and what stage a visit has reached. Pure: records and words in, decisions out.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from handlers.chat import ChannelFacts
from handlers.dates import part_of_visit
from handlers.frameworks import Framework, RoleOutline, Stage
from handlers.wording import listed
from storage.records import Challenge, Member, Role

LONGEST_NAME = 80  # characters
_TITLES = frozenset(
    ("cllr", "councillor", "dame", "dr", "lady", "lord", "miss", "mr", "mrs", "ms", "mx", "prof", "professor", "rev")
) | {"sir"}
_MOST_LETTERS = 4
_LONGEST_ADDITION = 24  # words: longer than any name and role, shorter than most findings


# ---------------------------------------------------------------- initials


def initials_for_all(names: Sequence[str], *, taken: Collection[str]) -> tuple[str, ...]:
    """Initials for people added together, in their order; `taken` are those that anybody has ever had.

    Initials once given stay, so that a post-it never changes hands. Two namesakes added together become JS1 and JS2;
    one who comes later becomes JS2 beside a JS, who counts as the first.
    """
    plain = [_letters_of(name) for name in names]
    given: list[str] = []
    for letters in plain:
        alone = plain.count(letters) == 1 and not any(_is_numbered(other, letters) for other in taken)
        given.append(_next_of(letters, {*taken, *given}, alone=alone))
    return tuple(given)


def _letters_of(name: str) -> str:
    parts = [part for part in name.replace("-", " ").split() if part[0].isalpha()]
    named = [part for part in parts if part.casefold().rstrip(".") not in _TITLES] or parts
    return "".join(part[0] for part in named).upper()[:_MOST_LETTERS] or "P"


def _is_numbered(initials: str, letters: str) -> bool:
    return initials.startswith(letters) and initials.removeprefix(letters).isdigit()


def _next_of(letters: str, taken: Collection[str], *, alone: bool) -> str:
    if alone and letters not in taken:
        return letters
    first = 2 if letters in taken else 1
    return next(f"{letters}{number}" for number in count(first) if f"{letters}{number}" not in taken)


# ---------------------------------------------------------------- roles


ROLES = {"challenge_manager": Role.CHALLENGE_MANAGER, "lead_peer": Role.LEAD_PEER, "peer": Role.PEER}
PLAIN_PEER = RoleOutline(key="", title="Peer", kind="peer")


def role_outline(framework: Framework, key: str, role: Role) -> RoleOutline:
    """The framework's role with that key; a plain peer, lead peer or manager where it has none."""
    found = next((outline for outline in framework.roles if outline.key == key), None)
    if found is not None or role is Role.PEER:
        return found or PLAIN_PEER
    return next(outline for outline in framework.roles if ROLES[outline.kind] is role)


def role_title(framework: Framework, member: Member) -> str:
    return role_outline(framework, member.kind, member.role).title


def role_meant(framework: Framework, typed: str) -> RoleOutline | None:
    """The role a manager means by "lead peer", "peer" or some words of a title; None when it is none or several."""
    words = _words(typed)
    if not words:
        return None
    by_name = {"peer": PLAIN_PEER, "manager": _of_kind(framework, "challenge_manager")}
    by_name |= {"challenge manager": by_name["manager"], "lead peer": _of_kind(framework, "lead_peer")}
    by_name |= {"lead": by_name["lead peer"]}
    by_name |= {" ".join(_words(outline.title)): outline for outline in framework.roles}
    if exact := by_name.get(" ".join(words)):
        return exact
    likely = [outline for outline in framework.roles if set(words) <= set(_words(outline.title))]
    return likely[0] if len(likely) == 1 else None


def _of_kind(framework: Framework, kind: str) -> RoleOutline:
    return next(outline for outline in framework.roles if outline.kind == kind)


def _words(typed: str) -> list[str]:
    return re.findall(r"\w+", typed.casefold())


def split_addition(args: str) -> tuple[str, str]:
    """ "@tom as lead peer" is whom and as what; without "as" the second is empty."""
    whom, found, role = f" {args} ".rpartition(" as ")
    return (whom.strip(), role.strip()) if found else (args.strip(), "")


def is_addition(args: str) -> bool:
    """Whether a typed "challenge team add …" is meant for us: somebody named, as something."""
    short = len(args.split()) <= _LONGEST_ADDITION
    return not args.strip() or (short and (args.lstrip().startswith("@") or split_addition(args)[1] != ""))


def is_removal(args: str) -> bool:
    """Whether a typed "challenge team remove …" is meant for us: at most a name follows."""
    return len(args.split()) <= 4


def member_named(team: Iterable[Member], typed: str) -> Member | None:
    """Who on the team is meant by initials or by a name; None when nobody is, or several are."""
    wanted = " ".join(_words(typed))
    found = [one for one in team if wanted in (one.initials.casefold(), " ".join(_words(one.name)))]
    return found[0] if len(found) == 1 else None


def is_last_manager(team: Iterable[Member], member: Member) -> bool:
    managers = [one for one in team if one.role is Role.CHALLENGE_MANAGER]
    return [one.id for one in managers] == [member.id]


# ---------------------------------------------------------------- the team channel


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a channel is not fit for a team's findings. `strangers` are platform ids of people in it who are not on
    the challenge; `shut_out`: Baseroom is not in it any more. It is falsy when nothing is wrong."""

    public: bool = False
    shared_outside: bool = False
    strangers: tuple[str, ...] = ()
    shut_out: bool = False

    def __bool__(self) -> bool:
        return self.public or self.shared_outside or self.shut_out or bool(self.strangers)

    def without(self, user_id: str) -> "Unfit":
        rest = tuple(stranger for stranger in self.strangers if stranger != user_id)
        return replace(self, strangers=rest)

    def with_stranger(self, user_id: str) -> "Unfit":
        return replace(self, strangers=(*self.without(user_id).strangers, user_id))

    def is_worse_than(self, before: "Unfit") -> bool:
        """Whether something is wrong now that was not wrong before."""
        return not set(self.to_words().split()) <= set(before.to_words().split())

    def to_words(self) -> str:
        """For the store: no name, only what is wrong and platform ids."""
        wrong = {"public": self.public, "shared": self.shared_outside, "shut-out": self.shut_out}
        flags = [word for word, holds in wrong.items() if holds]
        return " ".join([*flags, *(f"user:{stranger}" for stranger in self.strangers)])

    @classmethod
    def from_words(cls, words: str) -> "Unfit":
        parts = words.split()
        strangers = tuple(part.removeprefix("user:") for part in parts if part.startswith("user:"))
        return cls("public" in parts, "shared" in parts, strangers, "shut-out" in parts)


def judge_channel(facts: ChannelFacts, on_the_challenge: Collection[str]) -> Unfit:
    """A team channel is private, not shared outside, and everybody in it is on the challenge (DESIGN, 'The team
    channel is checked'). `on_the_challenge` are platform ids."""
    strangers = tuple(person.id for person in facts.members if person.id not in on_the_challenge)
    return Unfit(not facts.private, facts.shared_outside, strangers)


def what_to_mend(unfit: Unfit, names: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each thing that is wrong and how to put it right. `names` are those of the strangers."""
    found = []
    if unfit.public:
        found.append("This channel is public, so anyone in the workspace could read it. Make it private.")
    if unfit.shared_outside:
        found.append("This channel is shared with another organisation. Stop sharing it, or use another channel.")
    if unfit.shut_out:
        found.append(
            "I am not in the channel any more, or it was archived or deleted, so nothing can be posted. "
            "Invite me again, or make another private channel for the team and invite me there."
        )
    if unfit.strangers:
        who = "One person here is" if len(names) == 1 else f"{len(names)} people here are"
        found.append(
            f"{who} not on the challenge: {listed(names)}. "
            "Add them with “challenge team add”, or take them out of the channel."
        )
    return tuple(found)


# ---------------------------------------------------------------- the stage


def stage_of(challenge: Challenge, framework: Framework, *, today: date, team_is_there: bool) -> Stage:
    """Where the visit stands among the framework's stages, as far as dates, team and sign-off tell.

    Before the visit it is the first stage until there is a team, then the last before the days on site.
    """
    when = part_of_visit(challenge, today)
    stages = [stage for stage in framework.stages if stage.when == when]
    if not stages:
        nearest = framework.stages if when == "after" else tuple(reversed(framework.stages))
        return nearest[-1]
    late = {"before": team_is_there, "on_site": today == challenge.last_day, "after": bool(challenge.signed_off_at)}
    return stages[-1] if late[when] else stages[0]


def days_in_words(challenge: Challenge, today: date) -> str:
    """ "Ten days to go", in figures: what a person wants to know beside the dates."""
    to_go = (challenge.first_day - today).days
    if to_go > 0:
        return "the visit begins tomorrow" if to_go == 1 else f"{to_go} days to go"
    if today > challenge.last_day:
        return "the report is signed off" if challenge.signed_off_at else "the visit is over"
    return f"day {1 - to_go} of {(challenge.last_day - challenge.first_day).days + 1}"
