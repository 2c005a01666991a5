"""Note destruction: each peer is asked to destroy their notes, confirms item by item, and the manager can prove it."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Offer it."""
