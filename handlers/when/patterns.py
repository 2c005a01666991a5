"""Matching by the grammar's patterns, each compiled at its first use: there are over a hundred of them, and a start of
Baseroom reads no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache

from handlers.when.asked import Asked
from handlers.when.readings import Choice

Match = re.Match[str]
Rule = Callable[[Match, Asked], Choice[date] | None]


def whole(form: str, phrase: str) -> Match | None:
    """The match of a whole phrase. Only the package's own patterns come here, so what is kept compiled is bounded."""
    return _compiled(form).fullmatch(phrase)


@cache
def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(form)
