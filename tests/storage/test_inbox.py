"""What came before its message, or must be tried again: damage to it costs nobody the message itself."""

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

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
