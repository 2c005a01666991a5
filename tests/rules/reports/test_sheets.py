"""A workbook that opens in Excel as it was meant: text is text, dates are dates, and nothing is cut."""

import io
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from handlers.reports.files import file_name, workbook_of
from handlers.reports.sheets import Column, Sheet

LONDON = ZoneInfo("Europe/London")
COLUMNS = (Column("Finding", 40), Column("Day", 12))


async def opened(*sheets: Sheet) -> Workbook:
    return load_workbook(io.BytesIO(await workbook_of(sheets, zone=LONDON)))


async def one_sheet(*rows: tuple[object, ...], columns: tuple[Column, ...] = COLUMNS) -> Worksheet:
    book = await opened(Sheet("Findings", "Findings", columns, rows))  # type: ignore[arg-type]  # any cells
    return book["Findings"]


@pytest.mark.parametrize(
    "words",
    ["=1+1", '=HYPERLINK("http://x.example")', "+44 20 7946 0000", "-2 staff", "@SUM(A1)", "#N/A", "\t=1", "1e5",
     "007", "TRUE", "_x0041_ stays", "two\nlines", "'quoted", "👩🏽‍⚕️ zażółć"],
)  # fmt: skip
async def test_what_a_peer_typed_is_text_and_stays_as_it_was(words: str) -> None:
    cell = (await one_sheet((words, None)))["A4"]
    assert (cell.data_type, unescape(cell.value)) == ("s", words)


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@x", "\t=1"])
async def test_a_text_that_begins_like_a_formula_is_quoted(words: str) -> None:
    page = await one_sheet((words, None), ("plain", None))
    assert (page["A4"].quotePrefix, page["A5"].quotePrefix) == (True, False)


async def test_unseen_characters_do_not_spoil_the_file() -> None:
    page = await one_sheet(("bell\x07 null\x00 half \ud83d emoji \ufffe", None))
    assert page["A4"].value == "bell null half \ufffd emoji "


async def test_days_times_and_moments_are_real_ones_on_the_clock_of_the_visit() -> None:
    moment = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
    columns = (Column("Day", 12), Column("Time", 8), Column("At", 20))
    page = await one_sheet((date(2026, 11, 24), time(10, 45), moment), columns=columns)
    day, clock, at = page[4]
    assert (day.is_date, clock.is_date, at.is_date) == (True, True, True)
    assert day.value.isoformat() == "2026-11-24T00:00:00"
    assert clock.value == time(10, 45)
    assert at.value.isoformat() == "2026-07-01T10:30:00"  # 09:30 UTC in summer


async def test_the_header_stays_in_sight_can_be_filtered_and_is_printed_on_every_page() -> None:
    page = await one_sheet(("one", None), ("two", None))
    assert [cell.value for cell in page[3]] == ["Finding", "Day"]
    assert (page.freeze_panes, page.auto_filter.ref, page.print_title_rows) == ("A4", "A3:B5", "$3:$3")
    assert (page.page_setup.orientation, page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage) == (
        "landscape", 0, True,
    )  # fmt: skip
    assert page.oddFooter.left.text == "Confidential: destroy at sign-off"
    assert page.oddFooter.right.text == "Page &P of &N"
    assert page.column_dimensions["A"].width == 40


async def test_totals_stand_outside_the_filter() -> None:
    sheet = Sheet("Matrix", "Theme by day", COLUMNS, (("Vision", None),), totals=("All", None))
    page = (await opened(sheet))["Matrix"]
    assert (page.auto_filter.ref, page["A5"].value) == ("A3:B4", "All")


async def test_a_sheet_without_rows_still_has_its_header_and_filter() -> None:
    page = await one_sheet()
    assert page.auto_filter.ref == "A3:B3"


@pytest.mark.parametrize(
    "words", ["word " * 10_000, "x" * 40_000, "line\n" * 300, "a\n" + "b" * 5_000 + "\nc", "👩🏽‍⚕️" * 9_000]
)
async def test_a_text_longer_than_a_row_can_show_goes_on_in_the_next_and_none_of_it_is_lost(words: str) -> None:
    page = await one_sheet((words, date(2026, 11, 24)), ("next", None))
    pieces = [row[0].value for row in page.iter_rows(min_row=4)]
    assert pieces.pop() == "next"
    assert "".join(pieces) == words
    assert all(len(piece.encode("utf-16-le")) < 2 * 32_767 for piece in pieces)
    assert [page.cell(row, 2).value for row in range(5, 4 + len(pieces))] == [None] * (len(pieces) - 1)
    assert all(page.row_dimensions[row].height <= 409 for row in range(4, 4 + len(pieces)))


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Anyshire ICS", "Anyshire ICS findings 2026-11-26.xlsx"),
        ("../../etc: passwd\\", "etc passwd findings 2026-11-26.xlsx"),
        ("Sør & Vest (North)", "Sør & Vest (North) findings 2026-11-26.xlsx"),
        ("<b>:|?*\x00\n", "b findings 2026-11-26.xlsx"),
        ("…", "findings 2026-11-26.xlsx"),
        ("x" * 300, f"{'x' * 80} findings 2026-11-26.xlsx"),
    ],
)
def test_a_file_is_named_after_the_host_in_letters_that_any_system_takes(host: str, name: str) -> None:
    assert file_name(host, "findings", date(2026, 11, 26)) == name
