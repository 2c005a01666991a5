"""Where conversations and people are reached, for platforms that do not find them by their id alone. Ids and addresses
of the platform only; nothing here says what was spoken of."""

from datetime import datetime

from sqlalchemy import select

from storage.records import Reference
from storage.store import RowOf, Store
from storage.tables import conversation_references


class ReferenceStore(Store):
    async def find(self, platform: str, subject: str) -> Reference | None:
        """How that conversation or person is reached."""
        query = select(conversation_references).where(
            conversation_references.c.platform == platform, conversation_references.c.subject == subject
        )
        row = await self._one(query)
        return _reference(row) if row else None

    async def latest(self, platform: str) -> Reference | None:
        """The one that was noted last: the best guess for what has none of its own."""
        query = select(conversation_references).where(conversation_references.c.platform == platform)
        row = await self._one(query.order_by(conversation_references.c.noted_at.desc()).limit(1))
        return _reference(row) if row else None

    async def shared(self, platform: str) -> list[Reference]:
        """Every channel and group chat that is known."""
        query = select(conversation_references).where(
            conversation_references.c.platform == platform, conversation_references.c.kind.in_(["channel", "groupChat"])
        )
        return [_reference(row) for row in await self._all(query)]

    async def note(self, reference: Reference, now: datetime) -> None:
        """Keep it in place of what was known of the same conversation or person."""
        which = {"platform": reference.platform, "subject": reference.subject}
        values = {
            "workspace": reference.workspace,
            "kind": reference.kind,
            "service_url": reference.service_url,
            "bot": reference.bot,
            "team": reference.team,
            "noted_at": now,
        }
        insertion = self._insertion(conversation_references).values(**which, **values)
        await self._connection.execute(insertion.on_conflict_do_update(index_elements=list(which), set_=values))


def _reference(row: RowOf) -> Reference:
    return Reference(row.platform, row.workspace, row.subject, row.kind, row.service_url, row.bot, row.team)
