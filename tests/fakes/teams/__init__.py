"""A strict Teams on loopback: the app answers its signed activities and talks to its Bot Connector.

    teams = await FakeTeams.start(manifest=manifest, clock=clock)  # then Cloud(login_url=…, openid_url=…)
    teams.app_address = "http://127.0.0.1:8080"
    priya = teams.user("Priya Nair")
    await priya.dm("Staff feel valued #vision, focus group")
    await teams.settled()
    receipt = priya.dm_messages()[-1]
    await priya.presses(receipt, "Undo")
    assert not teams.rejected
    await teams.stop()

`server.py` is the whole, `connector.py` what a bot may ask, `people.py` what a person does and sees, `checks.py` what
Teams would show, `entra.py` who is who.
"""

from tests.fakes.slack.clock import HandClock, SystemClock

from .checks import Rejected, WrongAnswer, check_card, check_invoke_answer
from .connector import Call
from .entra import Entra
from .faults import Fault
from .people import Person
from .reading import ClientRefused, actions_of, visible_text
from .server import Delivery, FakeTeams
from .tenant import APP, BOT, TENANT, Conversation, Message, Team, User

__all__ = [
    "APP",
    "BOT",
    "TENANT",
    "Call",
    "ClientRefused",
    "Conversation",
    "Delivery",
    "Entra",
    "FakeTeams",
    "Fault",
    "HandClock",
    "Message",
    "Person",
    "Rejected",
    "SystemClock",
    "Team",
    "User",
    "WrongAnswer",
    "actions_of",
    "check_card",
    "check_invoke_answer",
    "visible_text",
]
