"""The certificate as a document, one page, for the files of the programme."""

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
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size, normal.paragraph_format.space_after = "Arial", Pt(9), Pt(0)
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(1.5)
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
    """What each line is about in bold, and what is said of it."""
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for label, said in pairs:
        about, words = table.add_row().cells
        about.width, words.width = widths
        about.paragraphs[0].add_run(label).bold = True
        words.text = said
