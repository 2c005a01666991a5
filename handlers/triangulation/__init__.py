"""Peer team sessions: two or three times a day the team stands at the wall and compares what it has heard."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Offer it."""
