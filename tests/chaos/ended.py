"""A destruction that is killed at each of its commits is carried through; no copy from before it can be read after.

The steps are those of tests/fieldwork/disposal/test_being_cut_off.py.
"""

import asyncio
from collections.abc import Awaitable, Callable

from tests.chaos.places import Place, Places
from tests.chaos.rows import Row
from tests.fieldwork.disposal import test_being_cut_off as cut_off

LIVES = 12
Try = Callable[[Place], Awaitable[None]]


def ended(places: Places, size: int) -> Row:
    """Every `size`-th commit of a destruction (1: all), before and after it, and backups read with today's keys. With
    PostgreSQL it is killed again and again, at other moments in each of twelve lives (1: all twelve)."""
    tries = _again_and_again(max(LIVES // size, 1)) if places.postgres else _at_each_commit(size)
    wrong = []
    for what, make in tries:
        with places.new() as place:
            try:
                asyncio.run(make(place))  # type: ignore[arg-type]  # a coroutine
            except Exception as error:  # noqa: BLE001  # whatever it is: it was not carried through
                wrong.append(f"{what}: {type(error).__name__} {str(error)[:80]}")
    what = (
        f"{len(tries)} lives, each killed again and again" if places.postgres else ", ".join(what for what, _ in tries)
    )
    return Row(what, {"not carried through or still readable": len(wrong)}, "; ".join(wrong))


def _at_each_commit(stride: int) -> list[tuple[str, Try]]:
    cut_off.STRIDE = stride
    killed = cut_off.test_killed_at_each_commit_it_is_carried_through_by_the_next_process
    every = "each commit" if stride == 1 else f"each {stride}th commit"
    return [
        (f"killed before {every}", lambda place: killed(place.folder, after=False)),
        (f"killed after {every}", lambda place: killed(place.folder, after=True)),
        (
            "a backup restored",
            lambda place: cut_off.test_a_backup_of_the_data_restored_with_todays_keys_opens_nothing(place.folder),
        ),
    ]


def _again_and_again(times: int) -> list[tuple[str, Try]]:
    again = cut_off.test_killed_again_and_again_on_either_database_it_ends
    return [
        (f"killed again and again ({seed + 1})", lambda place, seed=seed: again(place.folder, place.url, seed))
        for seed in range(times)
    ]
