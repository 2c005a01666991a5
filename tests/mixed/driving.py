"""What the visit asks of a driver: people with hands and eyes, a clock, and the Baseroom they talk to.

Everything is named as people name it: a button and a field by its label, a person by their handle.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.app import App
from storage.records import Challenge


class Hands(Protocol):
    """One person at one account."""

    async def says(self, words: str) -> str:
        """A direct message to Baseroom; returns the message."""
        ...

    async def says_in_channel(self, words: str) -> str:
        """A message in the team channel of their platform that names Baseroom."""
        ...

    async def edits(self, message: str, words: str) -> None: ...

    async def deletes(self, message: str) -> None: ...

    async def asks(self, command: str, *, naming: Sequence[str] = (), in_channel: bool = False) -> None:
        """A command, by whatever way the platform has; it may open a form."""
        ...

    async def presses(self, label: str) -> None:
        """The newest button they can see with a label that begins so; it may open a form."""
        ...

    async def fills_in(self, **by_label: str) -> None:
        """Send the open form with these values in the fields whose labels begin so (`_` for a space); a choice by its
        label. The next page may open."""
        ...

    def has_form(self) -> bool: ...

    async def sees(self) -> str:
        """Everything that Baseroom has shown to them alone, the newest last."""
        ...


class World(Protocol):
    """A team on its platform or platforms."""

    app: App
    challenge: Challenge | None

    def hands(self, handle: str) -> Hands:
        """Somebody's hands. Who has two accounts uses one and the other in turn."""
        ...

    def manager_beside(self, handle: str) -> Hands:
        """The manager, at an account from which that person can be seen."""
        ...

    def managers_of_channels(self) -> Sequence[Hands]:
        """The manager on each platform on which the team has a channel."""
        ...

    async def channels(self) -> Mapping[str, str]:
        """What is said to the whole team in the team channel of each platform, by platform: an answer under somebody's
        message is that platform's alone."""
        ...

    async def settle_in(self) -> None:
        """The challenge is set up: what a team on several platforms does besides (linking) is done now."""
        ...

    async def link_peers(self) -> None:
        """The team is there: whoever sits on both platforms links their second account."""
        ...

    async def until(self, moment: datetime) -> None: ...
