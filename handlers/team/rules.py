"""The rules of a team: pure."""

from collections.abc import Collection
from itertools import count


def initials_for(name: str, *, taken: Collection[str]) -> str:
    """Initials for a post-it, unique on the challenge: JS, then JS2, JS3 (initials once given stay)."""
    letters = "".join(part[0] for part in name.replace("-", " ").split() if part[0].isalpha()).upper() or "P"
    plain = letters[:4]
    if plain not in taken:
        return plain
    return next(f"{plain}{number}" for number in count(2) if f"{plain}{number}" not in taken)
