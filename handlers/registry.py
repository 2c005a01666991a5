"""What each capability offers, in one place: the manifests, the help text and the completeness tests are made from it.

A capability's `register(registry)` lists its commands, buttons, forms, posts, scheduled posts and the rest; the bot
looks them up here and nowhere else.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from handlers.access import Seat
from handlers.chat import (
    Button,
    Card,
    Deleted,
    Edited,
    Element,
    File,
    Joined,
    Left,
    Met,
    Outcome,
    Quoted,
    Said,
    Submitted,
)
from handlers.desk import Desk, Turn
from handlers.frameworks.rules import PartOfVisit
from storage.records import Account, AsideId, Challenge, Intent, Member, OutboxRow, Post, Role, Run, TeamChannel

Entry = TypeVar("Entry")

CommandHandler = Callable[[Turn, str], Awaitable[Outcome]]
ButtonHandler = Callable[[Turn, str], Awaitable[Outcome]]
FormHandler = Callable[[Turn, Submitted], Awaitable[Outcome]]
PointedAtHandler = Callable[[Turn, Quoted], Awaitable[Outcome]]
SaidHandler = Callable[[Turn, Said], Awaitable[None]]
EditedHandler = Callable[[Turn, Edited], Awaitable[None]]
DeletedHandler = Callable[[Turn, Deleted], Awaitable[None]]
JoinedHandler = Callable[[Turn, Joined], Awaitable[None]]
MetHandler = Callable[[Turn, Met], Awaitable[None]]
LeftHandler = Callable[[Turn, Left], Awaitable[None]]
ReplyHandler = Callable[[Turn, Post, Said], Awaitable[None]]
ReplyChangedHandler = Callable[[Turn, Post], Awaitable[None]]
UnquotedHandler = Callable[[Turn, Edited | Deleted], Awaitable[bool]]
PostBuilder = Callable[[Desk, Intent], Awaitable[Card | File | None]]
RunHandler = Callable[[Desk, Run], Awaitable[None]]
UnpostedHandler = Callable[[Desk, Intent], Awaitable[None]]
ShutOutHandler = Callable[[Desk, TeamChannel], Awaitable[None]]
BlockedHandler = Callable[[Desk, Account], Awaitable[None]]
NotKnownHandler = Callable[[Desk, OutboxRow], Awaitable[None]]
Planner = Callable[[Desk, Challenge], Awaitable[None]]
WallWatcher = Callable[[Desk, Challenge], Awaitable[None]]
HomeBuilder = Callable[[Desk, Seat], Awaitable[tuple[Element, ...]]]
SeatJoiner = Callable[[Desk, Challenge, Member, Member], Awaitable[None]]
NewcomerWatcher = Callable[[Desk, Challenge, Member], Awaitable[None]]
Offerer = Callable[[Desk, Seat, AsideId], Awaitable[tuple[Button, ...]]]
MissingFinder = Callable[[Desk, Seat], Awaitable[tuple[str, ...]]]


def anything(_args: str) -> bool:
    return True


def nothing(args: str) -> bool:
    return not args.strip()


@dataclass(frozen=True, slots=True)
class Command:
    """`words` as typed after /baseroom. `accepts` says whether a *typed message* with these arguments is this command
    and not a finding that begins with the same word. `first_at` are the parts of a visit at which help names it first.
    `example` are arguments that a test presses it with."""

    words: str
    handler: CommandHandler
    allowed: frozenset[Role]
    summary: str
    usage: str = ""
    accepts: Callable[[str], bool] = nothing
    also: tuple[str, ...] = ()  # other words for the same, for people who type; not shown in help
    opens: str = ""  # the form that it opens, if any
    first_at: tuple[PartOfVisit, ...] = ()
    wants_facts: bool = False  # it needs to know what the platform says of the channel
    example: str = ""


@dataclass(frozen=True, slots=True)
class ButtonEntry:
    action: str
    handler: ButtonHandler
    allowed: frozenset[Role]
    opens: str = ""


@dataclass(frozen=True, slots=True)
class FormEntry:
    name: str
    handler: FormHandler
    allowed: frozenset[Role]


@dataclass(frozen=True, slots=True)
class PostEntry:
    kind: str
    build: PostBuilder


class Late(StrEnum):
    """What to do with a scheduled post whose grace is over: tell the manager instead, or run it all the same."""

    TELL_MANAGER = "tell_manager"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """Something that happens at a wall time. Past `grace` after it was due, `late` says what to do.

    `missed` is called instead of `handler` when it is too late (Late.TELL_MANAGER). `name` is what people call it
    ("Peer team session"): runs with a name are shown as what comes next.
    """

    kind: str
    handler: RunHandler
    grace: timedelta
    late: Late
    missed: RunHandler | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class ShortcutEntry:
    """A message action ("Log as finding"). `title` is at most 24 characters, `description` at most 150."""

    name: str
    title: str
    description: str
    handler: PointedAtHandler
    allowed: frozenset[Role]


@dataclass(frozen=True, slots=True)
class ReactionEntry:
    emoji: str
    handler: PointedAtHandler
    allowed: frozenset[Role]


@dataclass(frozen=True, slots=True)
class HomeEntry:
    """A part of the home page. Parts stand in the order of `order`; only `allowed` roles see it."""

    order: int
    build: HomeBuilder
    allowed: frozenset[Role]


@dataclass(slots=True)
class Registry:
    """Everything that Baseroom offers."""

    commands: dict[str, Command] = field(default_factory=dict)
    by_words: dict[str, Command] = field(default_factory=dict)  # every way of typing a command, its own words included
    most_words: int = 0  # in any of them
    buttons: dict[str, ButtonEntry] = field(default_factory=dict)
    forms: dict[str, FormEntry] = field(default_factory=dict)
    posts: dict[str, PostEntry] = field(default_factory=dict)
    schedule: dict[str, ScheduleEntry] = field(default_factory=dict)
    shortcuts: dict[str, ShortcutEntry] = field(default_factory=dict)
    reactions: dict[str, ReactionEntry] = field(default_factory=dict)
    replies: dict[str, ReplyHandler] = field(default_factory=dict)
    replies_changed: dict[str, ReplyChangedHandler] = field(default_factory=dict)
    unquoted: list[UnquotedHandler] = field(default_factory=list)
    unposted: dict[str, UnpostedHandler] = field(default_factory=dict)
    home: list[HomeEntry] = field(default_factory=list)
    missing: list[MissingFinder] = field(default_factory=list)
    asked: list[HomeBuilder] = field(default_factory=list)
    offers: list[Offerer] = field(default_factory=list)
    newcomer_watchers: list[NewcomerWatcher] = field(default_factory=list)
    seat_joiners: list[SeatJoiner] = field(default_factory=list)
    planners: list[Planner] = field(default_factory=list)
    wall_watchers: list[WallWatcher] = field(default_factory=list)
    said: SaidHandler | None = None
    edited: EditedHandler | None = None
    deleted: DeletedHandler | None = None
    joined: JoinedHandler | None = None
    met: MetHandler | None = None
    left: LeftHandler | None = None
    shut_out: ShutOutHandler | None = None  # Baseroom was found not to be in a team channel any more
    blocked: BlockedHandler | None = None  # somebody was found to have blocked or removed Baseroom
    not_known: NotKnownHandler | None = None  # nobody can tell whether a post arrived

    def command(self, entry: Command) -> None:
        _once(self.commands, entry.words, entry)
        for words in (entry.words, *entry.also):
            _once(self.by_words, words, entry)
            self.most_words = max(self.most_words, len(words.split()))

    def button(self, action: str, handler: ButtonHandler, allowed: frozenset[Role], *, opens: str = "") -> None:
        _once(self.buttons, action, ButtonEntry(action, handler, allowed, opens))

    def form(self, name: str, handler: FormHandler, allowed: frozenset[Role]) -> None:
        _once(self.forms, name, FormEntry(name, handler, allowed))

    def post(self, kind: str, build: PostBuilder, *, even_removed: bool = False) -> None:
        """How a kind of post is drawn. Somebody who was taken off the team is shown none of its posts any more, not one
        either that was promised before (`even_removed`: this kind is for them too)."""
        _once(self.posts, kind, PostEntry(kind, build if even_removed else _for_the_team(build)))

    def scheduled(self, entry: ScheduleEntry) -> None:
        _once(self.schedule, entry.kind, entry)

    def shortcut(self, entry: ShortcutEntry) -> None:
        _once(self.shortcuts, entry.name, entry)

    def reaction(self, emoji: str, handler: PointedAtHandler, allowed: frozenset[Role]) -> None:
        _once(self.reactions, emoji, ReactionEntry(emoji, handler, allowed))

    def reply(self, post_kind: str, handler: ReplyHandler) -> None:
        """A reply in the thread of a post of that kind goes to the handler."""
        _once(self.replies, post_kind, handler)

    def reply_changed(self, post_kind: str, handler: ReplyChangedHandler) -> None:
        """Such a reply that its author edits or deletes goes to the handler, unless it was logged as a finding."""
        _once(self.replies_changed, post_kind, handler)

    def reply_changed_unquoted(self, handler: UnquotedHandler) -> None:
        """The same where the platform does not say what the message had replied to: a chat without threads. The handler
        knows its own by the message, and says whether it was one."""
        self.unquoted.append(handler)

    def never_posted(self, post_kind: str, handler: UnpostedHandler) -> None:
        """A post of that kind that a team channel certainly did not take goes to the handler: it was refused, or had
        not gone by its `not_after` (of which the handler then tells the manager)."""
        _once(self.unposted, post_kind, handler)

    def planner(self, plan: Planner) -> None:
        """`plan` puts what the capability does by the clock into the schedule. It is called when a challenge is opened
        and again whenever its dates or times change, and must be content to find its runs there already."""
        self.planners.append(plan)

    def wall_changed(self, watcher: WallWatcher) -> None:
        """`watcher` is called, inside the same unit of work, after any change of what hangs on a challenge's wall: a
        finding logged, edited, retagged, withdrawn or put back. Practice findings do not count."""
        self.wall_watchers.append(watcher)

    def missing_part(self, find: MissingFinder) -> None:
        """`find` gives a sentence for each thing that the challenge still lacks, as the person in that seat may read
        it. The status card and the home page show them (`handlers.standing`)."""
        self.missing.append(find)

    def asked_part(self, build: HomeBuilder) -> None:
        """`build` draws what is being asked of the person in that seat (answer the check-in, confirm that notes are
        destroyed), each with its button; nothing when nothing is. Their home page and status show it."""
        self.asked.append(build)

    def offer(self, find: Offerer) -> None:
        """`find` gives the buttons for something else that words typed before the visit may be, besides pre-reading:
        an answer to the check-in, say. The words are kept aside under the id that the button carries."""
        self.offers.append(find)

    def newcomer(self, watcher: NewcomerWatcher) -> None:
        """`watcher` is called, inside the same unit of work, when somebody joins a team or comes back to it."""
        self.newcomer_watchers.append(watcher)

    def seats_joined(self, joiner: SeatJoiner) -> None:
        """`joiner` is called, inside the same unit of work, when two seats on a challenge turn out to be one person's:
        with the seat that is kept and the one that goes, before it has gone. What hangs on a seat by columns of the
        house's custom (see storage.members) comes along by itself; this is for what is sealed or scheduled."""
        self.seat_joiners.append(joiner)

    def home_part(self, order: int, build: HomeBuilder, allowed: frozenset[Role]) -> None:
        self.home.append(HomeEntry(order, build, allowed))
        self.home.sort(key=lambda part: part.order)


def _once(entries: dict[str, Entry], name: str, entry: Entry) -> None:
    if name in entries:
        raise ValueError(f"{name} is registered twice")
    entries[name] = entry


def _for_the_team(build: PostBuilder) -> PostBuilder:
    """Draws nothing for whoever has left: a post may wait for long, and is drawn as it goes."""

    async def drawn(desk: Desk, intent: Intent) -> Card | File | None:
        challenge_id, account_id = intent.challenge_id, intent.to.account
        account = await desk.uow.accounts.get(account_id) if challenge_id and account_id else None
        if challenge_id and account and await desk.uow.members.has_left(challenge_id, account.person_id):
            return None
        return await build(desk, intent)

    return drawn
