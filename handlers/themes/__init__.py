"""Themes: the flip charts on the wall, the framework's and the team's own."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Offer it."""
