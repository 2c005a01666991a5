"""The flip charts of a challenge: the framework's themes and the team's own."""

from typing import Any

from sqlalchemy import bindparam, select, update

from storage.errors import NotStored
from storage.records import ChallengeId, Theme, ThemeId
from storage.store import RowOf, Store, row_of
from storage.tables import finding_themes, themes

_OF_CHALLENGE = (
    select(themes).where(themes.c.challenge_id == bindparam("challenge_id")).order_by(themes.c.position, themes.c.id)
)


class ThemeStore(Store):
    async def add(self, theme: Theme) -> None:
        """Raises `AlreadyStored` when the challenge has a theme with that key."""
        self._recall.change()
        await self._insert(themes, {**row_of(theme), "words": list(theme.words)})

    async def get(self, theme_id: ThemeId) -> Theme:
        """Raises `NotStored`."""
        row = await self._one(select(themes).where(themes.c.id == theme_id))
        if row is None:
            raise NotStored
        return _theme(row)

    async def of_challenge(self, challenge_id: ChallengeId) -> list[Theme]:
        """Every theme in wall order, retired and merged ones too."""
        return await self._remembered(_OF_CHALLENGE, _theme, challenge_id=challenge_id)

    async def change(self, theme_id: ThemeId, **values: Any) -> None:
        """Set the named fields of `Theme`."""
        if "words" in values:
            values["words"] = list(values["words"])
        await self._change(update(themes).where(themes.c.id == theme_id).values(**values))

    async def retag(self, old: ThemeId, new: ThemeId) -> None:
        """Move every finding of one theme to another, once each."""
        already = select(finding_themes.c.finding_id).where(finding_themes.c.theme_id == new)
        both = (finding_themes.c.theme_id == old) & finding_themes.c.finding_id.in_(already)
        await self._connection.execute(finding_themes.delete().where(both))
        await self._connection.execute(
            update(finding_themes).where(finding_themes.c.theme_id == old).values(theme_id=new)
        )


def _theme(row: RowOf) -> Theme:
    return Theme(
        id=ThemeId(row.id),
        challenge_id=ChallengeId(row.challenge_id),
        key=row.key,
        title=row.title,
        short=row.short,
        emoji=row.emoji,
        words=tuple(row.words),
        position=row.position,
        added_by_team=row.added_by_team,
        retired_at=row.retired_at,
        merged_into=ThemeId(row.merged_into) if row.merged_into else None,
    )
