"""A strict Slack on loopback: the app talks to it with the real slack_sdk and slack-bolt, tests see it as people do.

    slack = await FakeSlack.start(manifest=manifest, clock=clock)  # then SLACK_API_URL=slack.api_url
    priya = slack.user("Priya Nair")
    await priya.dm("Staff feel valued #vision, focus group")
    receipt = await priya.hears("saved")
    await priya.presses(receipt, "Change theme")
    await priya.submits({"Theme": "Leadership"})
    assert not slack.refused_calls and not slack.unused_scopes
    await slack.stop()

`server.py` is the workspace, `talk.py` and `people.py` what a person does and sees, `blocks.py` what Slack would show.
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
