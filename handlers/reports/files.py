"""Sheets as a file that somebody can open in Excel, under a name that says whose and what it is.

openpyxl is loaded only when somebody first asks for a workbook.
"""

import asyncio
import re
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from handlers.reports.sheets import Sheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME = 80  # characters of a host's name in the name of a file


async def workbook_of(sheets: Sequence[Sheet], *, zone: ZoneInfo) -> bytes:
    """The sheets as an .xlsx file, made in a thread: nobody else waits for it."""
    return await asyncio.to_thread(_build, sheets, zone)


def _build(sheets: Sequence[Sheet], zone: ZoneInfo) -> bytes:
    from handlers.reports.excel import build  # openpyxl takes its memory only once somebody wants a workbook

    return build(sheets, zone)


def file_name(host: str, what: str, day: date) -> str:
    """ "Anyshire ICS findings 2026-11-26.xlsx": fit for any file system, whatever the host is called."""
    plain = " ".join(re.sub(r"[^\w .&()-]+", " ", host).split()).strip(". ")
    return " ".join(filter(None, (plain[:LONGEST_NAME].strip(". "), what, f"{day.isoformat()}.xlsx")))
