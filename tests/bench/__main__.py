"""`make bench`: prints the benchmark table, each part measured in a process of its own."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.bench.parts import PARTS, in_own_process


def main() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        rows = [row for part in PARTS for row in pool.submit(in_own_process, part).result()]
    width = max(len(row[0]) for row in rows)
    print(f"| {'what':<{width}} | measured | goal |")  # noqa: T201  # printing is what this command is for
    print(f"|{'-' * (width + 2)}|---|---|")  # noqa: T201 - as above
    for what, measured, goal in rows:
        print(f"| {what:<{width}} | {measured} | {goal} |")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
