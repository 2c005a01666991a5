"""Words that an edit has replaced while a hold stood: as they were sealed, until no hold stands any more.

Nobody is shown them on the wall or in a check-in; a person's request finds them, and destruction takes them. Without a
hold nothing is written here: what is edited then is replaced at once.
"""

import json

from sqlalchemy import delete, select

from storage.errors import Unreadable
from storage.keeping import HELD
from storage.records import ChallengeId, ReplacedWords
from storage.store import RowOf, Store
from storage.tables import replaced_words

ANSWERS = "check_in_replies"


class WordKeeper(Store):
    """A store whose rows hold words that people may change."""

    async def _keep_replaced(self, row: RowOf | None, table: str, row_id: str, *columns: str) -> None:
        """Keep the sealed columns of a row that is about to change, as it was found under a hold (None: there is none).
        A version is kept once."""
        if row is None:
            return
        place = {"challenge_id": row.challenge_id, "of_table": table, "of_row": row_id, "version": row.version}
        for column in columns:
            sealed = getattr(row, f"{column}_sealed")
            if sealed is not None:
                await self._insert_if_absent(replaced_words, {**place, "of_column": column, "words_sealed": sealed})


class ReplacedStore(Store):
    async def of_challenge(self, challenge_id: ChallengeId) -> list[ReplacedWords]:
        """In the order in which they were replaced, row by row; those that cannot be read are left out."""
        query = select(replaced_words).where(replaced_words.c.challenge_id == challenge_id)
        order = (replaced_words.c.of_table.desc(), replaced_words.c.of_row, replaced_words.c.version)
        kept = []
        for row in await self._all(query.order_by(*order, replaced_words.c.of_column.desc())):
            place = {"table": row.of_table, "column": row.of_column, "row": row.of_row, "version": row.version}
            try:
                words = self._seal(challenge_id).open(row.words_sealed, **place)
            except Unreadable:
                continue
            texts = tuple(json.loads(words).values()) if row.of_table == ANSWERS else (words,)
            kept.append(ReplacedWords(row.of_table, row.of_column, row.of_row, row.version, texts))
        return kept

    async def forget(self) -> None:
        """Forget those of every challenge that is under no hold."""
        await self._connection.execute(delete(replaced_words).where(replaced_words.c.challenge_id.not_in(HELD)))
