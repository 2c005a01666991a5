"""The audit trail as a sheet of the workbook: who did what to which record, when, as far as people can still be named.

It holds no content. The digest of its last entry stands above the table, so that a printed copy says later whether the
trail was cut off or written anew (`baseroom audit verify` prints the same digest).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.desk import Desk
from handlers.reports.sheets import Cell, Column, Sheet
from storage.audit import Told
from storage.records import AccountId, ChallengeId, MemberId


@dataclass(frozen=True, slots=True)
class Trail:
    """What was done, in order. `doers` are the initials of those who did it; who is on no team has none."""

    told: Sequence[Told] = ()
    doers: Mapping[AccountId, str] | None = None


async def read_trail(desk: Desk, challenge_id: ChallengeId) -> Trail:
    told = await desk.uow.audit.told_of(challenge_id)
    team = await desk.uow.members.of_challenge(challenge_id, with_removed=True)
    by_person = {member.person_id: member.initials for member in team}
    doers: dict[AccountId, str] = {}
    for account_id in {one.by for one in told if one.by}:
        account = await desk.uow.accounts.get(account_id)
        doers[account_id] = by_person.get(account.person_id, "") if account else ""
    return Trail(told, doers)


def trail_sheet(trail: Trail, initials: Mapping[MemberId, str]) -> Sheet:
    columns = (
        Column("Entry", 8), Column("When", 22), Column("What was done", 44), Column("Numbers", 26), Column("By", 10),
        Column("About", 10),
    )  # fmt: skip
    rows = [_row(told, trail.doers or {}, initials) for told in trail.told]
    ends = trail.told[-1].entry.digest.hex()[:16] if trail.told else ""
    note = f"No content. {len(rows)} entries; the last is {ends}." if rows else "Nothing has been changed yet."
    return Sheet("Audit trail", "Who did what, and when", columns, rows, note=note)


def _row(told: Told, doers: Mapping[AccountId, str], initials: Mapping[MemberId, str]) -> tuple[Cell, ...]:
    entry = told.entry
    by = doers.get(told.by, "") if told.by else "" if entry.people else "Baseroom"
    about = initials.get(told.about, "") if told.about else ""
    return entry.seq, entry.at, in_words(entry.action), entry.counts.replace("=", " "), by, about


def in_words(action: str) -> str:
    """ "finding.put_back" as "finding: put back"."""
    kind, _, done = action.partition(".")
    return f"{kind}: {done.replace('.', ', ').replace('_', ' ')}"
