"""What Teams says of people and channels, and where each conversation lives."""

import pytest

from bot.teams.directory import Directory, NotNow, kind_of, references_in, without_thread
from storage.records import Reference
from tests.fakes.teams import BOT, TENANT, Fault
from tests.fakes.teams.tenant import Json
from tests.teams.world import TeamsDay


def directory_of(day: TeamsDay) -> Directory:
    """One that has just been made: it remembers nothing but what is written down."""
    return Directory(day.wired.directory.connector, day.app.database, day.clock)


def an_activity(**changes: object) -> Json:
    return {
        "type": "message",
        "serviceUrl": "https://smba.trafficmanager.net/uk/",
        "from": {"id": "29:priya"},
        "recipient": {"id": BOT},
        "conversation": {"id": "19:c@thread.tacv2;messageid=7", "conversationType": "channel", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}, "team": {"id": "19:t@thread.tacv2"}},
    } | changes


# ---------------------------------------------------------------- where things live


def test_an_activity_tells_of_its_conversation_and_its_sender() -> None:
    url = "https://smba.trafficmanager.net/uk/"
    assert list(references_in(an_activity())) == [
        Reference("teams", TENANT, "19:c@thread.tacv2", "channel", url, BOT, "19:t@thread.tacv2"),
        Reference("teams", TENANT, "29:priya", "person", url, BOT),
    ]


@pytest.mark.parametrize(
    "without", [{"serviceUrl": None}, {"conversation": {}, "from": {}}, {"conversation": 7, "from": 7}]
)
def test_one_that_lacks_what_it_takes_tells_nothing(without: Json) -> None:
    assert list(references_in(an_activity(**without))) == []


def test_ids_tell_what_they_are_the_ids_of() -> None:
    assert [kind_of(one) for one in ("29:x", "19:x@thread.tacv2", "19:x@thread.v2", "a:x")] == [
        "person", "channel", "groupChat", "personal",
    ]  # fmt: skip
    assert without_thread("19:x@thread.tacv2;messageid=1") == "19:x@thread.tacv2"


async def test_a_reference_is_written_when_it_is_new_or_changed_and_at_no_other_turn(teams_day: TeamsDay) -> None:
    directory = directory_of(teams_day)
    written: list[Reference] = []

    async def note(reference: Reference) -> None:
        before = await directory.where(reference.subject)
        await Directory.note(directory, reference)
        if await directory.where(reference.subject) != before:
            written.append(reference)

    for activity in (an_activity(), an_activity(), an_activity(channelData={"tenant": {"id": TENANT}})):
        for reference in references_in(activity):
            await note(reference)
    assert [one.subject for one in written] == ["19:c@thread.tacv2", "29:priya"]
    for reference in references_in(an_activity(serviceUrl="https://smba.trafficmanager.net/emea/")):
        await note(reference)
    assert len(written) == 4
    kept = await directory_of(teams_day).where("19:c@thread.tacv2")
    assert kept
    assert (kept.service_url, kept.team) == ("https://smba.trafficmanager.net/emea/", "19:t@thread.tacv2")


async def test_somebody_who_has_never_spoken_is_reached_as_their_organisation_is(teams_day: TeamsDay) -> None:
    nearest = await directory_of(teams_day).nearest(teams_day.zed.id)
    assert nearest
    assert (nearest.kind, nearest.workspace, nearest.bot) == ("person", TENANT, BOT)
    assert nearest.service_url == teams_day.teams.service_url


# ---------------------------------------------------------------- who people are


async def test_a_person_has_a_name_an_address_and_the_zone_in_which_they_speak(teams_day: TeamsDay) -> None:
    directory = directory_of(teams_day)
    await directory.remember(an_activity(**{"from": {"id": teams_day.priya.id}, "localTimezone": "Europe/Lisbon"}))
    person = await directory.person(teams_day.priya.id, conversation=teams_day.priya.chat.id)
    assert (person.name, person.email, person.zone) == ("Priya Nair", "priya.nair@peers.example", "Europe/Lisbon")
    assert person.alias == teams_day.priya.user.aad
    calls = len(teams_day.teams.calls)
    assert await directory.person(teams_day.priya.id) == person
    assert len(teams_day.teams.calls) == calls, "it is remembered"


