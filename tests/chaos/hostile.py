"""Texts that are meant to do harm, drawn for each platform and written into the workbook: only ever words."""

import random
from collections.abc import Callable

from tests.chaos.places import Places
from tests.chaos.rows import Row
from tests.contracts import samples
from tests.contracts.readers import Reader, SlackReader, TeamsReader, WebReader
from tests.fixtures.shared import SCHEMAS

CONTROLS = "".join(map(chr, (*range(0x20), 0x7F, 0x85, 0x200B, 0x202E, 0x2028, 0xFEFF, 0xD800, 0xDFFF, 0x1F3F4)))


def hostile(_places: Places, size: int) -> Row:
    """`size` texts on every renderer, as a card and as a form."""
    readers: list[Callable[[], Reader]] = [SlackReader, WebReader]
    if SCHEMAS.is_dir():
        readers.append(lambda: TeamsReader(SCHEMAS))
    awake = crashes = 0
    texts = _texts(size)
    for make in readers:
        reader = make()
        for words in texts:
            try:
                awake += _is_awake(reader, words)
            except Exception:  # noqa: BLE001  # whatever it is, it is what is counted
                crashes += 1
    names = f"{len(readers)} renderers" if len(readers) == 3 else "2 renderers (no schemas here for Teams')"
    return Row(f"{size:,} texts × {names}", {"control sequences awake": awake, "crashes": crashes})


def _texts(size: int) -> list[str]:
    """Known attacks, alone and mixed with each other and with control characters."""
    chance, texts = random.Random(size), list(samples.HOSTILE)
    while len(texts) < size:
        parts = chance.choices(samples.HOSTILE, k=chance.randint(1, 4))
        texts.append("".join(part + "".join(chance.choices(CONTROLS, k=chance.randint(0, 3))) for part in parts))
    return texts[:size]


def _is_awake(reader: Reader, words: str) -> bool:
    card = samples.card_full_of(words)
    pages = reader.pages(card)
    sheet = reader.sheet(samples.form_full_of(words))
    return any(page.wrong for page in pages) or bool(sheet.wrong) or _is_lost(card, pages)


def _is_lost(card: object, pages: object) -> bool:
    from tests.contracts.test_renderers import lost

    return bool(lost(samples.words_in(card), pages))  # type: ignore[arg-type]  # a card and its pages
