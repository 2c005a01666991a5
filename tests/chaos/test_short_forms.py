"""The short form of every fault that `make chaos` tries at full size."""

from pathlib import Path

import pytest

from tests.chaos.faults import FAULTS
from tests.chaos.places import Places
from tests.chaos.rows import Fault
from tests.fixtures.postgres import Postgres

REPOSITORY = Path(__file__).resolve().parents[2]
SPEED = "the goal is"  # how fast it was on a machine that runs other tests at the same time says nothing
EVERY = [
    pytest.param(fault, database, id=f"{fault.name} {database}")
    for fault in FAULTS
    for database in fault.databases
    if not fault.short_form
]


@pytest.fixture
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Places:
    postgres: Postgres | None = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    return Places(request.param, tmp_path, postgres)


@pytest.mark.parametrize(("fault", "places"), EVERY, indirect=["places"])
def test_nothing_is_lost_doubled_let_in_or_shown(fault: Fault, places: Places) -> None:
    row = fault.make(places, fault.small)
    assert not any(row.bad.values()), row
    assert not row.short or SPEED in row.short, row


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.short_form], ids=lambda fault: fault.name)
def test_the_other_short_forms_are_among_the_tests(fault: Fault) -> None:
    assert (REPOSITORY / fault.short_form).is_file()
