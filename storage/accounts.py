"""Who speaks to Baseroom: people, and their seats on each platform. Names are not kept here but on challenges."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.records import Account, AccountId, PersonId, new_id
from storage.store import RowOf, Store
from storage.tables import accounts, people

_BY_ID = select(accounts).where(accounts.c.id == bindparam("account_id"))
_OF_PERSON = select(accounts).where(accounts.c.person_id == bindparam("person_id"))
_OF_USER = select(accounts).where(
    accounts.c.platform == bindparam("platform"),
    accounts.c.workspace == bindparam("workspace"),
    accounts.c.user_id == bindparam("user_id"),
)


class AccountStore(Store):
    async def find(self, platform: str, workspace: str, user_id: str) -> Account | None:
        found = await self._remembered(_OF_USER, _account, platform=platform, workspace=workspace, user_id=user_id)
        return found[0] if found else None

    async def get(self, account_id: AccountId) -> Account | None:
        found = await self._remembered(_BY_ID, _account, account_id=account_id)
        return found[0] if found else None

    async def of_person(self, person_id: PersonId) -> list[Account]:
        """Every seat of one person, where they last spoke first; one where Baseroom is blocked comes last."""
        found = await self._remembered(_OF_PERSON, _account, person_id=person_id)
        found.sort(key=lambda seat: (seat.last_spoke_at is not None, seat.last_spoke_at), reverse=True)
        return sorted(found, key=lambda seat: seat.blocked_at is not None)

    async def add(self, platform: str, workspace: str, user_id: str, now: datetime) -> Account:
        """A new person with their first seat. Raises `AlreadyStored` when the seat is known."""
        account = Account(AccountId(new_id()), PersonId(new_id()), platform, workspace, user_id)
        self._recall.change()
        await self._insert(people, {"id": account.person_id, "created_at": now})
        await self._insert(
            accounts,
            {
                "id": account.id,
                "person_id": account.person_id,
                "platform": platform,
                "workspace": workspace,
                "user_id": user_id,
                "dm": "",
            },
        )
        return account

    async def move(self, account_id: AccountId, person_id: PersonId) -> None:
        """Say that the account is that person's."""
        await self._change(update(accounts).where(accounts.c.id == account_id).values(person_id=person_id))

    async def set_apart(self, account_id: AccountId, now: datetime) -> PersonId:
        """Make the account somebody of its own, whom nobody knows yet; returns who."""
        person_id = PersonId(new_id())
        await self._insert(people, {"id": person_id, "created_at": now})
        await self.move(account_id, person_id)
        return person_id

    async def set_dm(self, account_id: AccountId, conversation: str) -> None:
        """Remember the direct conversation with Baseroom."""
        await self._change(update(accounts).where(accounts.c.id == account_id).values(dm=conversation))

    async def set_blocked(self, account_id: AccountId, at: datetime | None) -> None:
        """They cannot be written to there since then, or (None) can again."""
        await self._change(update(accounts).where(accounts.c.id == account_id).values(blocked_at=at))

    async def set_last_spoke(self, account_id: AccountId, at: datetime) -> None:
        await self._change(update(accounts).where(accounts.c.id == account_id).values(last_spoke_at=at))


def _account(row: RowOf) -> Account:
    return Account(
        AccountId(row.id), PersonId(row.person_id), row.platform, row.workspace, row.user_id, row.dm,
        row.last_spoke_at, row.blocked_at,
    )  # fmt: skip
