"""`make chaos`, or `python -m tests.chaos [--small] [--only NAME] [--size N] [--database sqlite|postgresql|both]`."""

import argparse
import sys
import time

from bot.logs import set_up_logging
from tests.chaos.faults import FAULTS
from tests.chaos.places import Places, places_on
from tests.chaos.rows import Fault

TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def main() -> int:
    asked = _arguments()
    set_up_logging("CRITICAL", as_json=False)
    databases = tuple(TITLES) if asked.database == "both" else (asked.database,)
    chosen = [fault for fault in FAULTS if asked.only in (None, fault.name)]
    print("| fault | tried | came of it | |\n|---|---|---|---|")  # noqa: T201  # printing is what this command is for
    missed = 0
    for database in databases:
        with places_on(database) as places:
            missed += sum(_try(fault, places, _size(fault, asked)) for fault in chosen if database in fault.databases)
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Try every fault, and count.")
    parser.add_argument("--small", action="store_true", help="the short form, as in make test")
    parser.add_argument("--size", type=int, help="this size instead: what it counts differs from fault to fault")
    parser.add_argument("--only", choices=[fault.name for fault in FAULTS], help="one fault")
    parser.add_argument("--database", choices=[*TITLES, "both"], default="both")
    return parser.parse_args()


def _size(fault: Fault, asked: argparse.Namespace) -> int:
    return int(asked.size or (fault.small if asked.small else fault.full))


def _try(fault: Fault, places: Places, size: int) -> bool:
    """Prints its row; says whether a bar was missed."""
    began = time.monotonic()
    row = fault.make(places, size)
    verdict = "**missed**" if row.is_missed else f"{time.monotonic() - began:.0f} s"
    where = TITLES[places.database]
    print(f"| {fault.what} ({where}) | {row.tried} | {row} | {verdict} |", flush=True)  # noqa: T201  # as above
    return row.is_missed


if __name__ == "__main__":
    sys.exit(main())
