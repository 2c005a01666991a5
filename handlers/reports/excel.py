"""How a workbook looks in Excel: a manager can filter, sort and print it at once, and nothing in it acts as a formula.

What peers typed is hostile until shown otherwise: every text is written as text, a leading sign is quoted, and a text
too long for one row to show goes on in the next, so that nothing is cut on paper either.
"""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import zip_longest
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from handlers.reports.sheets import Cell, Sheet
from handlers.text import clean

HEADER_ROW = 3  # under the sheet's title and its note
FIRST_ROW = HEADER_ROW + 1
FONT, COUNT = "Calibri", "0;-0;–"  # a dash for none
LINE_HEIGHT = 14.0  # points
MOST_LINES = 26  # a row in Excel is at most 409 points high
PAPER_A4 = 9

TITLE, NOTE, HEADER, TEXT, NUMBER, DAY, TIME, MOMENT, TOTAL = (
    f"Baseroom {name}" for name in ("title", "note", "header", "text", "number", "day", "time", "moment", "total")
)

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read "_x0041_" as "A"


def build(sheets: Sequence[Sheet], zone: ZoneInfo) -> bytes:
    """The sheets as an .xlsx file, times on the clock of the zone."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for style in _styles():
        workbook.add_named_style(style)
    for sheet in sheets:
        _write(workbook.create_sheet(sheet.name), sheet, zone)
    packed = io.BytesIO()
    workbook.save(packed)
    return packed.getvalue()


def _styles() -> Iterator[NamedStyle]:
    top, line = Alignment(vertical="top", wrap_text=True), Side(style="thin", color="BFC7CF")
    left, ruled = Alignment(vertical="top", horizontal="left"), Border(bottom=line)
    yield NamedStyle(TITLE, font=Font(FONT, bold=True, size=14))
    yield NamedStyle(NOTE, font=Font(FONT, size=10, italic=True, color="555555"))
    yield NamedStyle(
        HEADER,
        font=Font(FONT, size=10, bold=True, color="FFFFFF"),
        fill=PatternFill("solid", fgColor="1F4E5F"),
        alignment=Alignment(vertical="top", wrap_text=True),
    )
    yield NamedStyle(
        TOTAL,
        font=Font(FONT, size=10, bold=True),
        number_format=COUNT,
        alignment=left,
        border=Border(top=line, bottom=line),
    )
    for name, number_format, alignment in (
        (TEXT, "General", top),
        (NUMBER, COUNT, left),
        (DAY, "ddd d mmm yyyy", left),
        (TIME, "hh:mm", left),
        (MOMENT, "ddd d mmm yyyy hh:mm", left),
    ):
        font = Font(FONT, size=10)
        yield NamedStyle(name, font=font, number_format=number_format, alignment=alignment, border=ruled)


def _write(page: Worksheet, sheet: Sheet, zone: ZoneInfo) -> None:
    for row, (words, style) in enumerate(((sheet.title, TITLE), (sheet.note, NOTE)), start=1):
        _put(_at(page, row, 1), words, zone, style)
    _write_columns(page, sheet, zone)
    row = FIRST_ROW
    for cells in sheet.rows:
        for part in _parts(cells, sheet):
            _write_row(page, row, part, sheet, zone)
            row += 1
    if not sheet.plain:
        last = f"{get_column_letter(len(sheet.columns))}{max(row - 1, HEADER_ROW)}"
        page.auto_filter.ref = f"A{HEADER_ROW}:{last}"
    for position, value in enumerate(sheet.totals, start=1):
        _put(_at(page, row, position), value, zone, TOTAL)
    _set_up_page(page, sheet)


def _write_columns(page: Worksheet, sheet: Sheet, zone: ZoneInfo) -> None:
    """Their widths, and the header, with room for the filters' arrows under the titles."""
    for position, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(position)].width = column.width
        if not sheet.plain:
            _put(_at(page, HEADER_ROW, position), column.title, zone, HEADER)
    if not sheet.plain:
        lines = max(_lines(column.title, column.width) for column in sheet.columns)
        page.row_dimensions[HEADER_ROW].height = (lines + 1) * LINE_HEIGHT


