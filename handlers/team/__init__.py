"""Setting up a challenge: whose it is, who is on the team, where it meets, and what is still missing."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Offer it."""
