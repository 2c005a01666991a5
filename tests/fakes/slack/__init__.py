"""A strict Slack on loopback: the app under test talks to it with the real slack_sdk and slack-bolt, and tests see
through people's eyes what it did. `FakeSlack.start(manifest=…, clock=…)` opens a workspace; see `server.py`.
"""

from .clock import HandClock, SystemClock
from .delivery import Attempt, Delivery
from .delivery_http import sign
from .faults import Fault
from .forms import ClientRefused
from .manifest import NotOffered
from .people import Person
from .posting import control_sequences
from .reading import controls, notification, visible_text
from .server import FakeSlack
from .throttle import RateLimits
from .views import View
from .web_api import Call
from .workspace import Channel, Message, User

__all__ = [
    "Attempt",
    "Call",
    "Channel",
    "ClientRefused",
    "Delivery",
    "FakeSlack",
    "Fault",
    "HandClock",
    "Message",
    "NotOffered",
    "Person",
    "RateLimits",
    "SystemClock",
    "User",
    "View",
    "control_sequences",
    "controls",
    "notification",
    "sign",
    "visible_text",
]
