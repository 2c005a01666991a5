"""The daily summary for the catch-up with the client: drafted from the wall, worded and approved by the manager."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Offer it."""
