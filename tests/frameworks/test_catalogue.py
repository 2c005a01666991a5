"""Each programme has what its own source says, and says so where the source is silent."""

import re
from datetime import time
from pathlib import Path

import pytest

from handlers.frameworks import Framework, framework_named, load_frameworks
from handlers.frameworks.reading import CATALOGUE
from tests.frameworks import shown_texts

FRAMEWORKS = load_frameworks()
LOCAL_SYSTEM = FRAMEWORKS["local_system"]
CARE_AND_HEALTH = FRAMEWORKS["care_and_health"]
PCI = FRAMEWORKS["peer_collaborative_improvement"]
ADASS = FRAMEWORKS["regional_adass"]

each_framework = pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS.keys())


def test_four_programmes_are_offered_in_the_order_of_their_titles() -> None:
    assert [framework.title for framework in FRAMEWORKS.values()] == [
        "Care and health peer challenge",
        "Local system peer challenge (ICS)",
        "Peer Collaborative Improvement",
        "Regional ADASS peer challenge",
    ]


def test_the_catalogue_is_read_once_and_nobody_can_change_it() -> None:
    assert load_frameworks() is FRAMEWORKS
    with pytest.raises(TypeError):
        FRAMEWORKS["local_system"] = PCI  # type: ignore[index] # that is the point


def test_the_local_system_challenge_asks_its_eight_key_lines_of_enquiry_in_order() -> None:
    titles = [theme.title for theme in LOCAL_SYSTEM.themes]
    asked = ["vision and key priorities", "owned equally", "leadership", "governance arrangements"]
    asked += ["versus more locally led", "capacity and resource", "engaged the public", "added value"]
    assert len(titles) == len(asked)
    assert all(words in title for words, title in zip(asked, titles, strict=True))
    assert all("ICS" in title and title.endswith("?") for title in titles)
    assert [theme.short for theme in LOCAL_SYSTEM.themes][:2] == ["Vision", "Ownership"]


def test_the_local_system_challenge_takes_three_to_four_days_and_its_manager_drafts_the_report() -> None:
    assert (LOCAL_SYSTEM.onsite_days_min, LOCAL_SYSTEM.onsite_days, LOCAL_SYSTEM.onsite_days_max) == (3, 4, 4)
    assert LOCAL_SYSTEM.report_drafted_by == "the challenge manager"
    assert "four weeks" in LOCAL_SYSTEM.report_due
    assert LOCAL_SYSTEM.words.improvement == "area to explore"
    assert LOCAL_SYSTEM.words.theme == "key line of enquiry"
    stages = [stage.title for stage in LOCAL_SYSTEM.stages]
    assert stages == ["Peers confirmed", "Pre on-site", "On-site", "Post on-site"]
    assert LOCAL_SYSTEM.assumed.isdisjoint({"themes", "roles", "stages", "onsite_days", "report_drafted_by"})


def test_the_local_system_team_has_seven_peers_and_a_manager() -> None:
    kinds = [role.kind for role in LOCAL_SYSTEM.roles]
    assert (kinds.count("lead_peer"), kinds.count("peer"), kinds.count("challenge_manager")) == (1, 6, 1)


def test_the_care_and_health_challenge_sends_six_peers_and_a_manager_for_three_days() -> None:
    titles = [role.title for role in CARE_AND_HEALTH.roles]
    assert titles == [
        "Lead peer",
        "Director of Public Health",
        "Clinical Commissioning Group (CCG) accountable officer or clinical chair",
        "Local authority elected member peer",
        "NHS peer with strategic lead for prevention",
        "Voluntary Community Sector (VCS)",
        "Peer Challenge Manager",
    ]
    assert CARE_AND_HEALTH.onsite_days == 3
    assert {"themes", "report_drafted_by", "checkin"} <= CARE_AND_HEALTH.assumed
    assert CARE_AND_HEALTH.assumed.isdisjoint({"onsite_days", "roles"})


def test_in_peer_collaborative_improvement_the_host_leads_the_fieldwork_and_drafts_the_report() -> None:
    assert PCI.fieldwork_led_by == PCI.report_drafted_by == "the host local authority"
    assert PCI.words.improvement_short == "AFI"
    assert PCI.assumed.isdisjoint({"fieldwork_led_by", "report_drafted_by", "words.improvement_short"})
    assert {"roles.lead_peer", "themes", "destruction"} <= PCI.assumed
    assert (PCI.onsite_days_min, PCI.onsite_days_max) == (2, 3)


