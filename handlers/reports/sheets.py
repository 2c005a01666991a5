"""What a workbook is made of, so that any capability can hand its register over as a spreadsheet.

A sheet is plain values under column titles; how it looks, and what keeps a peer's words from acting as a formula, is
in `excel.py`, which loads openpyxl only when somebody first asks for a workbook.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME = 80  # characters of a host's name in the name of a file

Cell = str | int | date | time | datetime | None
"""What a cell may hold. An aware datetime is shown on the clock of the workbook's zone."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title, and its width in characters. Text wider than that is wrapped."""

    title: str
    width: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `name` on its tab (at most 31 characters), `title` and `note` above the table.

    Each row has as many cells as there are columns. `totals` stands below the table, outside its filter. A sheet that
    is no table to sort and filter (`plain`) shows its rows without either.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    totals: Sequence[Cell] = ()
    plain: bool = False
