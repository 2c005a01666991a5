"""Forms that take several pages: which page has come back. What a form carries is not to be trusted."""

from handlers.errors import RecordGone


def page_carried(value: str, *, of: int) -> int:
    """The page, counted from nought. Raises `RecordGone` when there is none such."""
    if value not in map(str, range(of)):
        raise RecordGone
    return int(value)
