"""How long something takes at its best: the least CPU time of a few runs, so that a busy machine fails no test."""

import time
from collections.abc import Callable


def at_best(act: Callable[[], object], runs: int = 5) -> float:
    """CPU seconds of the quickest of so many runs."""

    def once() -> float:
        began = time.process_time()
        act()
        return time.process_time() - began

    return min(once() for _ in range(runs))
