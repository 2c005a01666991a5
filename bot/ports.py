"""What delivery asks of a platform, and the ways in which a platform may fail to do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from handlers.chat import Card, ChannelFacts, File
from storage.records import Account

BLOCKED = "blocked"
"""Why a post was refused when the person has blocked Baseroom or removed it, in our word for every platform."""


SHUT_OUT = "Baseroom is not in that channel any more"
"""Why a post was refused when Baseroom was taken out of a channel, or the channel was archived or deleted."""


class NotSent(Exception):
    """The platform says that it did not take the post (429): it may be sent again after `retry_after`."""

    def __init__(self, why: str, retry_after: timedelta) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class Refused(Exception):
    """The platform will not take this post, now or later: the argument says why, in the platform's word."""


class Unsure(Exception):
    """The post may or may not have arrived: a timeout, a reset, a server error. It must not be sent blindly again."""


class Unknowable(Unsure):
    """No question that could be asked would tell whether the post arrived: the platform keeps no trace of it."""


class Gone(Exception):
    """The post that was to be edited is no longer there."""


class Waits(Exception):
    """It stands there without saying what it is, until its reader opens it: what it takes to draw it must be kept."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a post goes, in the platform's own ids. `only_to`: shown to that user alone, in that conversation."""

    conversation: str
    thread: str = ""
    only_to: str = ""


class Lookout(Protocol):
    """Sees how the channels of one platform stand."""

    async def facts(self, channel: str) -> ChannelFacts | None:
        """What the platform says of the channel; None when Baseroom is not in it any more. Raises whatever keeps it
        from seeing."""
        ...


class Porter(Protocol):
    """Carries posts to one platform. Every method may raise `NotSent`, `Refused`, `Unsure` and `Gone`; `post` also
    `Waits`."""

    def pages(self, content: Card | File) -> Sequence[object]:
        """The content drawn for the platform, in as many messages as its limits ask for."""
        ...

    async def open_dm(self, account: Account) -> str:
        """The conversation in which the person and Baseroom talk."""
        ...

    async def post(self, target: Target, page: object, *, key: str) -> str:
        """Post it; returns the message's id ("" where the platform gives none). `key` finds it again."""
        ...

    async def update(self, target: Target, message: str, page: object) -> None:
        """Put the page in place of an earlier post of ours."""
        ...

    async def delete(self, target: Target, message: str) -> None:
        """Take a post or a file of ours away again. `Gone`: it was not there any more."""
        ...

    async def find(self, target: Target, key: str, since: datetime) -> str | None:
        """The message that was posted with that key, if it arrived. Raises `Unknowable` where the platform cannot tell;
        whatever else it raises, it may be asked again."""
        ...

    async def show_home(self, account: Account, card: Card) -> None:
        """Show the person's home page, where the platform has one."""
        ...