def _write_row(page: Worksheet, row: int, cells: Sequence[Cell], sheet: Sheet, zone: ZoneInfo) -> None:
    for position, value in enumerate(cells, start=1):
        _put(_at(page, row, position), value, zone)
    lines = max((_lines(value, column.width) for value, column in zip(cells, sheet.columns, strict=True)), default=1)
    if lines > 1:
        page.row_dimensions[row].height = lines * LINE_HEIGHT


def _at(page: Worksheet, row: int, column: int) -> ExcelCell:
    cell = page.cell(row, column)
    assert isinstance(cell, ExcelCell)  # not a part of a merged one: nothing here is merged
    return cell


def _put(cell: ExcelCell, value: Cell, zone: ZoneInfo, style: str = "") -> None:
    """Text stays text: openpyxl would take "=1+1" for a formula and "#N/A" for an error."""
    if isinstance(value, str):
        words = clean(value)
        cell.value = _ESCAPED.sub("_x005F_", words)
        cell.data_type = "s"
        cell.style = style or TEXT
        cell.quotePrefix = words.startswith(_FORMULA_SIGNS)
        return
    cell.value = value.astimezone(zone).replace(tzinfo=None) if isinstance(value, datetime) else value
    cell.style = style or _style_of(value)


def _style_of(value: Cell) -> str:
    match value:
        case datetime():  # before `date`, of which it is one
            return MOMENT
        case date():
            return DAY
        case time():
            return TIME
        case int():
            return NUMBER
        case _:
            return TEXT


def _set_up_page(page: Worksheet, sheet: Sheet) -> None:
    """Landscape A4 at the width of the page, the header on each, and what is to become of it at the foot."""
    if not sheet.plain:
        page.freeze_panes = f"A{FIRST_ROW}"
        page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    page.sheet_view.showGridLines = False
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = PAPER_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins.left = page.page_margins.right = 0.4
    page.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart("Confidential: destroy at sign-off"),
        center=_HeaderFooterPart("&A"),
        right=_HeaderFooterPart("Page &P of &N"),
    )


# ---------------------------------------------------------------- long texts


def _lines(value: Cell, width: int) -> int:
    """How many lines a value takes in a column of that many characters, a little over: words are wrapped whole."""
    if not isinstance(value, str):
        return 1
    return sum(-(-len(line) // max(width - 1, 1)) or 1 for line in value.split("\n"))


def _parts(cells: Sequence[Cell], sheet: Sheet) -> Iterator[Sequence[Cell]]:
    """The row, and further rows for what is left of a text that is longer than a row can be high."""
    if all(_lines(value, column.width) <= MOST_LINES for value, column in zip(cells, sheet.columns, strict=True)):
        yield cells
        return
    split = [
        list(_pieces(clean(value), column.width)) if isinstance(value, str) else [value]
        for value, column in zip(cells, sheet.columns, strict=True)
    ]
    yield from zip_longest(*split)


def _pieces(words: str, width: int) -> Iterator[str]:
    """The words in order, nothing left out, each piece at most `MOST_LINES` long; cut at a space if there is one."""
    while words:
        end = _end_of_piece(words, width)
        yield words[:end]
        words = words[end:]


def _end_of_piece(words: str, width: int) -> int:
    """Where the first piece ends: before the line that would be too many, at the last space in it."""
    room, line_end = MOST_LINES, 0
    for line in words[: MOST_LINES * width].splitlines(keepends=True):
        room -= _lines(line.rstrip("\n"), width)
        if room < 0:
            break
        line_end += len(line)
    if line_end:
        return line_end
    most = MOST_LINES * max(width - 1, 1)
    return words.rfind(" ", 0, most) + 1 or most
