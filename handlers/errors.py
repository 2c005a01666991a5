"""What Baseroom refuses, in words for the person who asked. The docstring of each class is its sentence.

A refusal says what went wrong and what to do. Capabilities add their own classes beside their rules; dispatch turns
every one of them into an answer in the place where the request was made.
"""

from collections.abc import Sequence

from storage.records import Challenge


class Refusal(Exception):
    """Baseroom could not do that."""

    def __str__(self) -> str:
        return super().__str__() or " ".join((type(self).__doc__ or "").split())


class NotAllowed(Refusal):
    """Only the challenge manager can do that. Ask them, or type “help” to see what you can do."""


class NotOnAChallenge(Refusal):
    """You are not on a peer challenge in Baseroom yet. Ask your challenge manager to add you."""


class OnlyAppointedManagers(Refusal):
    """Only people named as challenge managers for this Baseroom can set up a challenge. Ask whoever runs it (the
    setting is BASEROOM_MANAGERS)."""


class ChallengeIsOver(Refusal):
    """This challenge is over: nothing more is added to it or looked up in it here. Its challenge manager can still take
    the workbook away, with “challenge export”."""


class BeingDestroyed(Refusal):
    """Everything that Baseroom holds of this challenge is being destroyed: nothing can be added to it or read from it
    any more."""


class RecordGone(Refusal):
    """That is no longer there: this card is from an earlier time. Nothing was changed."""


class WhichChallenge(Refusal):
    """You are on more than one challenge. Say it in that challenge’s team channel."""

    def __init__(self, challenges: Sequence[Challenge] = ()) -> None:
        """`challenges` are those it may be for: routing asks which, with a button for each."""
        super().__init__()
        self.challenges = tuple(challenges)


class NotUnderstood(Refusal):
    """I could not read that. Type “help” to see what you can say."""
