"""The home page: my findings, what is next, what is asked of me; for the manager, what is missing."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Offer it."""
