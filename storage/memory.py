"""What changes seldom and is asked for at every turn (who somebody is, their challenge, its team, its flip charts),
remembered between turns, still sealed.

With SQLite one process writes, so its memory is exact: a unit of work that changes such a row forgets everything when
it commits. With PostgreSQL others write too, and each unit of work remembers only what it has read itself.
"""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Memory:
    """What the process remembers; `generation` goes up each time it is forgotten. While a change is `unsettled` (its
    commit is under way) readers may still see what was before it, and nothing is remembered."""

    generation: int = 0
    unsettled: int = 0
    known: dict[Hashable, list[Any]] = field(default_factory=dict)

    def forget(self) -> None:
        self.generation += 1
        self.known.clear()


class Recall:
    """One unit of work's view of the memory. After a change of its own it believes only what it reads itself."""

    __slots__ = ("_generation", "_is_changed", "_memory")

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._generation = memory.generation
        self._is_changed = False

    def known(self, key: Hashable) -> list[Any] | None:
        return None if self._is_changed else self._memory.known.get(key)

    def keep(self, key: Hashable, found: list[Any]) -> None:
        """Remember what was read, unless it may be older than what somebody has written since."""
        memory = self._memory
        if not self._is_changed and not memory.unsettled and self._generation == memory.generation:
            memory.known[key] = found

    def change(self) -> None:
        """This unit of work writes to what is remembered."""
        self._is_changed = True

    @contextmanager
    def committing(self) -> Iterator[None]:
        """Forget what this unit of work has changed: before its commit, for those that share it, and after it.

        A commit that was cut off may have happened: better to forget too much.
        """
        if not self._is_changed:
            yield
            return
        self._memory.forget()
        self._memory.unsettled += 1
        try:
            yield
        finally:
            self._memory.unsettled -= 1
            self._memory.forget()
