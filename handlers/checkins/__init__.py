"""Check-ins before the visit: the questions that the challenge manager would ask each peer on the telephone."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Offer it."""
