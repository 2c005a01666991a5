"""What help looks like: a handful of lines, the words to type, and nothing to study."""

from handlers.chat import Bullets, Button, Buttons, ButtonStyle, Card, bold, note, text
from handlers.desk import Desk
from handlers.routing import OPEN_FORM
from storage.records import Intent


async def build_notice(_desk: Desk, intent: Intent) -> Card:
    """One sentence, as it was promised."""
    sentence = intent.params["text"]
    return Card(notification=sentence, elements=(text(sentence),))


async def build_overview(desk: Desk, _intent: Intent) -> Card:
    lines = tuple(
        text(bold(entry.words), f": {entry.summary}")
        for entry in desk.house.registry.commands.values()
        if entry.summary
    )
    return Card(
        notification="What you can say to Baseroom",
        elements=(
            text(
                "Just type what you heard: each message is a finding. Add ",
                bold("#theme"),
                " to put it on a flip chart.",
            ),
            Bullets(lines),
            note("Type the words here, or after /baseroom."),
        ),
    )


async def build_greeting(_desk: Desk, _intent: Intent) -> Card:
    return Card(
        notification="Hello from Baseroom",
        elements=(text("Hello. Type what you heard and it is saved as a finding, or type ", bold("help"), "."),),
    )


async def build_near_miss(desk: Desk, intent: Intent) -> Card:
    words = intent.params["words"]
    entry = desk.house.registry.commands[words]
    return Card(
        notification=f"Did you mean {words}?",
        elements=(text("Did you mean ", bold(words), f"? That is {entry.summary}. Nothing was logged."),),
    )


async def build_unknown(_desk: Desk, _intent: Intent) -> Card:
    return Card(
        notification="That is not a command I know",
        elements=(text("I do not know that command. Type ", bold("help"), " to see what you can say."),),
    )


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