@pytest.mark.parametrize("fault", [Fault.answers(503), Fault.answers(404, "MemberNotFoundInConversation")])
async def test_without_an_answer_a_person_is_still_a_person(teams_day: TeamsDay, fault: Fault) -> None:
    teams_day.teams.fault("member", fault)
    person = await directory_of(teams_day).person(teams_day.priya.id, conversation=teams_day.priya.chat.id)
    assert (person.id, person.workspace, person.name) == (teams_day.priya.id, TENANT, "")


async def test_a_name_is_asked_for_again_after_an_hour(teams_day: TeamsDay) -> None:
    directory = directory_of(teams_day)
    await directory.person(teams_day.priya.id, conversation=teams_day.priya.chat.id)
    teams_day.priya.user.name = "Priya Nair-Jones"
    await teams_day.pass_time(minutes=61)
    assert (await directory.person(teams_day.priya.id, conversation=teams_day.priya.chat.id)).name == "Priya Nair-Jones"


# ---------------------------------------------------------------- what a channel is


async def test_a_channel_has_a_name_and_its_people_page_by_page_and_no_bots(teams_day: TeamsDay) -> None:
    teams_day.teams.members_a_page = 3
    facts = await directory_of(teams_day).facts(teams_day.team_channel.id)
    assert facts
    assert facts.name == "Anyshire peer challenge / Peer team"
    assert (facts.private, facts.shared_outside) == (True, False)
    assert [one.name for one in facts.members] == [one.name for one in teams_day.team_channel.members]


@pytest.mark.parametrize(("kind", "shared"), [("private", False), ("shared", True)])
async def test_a_channel_of_its_own_membership(teams_day: TeamsDay, kind: str, shared: bool) -> None:
    assert teams_day.team_channel.team
    inner = teams_day.teams.channel(teams_day.team_channel.team, "Leads", kind=kind, members=[teams_day.ruth])
    await teams_day.after(teams_day.ruth.says(inner, "@Baseroom help"))
    facts = await directory_of(teams_day).facts(inner.id)
    assert facts
    assert ([one.name for one in facts.members], facts.shared_outside) == (["Ruth Calder"], shared)


async def test_somebody_from_another_organisation_makes_it_shared_and_a_guest_does_not(teams_day: TeamsDay) -> None:
    assert teams_day.team_channel.team
    teams_day.team_channel.team.members.append(teams_day.zed.user)
    for guest, shared in ((True, False), (False, True)):
        teams_day.zed.user.guest, teams_day.zed.user.tenant = guest, "another"
        facts = await directory_of(teams_day).facts(teams_day.team_channel.id)
        assert facts
        assert facts.shared_outside is shared


async def test_a_group_chat_is_private_and_has_its_people(teams_day: TeamsDay) -> None:
    chat = teams_day.teams.group_chat([teams_day.mina, teams_day.tom])
    await teams_day.after(teams_day.mina.says(chat, "@Baseroom help"))
    facts = await directory_of(teams_day).facts(chat.id)
    assert facts
    assert (facts.private, [one.name for one in facts.members]) == (True, ["Mina Okafor", "Tom Sutton"])


async def test_a_channel_that_is_gone_is_not_one_that_cannot_be_seen_just_now(teams_day: TeamsDay) -> None:
    directory, channel = directory_of(teams_day), teams_day.team_channel
    for fault in (
        Fault.answers(503),
        Fault.answers(429, "Throttled", retry_after=3),
        Fault.answers(401, "Unauthorized"),
    ):
        teams_day.teams.fault("members", fault)
        with pytest.raises(NotNow):
            await directory.facts(channel.id)
        teams_day.teams.fault("members", fault)
        assert await directory.facts_for_now(channel.id) is None
    assert channel.team
    channel.team.app = False
    assert await directory.facts(channel.id) is None
    assert await directory.facts(teams_day.priya.chat.id) is None
    assert await directory.facts("19:nowhere@thread.tacv2") is None


async def test_a_roster_is_remembered_for_an_hour(teams_day: TeamsDay) -> None:
    directory = directory_of(teams_day)
    assert len(await directory.roster(teams_day.team_channel.id)) == 7
    calls = len(teams_day.teams.calls)
    assert len(await directory.roster(teams_day.team_channel.id)) == 7
    assert len(teams_day.teams.calls) == calls
