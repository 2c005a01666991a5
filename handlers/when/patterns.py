"""Matching by the grammar's patterns, each compiled at its first use: there are over a hundred of them, and a start of
Baseroom reads no date.
"""

import re
from functools import cache


def whole(form: str, phrase: str) -> re.Match[str] | None:
    """The match of a whole phrase. Only the package's own patterns come here, so what is kept compiled is bounded."""
    return _compiled(form).fullmatch(phrase)


@cache
def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(form)
