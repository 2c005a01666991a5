"""Finds on which line of a framework file something stands, so that a refusal can name the line to mend.

tomllib keeps no positions once a file has been read, and a programme's author needs them.
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from handlers.frameworks.rules import Place


def lines_of(text: str) -> dict[Place, int]:
    """The line, counted from 1, on which each table and key of a valid TOML text begins.

    Each statement (the fewest lines that are TOML by themselves) is read alone.
    """
    found: dict[Place, int] = {}
    table: Place = ()
    tables_in: dict[Place, int] = {}
    for number, statement, is_header in _statements(text):
        names, is_array = _names_of(statement)
        if is_header:
            table = _table_place(names, is_array, tables_in)
        place = table if is_header else (*table, *names)
        for length in range(1, len(place) + 1):
            found.setdefault(place[:length], number)
    return found


def _statements(text: str) -> Iterator[tuple[int, dict[str, Any], bool]]:
    pending: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        pending.append(line)
        try:
            statement = tomllib.loads("\n".join(pending))
        except tomllib.TOMLDecodeError:
            continue
        if statement:
            yield number - len(pending) + 1, statement, pending[0].lstrip().startswith("[")
        pending.clear()


def _names_of(statement: dict[str, Any]) -> tuple[tuple[str, ...], bool]:
    """The dotted name a statement sets, and whether it opens one more table of an array."""
    names: list[str] = []
    inner: Any = statement
    while isinstance(inner, dict) and len(inner) == 1:
        name, inner = next(iter(inner.items()))
        names.append(name)
    return tuple(names), inner == [{}]


def _table_place(names: tuple[str, ...], is_array: bool, tables_in: dict[Place, int]) -> Place:
    """Where a header leads; a name that is an array of tables leads into its last one."""
    place: Place = ()
    for nth, name in enumerate(names, start=1):
        place = (*place, name)
        if is_array and nth == len(names):
            tables_in[place] = tables_in.get(place, 0) + 1
        if place in tables_in:
            place = (*place, tables_in[place] - 1)
    return place


def line_of(place: Place, lines: Mapping[Place, int]) -> int:
    """The line of a place, or of the nearest table around it that the file has."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)
