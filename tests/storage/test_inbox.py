"""What came before its message, or must be tried again: damage to it costs nobody the message itself."""

from pathlib import Path

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from storage.errors import Unreadable
from storage.keys import KeyStore, make_master_key
from storage.tables import early
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import NOW

MESSAGE = ("slack", "T1", "D1", "m1")


async def test_what_came_before_its_message_is_taken_once(uow: UnitOfWork) -> None:
    await uow.inbox.remember_early(*MESSAGE, "What was meant", NOW)
    assert await uow.inbox.take_early(*MESSAGE) == "What was meant"
    assert await uow.inbox.take_early(*MESSAGE) is None


@pytest.mark.parametrize("damage", [b"", b"too short", bytes(80)])
async def test_what_cannot_be_read_any_more_is_as_if_it_had_not_come_and_stands_in_the_log(
    uow: UnitOfWork, damage: bytes
) -> None:
    await uow.inbox.remember_early(*MESSAGE, "What was meant", NOW)
    await uow.connection.execute(update(early).values(body_sealed=damage))
    with capture_logs() as lines:
        assert await uow.inbox.take_early(*MESSAGE) is None
    [line] = lines
    assert (line["event"], line["log_level"]) == ("an edit or a deletion cannot be read", "warning")
    assert not {*MESSAGE} & {str(value) for value in line.values()}
    assert await uow.inbox.take_early(*MESSAGE) is None


async def test_what_only_this_process_cannot_read_is_kept_for_one_that_can(uow: UnitOfWork, tmp_path: Path) -> None:
    """Its master key has been changed meanwhile: the message must wait, not be taken as it was before it was edited."""
    await uow.inbox.remember_early(*MESSAGE, "What was meant", NOW)
    others = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", make_master_key(tmp_path / "master.key"))
    others.wrap_anew(make_master_key(tmp_path / "master.key.next"))
    others.close()
    uow.keys.close()  # nothing is in memory any more
    with pytest.raises(Unreadable):
        await uow.inbox.take_early(*MESSAGE)
