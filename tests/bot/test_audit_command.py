"""`baseroom audit verify`: it says that the trail is intact, or names the first entry that is not, and exits 1."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import create_engine, inspect, make_url

from bot.housekeeping import tidy
from bot.settings import read_settings
from storage.audit import Act
from storage.keys import KeyStore, read_master_key
from storage.records import Challenge, ChallengeId, PersonId
from storage.unit_of_work import Database
from tests.bot.conftest import Installation

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOSTS = {ChallengeId("c1"): "Anyshire ICS", ChallengeId("c2"): "Otherton ICS"}


def with_trails(installed: Installation) -> Installation:
    asyncio.run(_lay_trails())
    return installed


async def _lay_trails() -> None:
    """Two challenges with three entries each, their heads noted as housekeeping does."""
    settings = read_settings()
    keys = KeyStore(settings.keys_database, read_master_key(settings.master_key_file))
    database = Database(settings.database_url, keys)
    async with database.begin() as uow:
        for challenge_id, host in HOSTS.items():
            days = date(2026, 11, 24), date(2026, 11, 27)
            zone, person = "Europe/London", PersonId("p")
            await uow.challenges.add(
                Challenge(challenge_id, host, "local_system", *days, zone, (), (), time(17), person, NOW)
            )
            for number in range(3):
                uow.audit.note(Act(challenge_id, NOW, "finding.changed", f"f{number}"))
        await uow.commit()
    await tidy(database, NOW)
    await database.close()


def meddle(installed: Installation, statement: str) -> None:
    with closing(sqlite3.connect(installed.folder / "var" / "baseroom.db")) as connection:
        connection.execute(statement)
        connection.commit()


def test_an_installation_without_a_trail_is_in_order(installed: Installation) -> None:
    result = installed.runs("audit", "verify")
    assert result.exit_code == 0
    assert "no audit trail yet" in result.output


def test_trails_that_nobody_touched_are_intact(installed: Installation) -> None:
    result = with_trails(installed).runs("audit", "verify")
    assert result.exit_code == 0, result.output
    assert "Anyshire ICS, November 2026: intact, 3 entries" in result.output
    assert "Otherton ICS, November 2026: intact" in result.output


def test_the_first_entry_that_was_altered_is_named(installed: Installation) -> None:
    with_trails(installed)
    meddle(installed, "UPDATE audit SET action = 'finding.added' WHERE challenge_id = 'c1' AND seq = 2")
    said = installed.refuses("audit", "verify")
    assert "Anyshire ICS, November 2026: BROKEN at entry 2: the entry was altered" in said
    assert "Otherton ICS, November 2026: intact" in said


def test_one_challenge_can_be_asked_about(installed: Installation) -> None:
    with_trails(installed)
    meddle(installed, "UPDATE audit SET action = 'finding.added' WHERE challenge_id = 'c1' AND seq = 2")
    result = installed.runs("audit", "verify", "--challenge", "otherton")
    assert result.exit_code == 0
    assert "Anyshire" not in result.output
    assert "There is no audit trail of “Nowhere”" in installed.refuses("audit", "verify", "--challenge", "Nowhere")


def test_an_end_that_was_cut_off_is_missed(installed: Installation) -> None:
    with_trails(installed)
    meddle(installed, "DELETE FROM audit WHERE challenge_id = 'c1' AND seq > 1")
    assert "BROKEN at entry 2: the end is missing: it reached 3" in installed.refuses("audit", "verify")


def test_a_whole_trail_that_was_deleted_is_missed(installed: Installation) -> None:
    with_trails(installed)
    meddle(installed, "DELETE FROM audit WHERE challenge_id = 'c1'")
    assert "BROKEN at entry 1" in installed.refuses("audit", "verify")


def test_the_trail_of_a_destroyed_challenge_is_still_checked(installed: Installation) -> None:
    with_trails(installed)
    meddle(installed, "DELETE FROM challenges WHERE id = 'c1'")
    result = installed.runs("audit", "verify")
    assert result.exit_code == 0
    assert "a challenge that was destroyed (c1): intact, 3 entries" in result.output


def test_an_export_by_command_stands_in_the_trail(installed: Installation) -> None:
    with_trails(installed)
    result = installed.runs("export", "Anyshire", "--out", "book.xlsx")
    assert result.exit_code == 0, result.output
    assert "Anyshire ICS, November 2026: intact, 4 entries" in installed.runs("audit", "verify").output
    with closing(sqlite3.connect(installed.folder / "var" / "baseroom.db")) as connection:
        [last] = connection.execute("SELECT action FROM audit WHERE challenge_id = 'c1' ORDER BY seq DESC LIMIT 1")
    assert last == ("workbook.exported.by_command",)


@pytest.mark.parametrize("command", ["serve", "export Anyshire", "audit verify", "doctor", "keys rotate"])
def test_with_other_keys_nothing_is_taken_for_destroyed(
    installed: Installation, postgres_url: str, command: str
) -> None:
    """An address with a slip in it: first there is nothing at it, then what `migrate` makes there."""
    with_trails(installed)
    installed.set(SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1", SLACK_API_URL="http://127.0.0.1:1/api/")
    installed.set(BASEROOM_KEYS_URL=with_password(postgres_url))
    said = installed.refuses(*command.split())
    assert "There are no keys in postgresql" in said
    assert tables_in(postgres_url) == []
    for once_more in ("migrate", command):
        said = installed.refuses(*once_more.split())
        assert (
            "Anyshire ICS, Otherton ICS stand in sqlite+aiosqlite:///var/baseroom.db and have no key in postg" in said
        )
        assert "put the right keys back" in said
        assert "canary" not in said
    installed.environment.delenv("BASEROOM_KEYS_URL")
    assert "Anyshire ICS, November 2026: intact, 3 entries" in installed.runs("audit", "verify").output


def with_password(address: str) -> str:
    url = make_url(address).set(password="canary-1").update_query_dict({"password": "canary-2"})
    return url.render_as_string(hide_password=False)


def tables_in(address: str) -> list[str]:
    engine = create_engine(address)
    names = inspect(engine).get_table_names()
    engine.dispose()
    return names
