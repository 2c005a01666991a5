"""The workbook: everything on the wall as a spreadsheet that a manager can hand over or keep."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Offer it."""
