"""The certificate as a document for the files of the programme: one page and a half, to be signed for and kept."""

import asyncio
import io
from typing import Any

from handlers.disposal.certificate import Certificate

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


async def document_of(certificate: Certificate) -> bytes:
    """The .docx, made in a thread: nobody else waits for it."""
    return await asyncio.to_thread(_build, certificate)


def _build(certificate: Certificate) -> bytes:
    from docx import Document  # python-docx takes its time and memory only once somebody has destroyed something
    from docx.shared import Cm, Pt

    document: Any = Document()
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Arial", Pt(10)
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(1.8)
    document.core_properties.title = certificate.title
    document.core_properties.author = "Baseroom"
    document.add_heading(certificate.title, level=1)
    document.add_paragraph(
        "What Baseroom held of this challenge has been destroyed as set out below. This certificate holds no content: "
        "numbers survive, words do not."
    )
    for title, pairs, widths in (
        ("What was destroyed", certificate.about, (5, 12)),
        ("Step by step", certificate.steps, (10, 7)),
        ("In numbers", certificate.numbers, (7, 10)),
        ("Where a copy may remain that Baseroom cannot reach, and who must act", certificate.elsewhere, (9, 8)),
    ):
        document.add_heading(title, level=2)
        _add_table(document, pairs, [Cm(width) for width in widths])
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _add_table(document: Any, pairs: tuple[tuple[str, str], ...], widths: list[int]) -> None:
    table = document.add_table(rows=0, cols=2, style="Light Grid Accent 1")
    table.autofit = False
    for pair in pairs:
        cells = table.add_row().cells
        for cell, words, width in zip(cells, pair, widths, strict=True):
            cell.text, cell.width = words, width
