"""What Baseroom has put on a platform: where each post stands and what it is about.

So that a reply in its thread finds its question, a post is edited in place, and its destruction can find it.
"""

from sqlalchemy import bindparam, delete, func, literal, or_, select, update

from storage.records import ChallengeId, Post
from storage.store import RowOf, Store, row_of
from storage.tables import posts

_NEWEST_IN_SLOT = select(posts).where(posts.c.slot == bindparam("slot")).order_by(posts.c.posted_at.desc()).limit(1)
_IN_SLOTS = (
    select(posts)
    .where(or_(posts.c.slot == bindparam("slot"), posts.c.slot == bindparam("further")))
    .order_by(posts.c.posted_at.desc())
)


class PostStore(Store):
    async def add(self, post: Post) -> None:
        await self._insert_if_absent(posts, row_of(post))

    async def find(self, platform: str, workspace: str, conversation: str, message: str) -> Post | None:
        query = select(posts).where(
            posts.c.platform == platform,
            posts.c.workspace == workspace,
            posts.c.conversation == conversation,
            posts.c.message == message,
        )
        row = await self._one(query)
        return _post(row) if row else None

    async def in_slot(self, slot: str) -> Post | None:
        """The newest post of a slot: the one that is edited in place."""
        row = await self._one(_NEWEST_IN_SLOT, slot=slot)
        return _post(row) if row else None

    async def standing(self, slot: str, further: str) -> tuple[Post | None, bool]:
        """The newest post of a slot, and whether a further message of it stands in the slot `further`."""
        rows = await self._all(_IN_SLOTS, slot=slot, further=further)
        newest = next((row for row in rows if row.slot == slot), None)
        if newest is None:
            return None, False
        return _post(newest), any(row.slot == further and row.posted_at >= newest.posted_at for row in rows)

    async def set_apart(self, slot: str, apart: str) -> None:
        """Give what stands in a slot, with its further pages, a slot apart: another post is to take its place."""
        pages = or_(posts.c.slot == slot, posts.c.slot.startswith(f"{slot}#", autoescape=True))
        page = func.substr(posts.c.slot, len(slot) + 1)
        await self._connection.execute(update(posts).where(pages).values(slot=literal(apart) + page))

    async def of_challenge(self, challenge_id: ChallengeId) -> list[Post]:
        return [_post(row) for row in await self._all(select(posts).where(posts.c.challenge_id == challenge_id))]

    async def forget(self, post: Post) -> None:
        """The post is gone from the platform."""
        await self._connection.execute(
            delete(posts).where(
                posts.c.platform == post.platform,
                posts.c.workspace == post.workspace,
                posts.c.conversation == post.conversation,
                posts.c.message == post.message,
            )
        )


def _post(row: RowOf) -> Post:
    return Post(
        row.platform, row.workspace, row.conversation, row.message, row.kind, row.record, row.slot,
        ChallengeId(row.challenge_id) if row.challenge_id else None, row.posted_at,
    )  # fmt: skip
