"""What help looks like: a handful of lines, the words to type, and nothing to study."""

from handlers.access import Seat, seats_of_person
from handlers.chat import (
    Bullets,
    Button,
    Buttons,
    ButtonStyle,
    Card,
    Element,
    Platform,
    Text,
    bold,
    heading,
    note,
    text,
)
from handlers.desk import Desk
from handlers.help.rules import (
    EVERYTHING,
    OTHER,
    PRIVACY,
    TOPICS,
    Topic,
    by_topic,
    first_at,
    is_on_a_team,
    line_to_type,
    offered_to,
)
from handlers.registry import Command
from handlers.routing import CHOOSE_CHALLENGE, OPEN_FORM
from handlers.standing import what_comes_next
from handlers.text import shorten
from storage.records import Challenge, ChallengeId, Intent, MemberId, Role

SET_UP = "team.new"  # the team capability's buttons and forms
SET_UP_FORM = "team.new"
WITHDRAW = "findings.withdraw"
LONGEST_HOST = 50  # characters of a host on a button
PARTS = {
    "before": "Before the visit you can type:",
    "on_site": "On site you can also type:",
    "after": "After the visit you can type:",
}
WHOM_TO_ASK = "You are on no peer challenge in Baseroom yet. Ask your challenge manager to add you."


async def build_notice(_desk: Desk, intent: Intent) -> Card:
    """One sentence, as it was promised."""
    sentence = intent.params["text"]
    return Card(notification=sentence, elements=(text(sentence),))


# ---------------------------------------------------------------- help


async def build_overview(desk: Desk, intent: Intent) -> Card:
    """How a finding is logged and what else matters to their role now, what matters most first; the rest behind one
    button."""
    roles = _roles(intent)
    elements: tuple[Element, ...]
    if is_on_a_team(roles):
        logging, now = await _how_to_log(desk, intent), _what_matters_now(desk, intent)
        is_on_site = intent.params.get("part") == "on_site"
        first = (logging, *now) if is_on_site or not now else (*now, text("And at any time:"), logging)
        elements = (*first, *_the_rest(intent.to.platform))
    elif Role.APPOINTED in roles:
        elements = _offer_to_set_up()
    else:
        elements = (
            text("Baseroom is a peer challenge team’s base room: peers type what they hear, and it is on the wall."),
            text(WHOM_TO_ASK),
        )
    return Card(notification="What you can say to Baseroom", elements=elements)


def _offer_to_set_up(greeting: str = "") -> tuple[Element, ...]:
    return (
        text(f"{greeting}You are on no peer challenge yet. You can set one up:"),
        Buttons((Button("Set up a challenge", SET_UP, style=ButtonStyle.PRIMARY, opens=SET_UP_FORM),)),
    )


async def build_hello(desk: Desk, intent: Intent) -> Card:
    """The same, as the first thing that somebody reads."""
    overview = await build_overview(desk, intent)
    return Card("Hello from Baseroom", (text("Hello from Baseroom."), *overview.elements))


async def build_hello_channel(_desk: Desk, _intent: Intent) -> Card:
    """To a channel, in which a stranger may be: what it is for, and nothing of any challenge."""
    first = text("Hello from Baseroom. To ask me something here, name me: ", bold("@Baseroom help"), ".")
    bind = text(
        "Whoever manages the challenge makes this the team’s channel with ", bold("@Baseroom challenge here"), "."
    )
    promise = note("What is said here without naming me I do not keep.")
    return Card("Hello from Baseroom", (first, bind, promise))


def _roles(intent: Intent) -> frozenset[Role]:
    return frozenset(map(Role, intent.params["roles"].split()))


async def _how_to_log(desk: Desk, intent: Intent) -> Bullets:
    seat = await _seat(desk, intent)
    afi = desk.house.framework_of(seat.challenge).words.improvement_short if seat else "AFI"
    return Bullets(
        (
            text(bold("Type what you heard."), " Each message is a finding; you get its number back."),
            text(bold("#theme"), " puts it on a flip chart. ", bold("strength:"), " or ", bold(f"{afi}:"),
                 " says its kind. (focus group) at the end says the source."),
            text(bold("Edit or delete your message"), " and the finding follows."),
            text(bold("sensitive:"), " at the beginning sends it to the challenge manager alone."),
        )
    )  # fmt: skip


def _what_matters_now(desk: Desk, intent: Intent) -> tuple[Element, ...]:
    part = intent.params.get("part", "")
    commands = first_at(part, offered_to(desk.house.registry.commands.values(), _roles(intent)))
    lines = tuple(text(bold(one.words), f": {one.summary}") for one in commands)
    return (text(PARTS[part]), Bullets(lines)) if lines else ()


def _the_rest(platform: str) -> tuple[Element, ...]:
    elsewhere = "@Baseroom in the team channel" if platform == Platform.TEAMS else "/baseroom"
    return (
        Buttons((Button(EVERYTHING.title, "help.topic", EVERYTHING.key),)),
        note(f"Type these words here, or after {elsewhere}."),
    )


async def build_topic(desk: Desk, intent: Intent) -> Card:
    """Each command of a topic that the person may use; or everything they may, a line and a button for each topic."""
    offered = by_topic(offered_to(desk.house.registry.commands.values(), _roles(intent)))
    if intent.params["topic"] == EVERYTHING.key:
        return Card(EVERYTHING.title, (heading(EVERYTHING.title), *_topic_lines(offered)))
    topic = next((one for one in TOPICS if one.key == intent.params["topic"]), OTHER)
    commands = next((some for one, some in offered if one is topic), [])
    lines = tuple(text(bold(line_to_type(one)), f": {one.summary}") for one in commands)
    body: Element = Bullets(lines) if lines else text("There is nothing here that you can do. Type help for the rest.")
    return Card(f"Help: {topic.title}", (heading(topic.title), body))


