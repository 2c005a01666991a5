"""Slack's manifest says what Baseroom offers and asks for nothing without a reason: the published schema, the
registry and Slack's limits all agree with it."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.app import build_registry
from manifests.slack import ALIASES, EVENTS, SCOPES, slack_manifest

PUBLIC = "https://baseroom.example"
Json = dict[str, Any]


@pytest.fixture(params=["socket", "http", "no aliases"])
def manifest(request: pytest.FixtureRequest) -> Json:
    url = PUBLIC if request.param == "http" else ""
    return slack_manifest(build_registry(), public_url=url, aliases=request.param != "no aliases")


def test_it_is_what_the_published_schema_asks_for(manifest: Json, schemas: Path) -> None:
    schema = json.loads((schemas / "slack-manifest-2.0.0.json").read_text(encoding="utf-8"))
    errors = jsonschema.Draft7Validator(schema).iter_errors(json.loads(json.dumps(manifest)))
    assert [f"{list(error.path)}: {error.message}" for error in errors] == []


def test_it_offers_every_shortcut_under_its_registered_name(manifest: Json) -> None:
    offered = {one["callback_id"]: one for one in manifest["features"]["shortcuts"] if one["type"] == "message"}
    registered = build_registry().shortcuts
    assert set(offered) == set(registered)
    assert {name: one["name"] for name, one in offered.items()} == {n: e.title for n, e in registered.items()}


def test_every_scope_has_its_reason_and_every_event_its_scope(manifest: Json) -> None:
    asked = manifest["oauth_config"]["scopes"]
    assert set(asked) == {"bot"}
    assert asked["bot"] == sorted(SCOPES)
    assert all(reason.startswith("to ") and len(reason.split()) > 4 for reason in SCOPES.values())
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == sorted(EVENTS)
    assert {scope for scope in EVENTS.values() if scope} <= set(SCOPES)


def test_it_asks_for_nothing_beyond_its_own_conversations() -> None:
    too_much = re.compile(r"admin|channels:|mpim|search|:write\.|files:read|users\.profile|usergroups|public")
    assert [scope for scope in SCOPES if too_much.search(scope)] == []


def test_it_keeps_to_slacks_limits(manifest: Json) -> None:
    shown, features = manifest["display_information"], manifest["features"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(features["shortcuts"]) <= 10
    assert len(features["slash_commands"]) <= 50
    for one in features["shortcuts"]:
        assert len(one["name"]) <= 24
        assert len(one["description"]) <= 150
    for one in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", one["command"])
        assert len(one["description"]) <= 2000
        assert len(one.get("usage_hint", "")) <= 1000


def test_every_alias_leads_to_a_registered_command() -> None:
    firsts = {words.split()[0] for entry in build_registry().commands.values() for words in (entry.words, *entry.also)}
    commands = {one["command"] for one in slack_manifest(build_registry())["features"]["slash_commands"]}
    assert commands == {"/baseroom", *(f"/{name}" for name in ALIASES)}
    assert set(ALIASES) <= firsts


def test_without_aliases_only_baseroom_is_taken() -> None:
    bare = slack_manifest(build_registry(), aliases=False)
    assert [one["command"] for one in bare["features"]["slash_commands"]] == ["/baseroom"]


def test_a_public_address_turns_socket_mode_off_and_stands_wherever_slack_calls() -> None:
    http, socket = slack_manifest(build_registry(), public_url=f"{PUBLIC}/"), slack_manifest(build_registry())
    address = f"{PUBLIC}/slack/events"
    assert not http["settings"]["socket_mode_enabled"]
    assert {one["url"] for one in http["features"]["slash_commands"]} == {address}
    assert http["settings"]["interactivity"]["request_url"] == address
    assert http["settings"]["event_subscriptions"]["request_url"] == address
    assert socket["settings"]["socket_mode_enabled"]
    assert "url" not in json.dumps(socket)
