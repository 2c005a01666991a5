"""Digests: what the team channel hears without asking, a morning line and one running digest a day."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Offer it."""