def _topic_lines(topics: list[tuple[Topic, list[Command]]]) -> tuple[Element, ...]:
    lines = tuple(text(bold(topic.title), f": {' · '.join(one.words for one in some)}") for topic, some in topics)
    return Bullets(lines), Buttons(tuple(Button(topic.title, "help.topic", topic.key) for topic, _ in topics))


async def build_privacy(_desk: Desk, _intent: Intent) -> Card:
    return Card("Who sees what you log", (heading("Who sees what you log"), Bullets(tuple(map(text, PRIVACY)))))


async def build_undo(desk: Desk, intent: Intent) -> Card:
    member = await desk.uow.members.get(MemberId(intent.record))
    how = text("To take a finding back, press ", bold("Undo"), " under its number, or delete your message.")
    newest = await desk.uow.findings.latest_of(member.challenge_id, member.id, 1)
    buttons = tuple(Button(f"Withdraw #{one.number}", WITHDRAW, one.id) for one in newest)
    return Card("To take a finding back", (how, *([Buttons(buttons)] if buttons else [])))


# ---------------------------------------------------------------- greetings and slips


async def build_greeting(desk: Desk, intent: Intent) -> Card:
    """One line: what is next, for whoever has a visit."""
    seat = await _seat(desk, intent)
    if seat is None and intent.params.get("appointed"):
        return Card("Hello from Baseroom", _offer_to_set_up("Hello. "))
    if seat is None:
        return Card("Hello from Baseroom", (text(f"Hello. {WHOM_TO_ASK}"),))
    coming = await what_comes_next(desk, seat.challenge, most=1)
    next_up = f"Next: {coming[0]}. " if coming else ""
    line = text(f"Hello. {next_up}Type what you heard and it is saved, or type ", bold("help"), ".")
    return Card("Hello from Baseroom", (line,))


async def build_near_miss(desk: Desk, intent: Intent) -> Card:
    """The question, and the button that does it. Words that were not kept have no button: they are typed again."""
    command = desk.house.registry.commands[intent.params["words"]]
    meant = f"{command.words} {intent.params['args']}".strip()
    elements: list[Element] = [_did_you_mean(meant, command)]
    if aside := intent.params.get("aside"):
        yes = Button(f"Yes, {command.words}", "help.run", aside, ButtonStyle.PRIMARY, opens=command.opens)
        elements.append(Buttons((yes,)))
    return Card(notification=f"Did you mean {command.words}?", elements=tuple(elements))


def _did_you_mean(meant: str, command: Command) -> Text:
    return text("Did you mean ", bold(meant), f"? That is: {command.summary}. Nothing was logged.")


async def build_unknown(_desk: Desk, _intent: Intent) -> Card:
    return Card(
        notification="That is not a command I know",
        elements=(text("I do not know that command. Type ", bold("help"), " to see what you can say."),),
    )


async def _seat(desk: Desk, intent: Intent) -> Seat | None:
    """Whose help it is, on the likeliest challenge of theirs. In a channel's thread it is nobody's in particular."""
    if intent.to.account is None:
        return None
    account = await desk.uow.accounts.get(intent.to.account)
    if account is None:
        return None
    return next(iter(await seats_of_person(desk, account.person_id)), None)


# ---------------------------------------------------------------- which of several challenges


async def build_which(desk: Desk, intent: Intent) -> Card:
    """A button for each challenge that it may be for."""
    ids = [ChallengeId(one) for one in intent.params["challenges"].split()]
    challenges = [await desk.uow.challenges.get(challenge_id) for challenge_id in ids]
    buttons = tuple(
        Button(_named(challenge, challenges), CHOOSE_CHALLENGE, f"{challenge.id} {intent.params['line']}")
        for challenge in challenges
    )
    return Card(
        notification="Which challenge is this for?",
        elements=(text("You are on more than one challenge. Which is this for?"), Buttons(buttons)),
    )


def _named(challenge: Challenge, among: list[Challenge]) -> str:
    """Its host, and when that is not enough its first day."""
    first, same_host = challenge.first_day, [other for other in among if other.host == challenge.host]
    host = shorten(challenge.host, LONGEST_HOST)
    return host if len(same_host) == 1 else f"{host}, {first.day} {first:%B}"


# ---------------------------------------------------------------- forms that a message cannot open


async def build_form_offer(_desk: Desk, intent: Intent) -> Card:
    """A message cannot open a form; a button can."""
    button = Button(
        intent.params["title"],
        action=OPEN_FORM,
        value=intent.params["aside_form"],
        opens=intent.params["opens"],
        style=ButtonStyle.PRIMARY,
    )
    return Card(notification="A form is ready", elements=(text("Open the form:"), Buttons((button,))))


async def build_button_again(desk: Desk, intent: Intent) -> Card:
    """The button whose form could not open in time, once more."""
    action = intent.params["action"]
    entry = desk.house.registry.buttons.get(action)
    opens = entry.opens if entry else ""
    button = Button("Open the form", action=action, value=intent.params["value"], opens=opens)
    return Card(
        notification="A form is ready",
        elements=(text("That took too long for the form to open. Nothing was lost:"), Buttons((button,))),
    )