def test_peer_collaborative_improvement_runs_from_getting_ready_to_the_follow_up_at_six_months() -> None:
    assert [stage.key for stage in PCI.stages] == [
        "getting_ready",
        "pre_work",
        "planning_session",
        "prioritisation",
        "fieldwork",
        "team_findings",
        "feedback",
        "draft_report",
        "sign_off",
        "evaluation",
        "sharing",
        "follow_up",
    ]
    assert "Six months" in PCI.stages[-1].meaning


def test_the_regional_challenge_covers_its_six_domains_in_order() -> None:
    assert [theme.title for theme in ADASS.themes] == [
        "Governance and Leadership",
        "Resources and Workforce Management",
        "Performance and Outcomes",
        "National priorities and partnerships",
        "Culture and Change",
        "Commissioning and Quality",
    ]
    assert ADASS.words.theme == "domain"
    assert "themes" not in ADASS.assumed
    assert {"roles", "onsite_days", "report_drafted_by", "words.improvement"} <= ADASS.assumed


@each_framework
def test_clock_times_are_marked_assumed_since_no_source_gives_them(framework: Framework) -> None:
    times = {"session_times", "sessions_on_last_day", "catch_up_time", "final_feedback_time"}
    assert times <= framework.assumed


@each_framework
def test_every_day_has_two_or_three_sessions_and_none_after_the_final_feedback(framework: Framework) -> None:
    assert framework.session_times == (time(10, 45), time(13), time(16, 15))
    assert 2 <= len(framework.sessions_on_last_day) <= 3
    assert max(framework.sessions_on_last_day) < framework.final_feedback_time
    assert max(framework.session_times) < framework.catch_up_time < framework.evening_digest_time < time(19)


@each_framework
def test_the_check_in_asks_what_the_manager_calls_each_peer_about(framework: Framework) -> None:
    asked = {question.key: question for question in framework.checkin}
    assert {"initial_perceptions", "timetable", "concerns", "probe_first", "plan"} <= asked.keys()
    assert asked["call_time"].kind == "time"
    assert asked["call_time"].required


@each_framework
def test_a_peer_confirms_four_kinds_of_note_as_destroyed(framework: Framework) -> None:
    assert [item.key for item in framework.destruction] == [
        "notebook",
        "devices",
        "photographs",
        "host_papers",
    ]


@each_framework
def test_the_ground_rules_promise_no_attribution_no_inspection_and_notes_destroyed(framework: Framework) -> None:
    rules = " ".join(framework.ground_rules).casefold()
    assert re.search(r"nothing we hear is attributed", rules)
    assert "inspect" in rules
    assert "destroy" in rules


@each_framework
def test_a_hash_word_leads_to_one_theme(framework: Framework) -> None:
    words = [word for theme in framework.themes for word in theme.words]
    assert len(words) == len(set(words))
    assert all(theme.prompts and theme.words and len(theme.short) <= 24 for theme in framework.themes)


@each_framework
def test_nobody_is_shown_the_historic_name_of_an_ics(framework: Framework) -> None:
    texts = [text for _, text in shown_texts(framework)]
    assert len(texts) > 60
    assert not [text for text in texts if "STP" in text or "sustainability and transformation" in text.casefold()]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("ICS", "local_system"),
        ("stp", "local_system"),
        ("  Care   and HEALTH ", "care_and_health"),
        ("PCI", "peer_collaborative_improvement"),
        ("regional adass peer challenge", "regional_adass"),
        ("regional_adass", "regional_adass"),
    ],
)
def test_a_manager_names_a_framework_by_its_title_or_what_people_call_it(typed: str, key: str) -> None:
    assert framework_named(FRAMEWORKS, typed) is FRAMEWORKS[key]


def test_a_name_that_means_no_framework_finds_none() -> None:
    assert framework_named(FRAMEWORKS, "corporate") is None
    assert framework_named(FRAMEWORKS, "") is None


def test_a_programme_can_bring_a_folder_of_its_own(tmp_path: Path) -> None:
    text = (CATALOGUE / "regional_adass.toml").read_text("utf-8")
    renamed = text.replace('key = "regional_adass"', 'key = "eastern_adass"')
    windows = renamed.replace("\n", "\r\n").encode("utf-8-sig")
    (tmp_path / "eastern_adass.toml").write_bytes(windows)
    assert list(load_frameworks(tmp_path)) == ["eastern_adass"]
    assert load_frameworks(tmp_path)["eastern_adass"].themes == ADASS.themes
