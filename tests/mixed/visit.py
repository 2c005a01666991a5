"""The visit that every world plays: set-up, check-in, a day on site with everything that is put right on it, the
client's page, the evening, and the notes destroyed. It knows people, words and labels, and no platform."""

from datetime import date, datetime, time

from storage.records import Challenge, Role
from tests.fieldwork.day import LONDON
from tests.fieldwork.day import TEAM as A_TEAM
from tests.mixed.driving import Hands, World

START = datetime(2026, 11, 13, 9, 0, tzinfo=LONDON)
TEAM = A_TEAM | {"hana": ("Hana Lindqvist", Role.PEER, "")}  # as many as there are in the rehearsal room
PEERS = tuple(handle for handle in TEAM if handle != "mina")
HEARD = (
    "Frontline staff describe the vision in their own words #vision (focus group, frontline staff)",
    "Partners share one plan strength: #governance",
    "Carers wait too long for a first visit",
    "Neighbourhood teams know their residents (observation)",
    "The board hears from residents twice a year #governance (document, minutes)",
)


async def play(world: World) -> None:
    """The whole visit, step by step."""
    await set_up(world)
    await check_in(world)
    await log(world)
    await put_right(world)
    await meet(world)
    await tell_the_client(world)
    await finish(world)


def at(day: int, wall: str, month: int = 11) -> datetime:
    return datetime.combine(date(2026, month, day), time.fromisoformat(wall), tzinfo=LONDON)


async def set_up(world: World) -> None:
    mina = world.hands("mina")
    await mina.asks("challenge new Anyshire ICS, local system, 24 to 27 Nov 2026")
    await mina.fills_in()
    assert not mina.has_form()
    world.challenge = await the_challenge(world)
    await world.settle_in()
    for handle in PEERS:
        role = "lead peer" if handle == "ruth" else "peer"
        await world.until(at(13, f"09:{10 + PEERS.index(handle)}"))
        await world.manager_beside(handle).asks(f"challenge team add @{handle} as {role}", naming=[handle])
    await world.link_peers()
    for manager in world.managers_of_channels():
        await manager.asks("challenge here", in_channel=True)
    for handle in PEERS:
        await (await seeing(world, handle, "I agree")).presses("I agree")


async def the_challenge(world: World) -> Challenge:
    async with world.app.database.reading() as uow:
        [challenge] = await uow.challenges.all()
    return challenge


async def check_in(world: World) -> None:
    """One answers in the form, one asks for tomorrow, the others are reminded."""
    mina = world.hands("mina")
    await mina.asks("checkin send")
    await mina.fills_in(Please_answer_by="Friday 20 Nov 5pm")
    await mina.fills_in()
    priya = await seeing(world, "priya", "Answer")
    await priya.presses("Answer")
    await priya.fills_in(
        What_are_your_first_impressions="Thin on finance", When_shall_the_challenge_manager="Thursday 4 pm"
    )
    while priya.has_form():
        await priya.fills_in()
    tom = await seeing(world, "tom", "Remind me tomorrow")
    await tom.presses("Remind me tomorrow")
    await world.until(at(23, "12:00"))


async def seeing(world: World, handle: str, words: str) -> Hands:
    """Somebody at the one of their accounts where those words stand."""
    for _ in range(2):
        account = world.hands(handle)
        if words in await account.sees():
            return account
    raise AssertionError(f"{handle} sees no {words!r}")


async def log(world: World) -> None:
    """In a direct message, aloud in the channel, before and after a walk."""
    await world.until(at(24, "09:30"))
    for handle, words in zip(("priya", "tom", "aled", "grace", "priya"), HEARD, strict=True):
        await world.hands(handle).says(words)
        await world.until(in_a_minute(world))
    await world.hands("jo").says_in_channel("Nobody knows who decides on estates #governance")
    await world.until(in_a_minute(world))


def in_a_minute(world: World) -> datetime:
    now = world.app.clock.now()
    return datetime.fromtimestamp(now.timestamp() + 60, tz=LONDON)


async def put_right(world: World) -> None:
    """A theme by its button, the kind in the form from wherever they are, an edit, a deletion, Undo, Put back."""
    aled = world.hands("aled")
    await aled.presses("Ownership")
    await world.hands("priya").asks("finding edit 1")
    await world.hands("mina").asks("finding edit 4")
    priya = await with_form(world, "priya")
    await priya.fills_in(Kind="Strength")
    mina = await with_form(world, "mina")
    await mina.fills_in(Kind="Area to explore")
    grace = world.hands("grace")
    slip = await grace.says("Said in eror")
    await grace.edits(slip, "Said by mistake, and mended #vision")
    gone = await grace.says("Said in error")
    await grace.deletes(gone)
    await world.until(in_a_minute(world))
    tom = world.hands("tom")
    await tom.says("Heard twice")
    await tom.presses("Undo")
    await tom.presses("Put back")
    await world.until(in_a_minute(world))


async def with_form(world: World, handle: str) -> Hands:
    """Somebody at the one of their accounts where a form stands open."""
    for _ in range(2):
        account = world.hands(handle)
        if account.has_form():
            return account
    raise AssertionError(f"{handle} has no form open")


async def meet(world: World) -> None:
    """The first session at its minute; the second moved by one, skipped by nobody; the third skipped."""
    await world.until(at(24, "10:50"))
    await world.hands("mina").asks("session move 13:00 to 13:30")
    await world.hands("ruth").asks("session skip 16:15")
    await world.hands("grace").says("Ward staff say handovers are calm #vision (1:1)")
    await world.until(at(24, "13:40"))


async def tell_the_client(world: World) -> None:
    await world.until(at(24, "16:05"))
    mina = world.hands("mina")
    await mina.asks("summary edit today")
    while mina.has_form():
        await mina.fills_in()
    await mina.asks("summary approve today")
    await world.until(at(24, "20:00"))


async def finish(world: World) -> None:
    """The report is signed off, all but one say what is destroyed, and the last is reminded."""
    await world.until(at(4, "10:00", month=12))
    mina = world.hands("mina")
    await mina.asks("challenge signed off")
    await mina.fills_in()
    for handle in PEERS[:-1]:
        account = await seeing(world, handle, "All of it is destroyed")
        await account.presses("All of it is destroyed")
    await world.until(at(9, "12:00", month=12))
