"""Buttons, dialogs and message actions in Teams: each is answered at once, in the shape that Teams wants (the fake
refuses any other), and what is stored is what was meant."""

import asyncio
from typing import Any

import pytest

from bot.teams.connector import Connector, NoAnswer
from bot.teams.files import FILE_INFO
from bot.teams.views import OPEN, VIEW
from tests.fakes.teams import Conversation, Message, Person
from tests.fakes.teams.reading import actions_of
from tests.teams.world import TeamsDay

Json = dict[str, Any]


async def logged(day: TeamsDay, words: str = "Frontline staff know the vision, focus group") -> Message:
    """A finding of Priya's; her receipt."""
    await day.after(day.priya.dm(words))
    return day.last_dm("priya")


async def invoke(day: TeamsDay, who: Person, name: str, value: object, message: Message) -> tuple[int, Any]:
    """An invoke as anybody could send it, unchecked."""
    activity = who._activity("invoke", message.conversation)
    delivery = await day.teams.deliver(activity | {"name": name, "value": value, "replyToId": message.id})
    await day.settled()
    return delivery.status, delivery.body


# ---------------------------------------------------------------- buttons


async def test_a_pressed_button_is_answered_with_the_card_as_it_now_is(teams_day: TeamsDay) -> None:
    day, receipt = teams_day, await logged(teams_day)
    many = len(day.from_baseroom("priya"))
    delivery = await day.after(day.priya.presses(receipt, "Engagement"))
    assert delivery
    assert "✓ Engagement" in [found["title"] for found in actions(delivery.body["value"])]
    assert await themes_of(day, 1) == ["Engagement"]
    assert "✓ Engagement" in [found["title"] for found in actions(receipt.card())]
    assert len(day.from_baseroom("priya")) == many


async def test_a_button_pressed_in_an_old_client_does_the_same(teams_day: TeamsDay) -> None:
    day, receipt = teams_day, await logged(teams_day)
    button = next(one for one in actions(receipt.card()) if one["title"] == "Engagement")
    activity = day.priya._activity("message", day.priya.chat)
    await day.teams.deliver(activity | {"value": button["fallback"]["data"], "replyToId": receipt.id})
    await day.settled()
    assert await themes_of(day, 1) == ["Engagement"]


async def test_a_refusal_is_a_sentence_under_the_card(teams_day: TeamsDay) -> None:
    day, receipt = teams_day, await logged(teams_day)
    data = next(one for one in actions(receipt.card()) if one["title"] == "Engagement")["data"]
    value = {"action": {"type": "Action.Execute", "verb": data["action"], "data": data}, "trigger": "manual"}
    await day.after(day.tom.dm("Staff are proud of their work"))
    _, body = await invoke(day, day.tom, "adaptiveCard/action", value, day.last_dm("tom"))
    assert body["type"] == "application/vnd.microsoft.activity.message"
    assert "can change it" in body["value"]
    assert await themes_of(day, 1) == []


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"verb": "findings.theme"},
        {"verb": "findings.theme", "data": {"action": "findings.withdraw", "value": "x"}},
        {"verb": "findings.theme", "data": {"action": "findings.theme", "value": {"id": 1}}},
        {"verb": "findings.theme", "data": "nonsense"},
    ],
)
async def test_an_altered_button_is_turned_away_in_words(teams_day: TeamsDay, action: Json) -> None:
    day, receipt = teams_day, await logged(teams_day)
    status, body = await invoke(day, day.priya, "adaptiveCard/action", {"action": action}, receipt)
    assert (status, body["statusCode"], body["type"]) == (200, 400, "application/vnd.microsoft.error")
    assert "Nothing was done" in body["value"]["message"]


async def test_a_button_of_an_earlier_version_is_answered_in_words(teams_day: TeamsDay) -> None:
    day, receipt = teams_day, await logged(teams_day)
    action = {"verb": "findings.fold", "data": {"action": "findings.fold", "value": "7"}}
    _, body = await invoke(day, day.priya, "adaptiveCard/action", {"action": action}, receipt)
    assert "this card is from an earlier time" in body["value"]


async def test_the_same_press_delivered_again_does_nothing(teams_day: TeamsDay) -> None:
    day, receipt = teams_day, await logged(teams_day)
    delivery = await day.after(day.priya.presses(receipt, "Undo"))
    assert delivery
    again = await day.after(day.teams.deliver_again(delivery, new_id=True))
    assert again.body["value"] == "That had arrived already, and was done once."
    assert await day.wall() == []


async def test_a_form_that_no_dialog_can_show_takes_the_cards_place(teams_day: TeamsDay) -> None:
    day, receipt = teams_day, await logged(teams_day)
    data = {"action": "findings.new", "value": ""}
    action = {"type": "Action.Execute", "verb": "findings.new", "data": data}
    await day.after(day.priya._execute(receipt, action, data))
    await day.after(day.priya.presses(receipt, "Save", text="…"))
    assert await day.wall() == [await day.finding(1)]
    await day.after(day.priya.presses(receipt, "Save", text="Staff are proud"))
    assert [finding.text for finding in await day.wall()][-1] == "Staff are proud"


# ---------------------------------------------------------------- dialogs


async def test_a_form_opens_as_a_dialog_and_is_saved(teams_day: TeamsDay) -> None:
    day, receipt = teams_day, await logged(teams_day)
    await day.after(day.priya.presses(receipt, "More"))
    assert day.priya.dialog_title == "Finding #1"
    await day.after(day.priya.submits({"Finding": "Half of the staff know the vision"}))
    assert day.priya.dialog is None
    assert (await day.finding(1)).text == "Half of the staff know the vision"


async def test_a_form_that_is_wrong_stays_open_with_what_was_typed(teams_day: TeamsDay) -> None:
    day, receipt = teams_day, await logged(teams_day)
    await day.after(day.priya.presses(receipt, "More"))
    await day.after(day.priya.submits({"Finding": "…"}))
    assert day.priya.dialog is not None
    shown = day.priya.sees(None)
    assert "…" in shown
    assert (await day.finding(1)).version == 1
    await day.after(day.priya.submits({"Finding": "Half of the staff"}))
    assert (await day.finding(1)).text == "Half of the staff"


async def test_a_form_sent_twice_is_saved_once_and_says_so(teams_day: TeamsDay) -> None:
    day = teams_day
    await day.after(day.priya.dm("finding"))
    await day.after(day.priya.presses(day.last_dm("priya"), "Log a finding"))
    sent = await day.after(day.priya.submits({"What you heard": "Staff are proud"}))
    again = await day.after(day.teams.deliver_again(sent, new_id=True))
    assert again.body["task"] == {"type": "message", "value": "That had arrived already, and was done once."}
    assert [finding.text for finding in await day.wall()] == ["Staff are proud"]


@pytest.mark.parametrize(
    "ours",
    [None, "x", {}, {"form": "findings.edit"}, {"form": "findings.edit", "carried": [], "several": {}},
     {"form": "nothing.known", "carried": {}, "several": {}}, {"form": "findings.edit", "carried": {}, "several": {}}],
)  # fmt: skip
async def test_an_altered_form_is_answered_in_words(teams_day: TeamsDay, ours: object) -> None:
    day, receipt = teams_day, await logged(teams_day)
    for name in ("task/submit", "composeExtension/submitAction"):
        status, body = await invoke(day, day.priya, name, {"data": {"baseroom": ours}}, receipt)
        assert (status, body["task"]["type"]) == (200, "message")
        assert len(body["task"]["value"]) > 20
    assert (await day.finding(1)).version == 1


async def test_a_manager_chooses_people_from_the_team_channel(teams_day: TeamsDay) -> None:
    day = teams_day
    await day.after(day.zed.joins(day.team_channel))
    await day.after(day.mina.dm("challenge team add"))
    await day.after(day.mina.presses(day.last_dm("mina"), "Add people"))
    await day.after(day.mina.submits({"Who?": "Zed Stranger", "As": "Peer"}))
    assert day.challenge
    async with day.app.database.reading() as uow:
        team = await uow.members.of_challenge(day.challenge.id)
    assert "Zed Stranger" in [member.name for member in team]


# ---------------------------------------------------------------- message actions


async def test_a_message_is_logged_under_its_author_at_its_own_time(teams_day: TeamsDay) -> None:
    day = teams_day
    said = await day.tom.says(day.team_channel, "Governors see the plan once a year")
    await day.pass_time(minutes=20)
    await day.after(day.priya.uses_action("findings.log", said))
    finding = await day.finding(1)
    assert (finding.text, finding.heard_at.minute) == ("Governors see the plan once a year", 0)
    assert finding.author_id != finding.logged_by
    assert "#1" in day.priya.sees(None) or any("#1" in toast for toast in day.priya.toasts)


async def test_a_message_of_another_chat_is_logged_and_told_in_the_dialog(teams_day: TeamsDay) -> None:
    day = teams_day
    chat = day.teams.group_chat([day.priya, day.zed])
    chat.app = False
    said = await day.priya.says(chat, "Partners share one dashboard")
    await day.after(day.priya.uses_action("findings.log", said))
    assert (await day.finding(1)).text == "Partners share one dashboard"
    assert "#1" in day.priya.sees(None)
    assert day.teams.posts_in(chat) == []


async def test_a_stranger_who_points_at_a_message_is_told_why_not(teams_day: TeamsDay) -> None:
    day = teams_day
    chat = day.teams.group_chat([day.priya, day.zed])
    said = await day.priya.says(chat, "Partners share one dashboard")
    await day.after(day.zed.uses_action("findings.log", said))
    assert "not on a peer challenge" in " ".join((day.zed.sees(None), *day.zed.toasts))
    assert await day.wall() == []


# ---------------------------------------------------------------- for one person in a channel


async def a_guest(day: TeamsDay) -> Person:
    """Tom cannot be written to."""
    day.tom.blocks()
    return day.tom


async def test_what_is_for_one_person_waits_in_the_channel_and_only_they_open_it(teams_day: TeamsDay) -> None:
    day = teams_day
    tom = await a_guest(day)
    await day.after(day.priya.dm("Our own words #vision"))
    await day.after(tom.says(day.team_channel, "@Baseroom home"))
    line = next(post for post in reversed(day.teams.posts_in(day.team_channel)) if OPEN in str(post.card()))
    assert tom.sees(line) == day.priya.sees(line)
    assert tom.sees(line).startswith("Something is waiting here for one person. Only they can open it.")
    await day.after(day.priya.presses(line, "Open"))
    assert "for somebody else" in day.priya.toasts[-1]
    await tom.looks_at(line)
    assert "Only they can open it" not in tom.sees(line)
    assert day.priya.sees(line).startswith("Something is waiting")


async def test_what_is_too_long_for_one_message_waits_in_the_channel_page_by_page(
    teams_day: TeamsDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = teams_day
    tom = await a_guest(day)
    (whole,) = await opened_by(tom, day)
    monkeypatch.setattr("bot.teams.render.CARD_BYTES", 3_000)
    pages = await opened_by(tom, day)
    assert len(pages) > 1
    assert " ".join(pages).split() == whole.split()


async def opened_by(tom: Person, day: TeamsDay) -> list[str]:
    """What he reads when he opens all that waits for him, once he has asked for his home page in the channel."""
    before = len(day.teams.posts_in(day.team_channel))
    await day.after(tom.says(day.team_channel, "@Baseroom home"))
    await day.pass_time(minutes=1)  # no conversation gets more at once than Teams takes
    lines = [post for post in day.teams.posts_in(day.team_channel)[before:] if OPEN in str(post.card())]
    for line in lines:
        await tom.looks_at(line)
    return [tom.sees(line) for line in lines]


# ---------------------------------------------------------------- files


async def test_a_file_is_handed_over_once_it_is_agreed_to(teams_day: TeamsDay) -> None:
    day = teams_day
    await logged(day)
    await day.after(day.mina.dm("challenge export"))
    offer = day.last_dm("mina")
    await day.after(day.mina.accepts(offer))
    (content,) = day.teams.uploads.values()
    assert content[:2] == b"PK"
    assert offer.deleted


async def test_an_agreement_that_teams_delivers_twice_is_settled_once(teams_day: TeamsDay) -> None:
    day = teams_day
    await logged(day)
    await day.after(day.mina.dm("challenge export"))
    await day.after(day.mina.accepts(day.last_dm("mina")))
    said = day.from_baseroom("mina")
    await day.after(day.teams.deliver_again(day.teams.deliveries[-1], new_id=True))
    assert day.from_baseroom("mina") == said
    assert len(day.teams.uploads) == 1


async def test_of_two_agreements_at_once_one_hands_the_file_over(
    teams_day: TeamsDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, uploads = teams_day, list[str]()
    first_is_under_way, second_is_answered = asyncio.Event(), asyncio.Event()

    async def upload(_self: Connector, url: str, _content: bytes) -> None:
        uploads.append(url)
        first_is_under_way.set()
        if len(uploads) == 1:
            await second_is_answered.wait()

    monkeypatch.setattr(Connector, "upload", upload)
    await logged(day)
    await day.after(day.mina.dm("challenge export"))
    offer = day.last_dm("mina")
    first = asyncio.create_task(day.mina.accepts(offer))
    await first_is_under_way.wait()
    offer.answered = False  # her other client has not heard yet that it was answered
    second = await day.mina.accepts(offer)
    second_is_answered.set()
    assert ((await first).status, second.status) == (200, 200)
    await day.settled()
    assert len(uploads) == 1
    assert [post for post in day.from_baseroom("mina") if FILE_INFO in str(post.attachment)] == [day.last_dm("mina")]


async def test_a_file_that_could_not_be_handed_over_can_be_asked_for_again(
    teams_day: TeamsDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def upload(_self: Connector, _url: str, _content: bytes) -> None:
        raise NoAnswer("timeout")

    day = teams_day
    await day.after(day.mina.dm("challenge export"))
    with monkeypatch.context() as broken:
        broken.setattr(Connector, "upload", upload)
        await day.after(day.mina.accepts(day.last_dm("mina")))
    assert "could not be put into your OneDrive" in day.reads("mina")
    async with day.app.database.reading() as uow:
        assert (await uow.health.now(day.clock.now())).outbox == {}
    await day.pass_time(minutes=1)
    await day.after(day.mina.dm("challenge export"))
    await day.after(day.mina.accepts(day.last_dm("mina")))
    assert len(day.teams.uploads) == 1


async def test_a_file_is_not_handed_to_somebody_else(teams_day: TeamsDay) -> None:
    day = teams_day
    await day.after(day.mina.dm("challenge export"))
    offer = day.last_dm("mina").attachment or {}
    value = {"type": "fileUpload", "action": "accept", "context": offer["content"]["acceptContext"]}
    value["uploadInfo"] = {"uploadUrl": day.teams.upload_url("x.xlsx"), "name": "x.xlsx"}
    status, _ = await invoke(day, day.priya, "fileConsent/invoke", value, await logged(day))
    assert (status, day.teams.uploads) == (200, {})


# ---------------------------------------------------------------- where it is sent from


async def has_open(day: TeamsDay, words: str) -> None:
    """Priya has asked for something that needs a form, and has it before her."""
    await day.after(day.priya.dm(words))
    button = actions(day.last_dm("priya").card())[0]
    await day.after(day.priya.presses(day.last_dm("priya"), button["title"]))
    assert day.priya.dialog


async def test_a_form_sent_from_a_chat_of_two_people_does_not_make_it_the_chat_with_baseroom(
    teams_day: TeamsDay,
) -> None:
    """A message action may be used in any chat, and its dialog is sent from there: nothing of Baseroom's may go to
    where another would read it."""
    day, theirs = teams_day, Conversation("19:one_other@unq.gbl.spaces", "personal", [], app=False)
    theirs.own_members += [day.priya.user, day.tom.user]
    await has_open(day, "finding")
    day.priya._opened_by |= {"submit": "composeExtension/submitAction", "conversation": theirs}
    await day.after(day.priya.submits({"What you heard": "Carers wait too long", "Kind": "Strength"}))
    assert [finding.text for finding in await day.wall()] == ["Carers wait too long"]
    assert [call for call in day.teams.calls if theirs.id in call.path] == []
    async with day.app.database.reading() as uow:
        account = await uow.accounts.find("teams", day.teams.tenant_id, day.priya.id)
    assert account
    assert account.dm == day.priya.chat.id


async def test_a_form_that_asks_for_nobody_is_taken_without_asking_teams_who_is_there(teams_day: TeamsDay) -> None:
    day = teams_day
    await has_open(day, "finding")
    day.wired.directory._channels.clear()
    asked = len(day.teams.calls_of("members"))
    await day.after(day.priya.submits({"What you heard": "Carers wait too long", "Kind": "Strength"}))
    assert len(await day.wall()) == 1
    assert len(day.teams.calls_of("members")) == asked


# ---------------------------------------------------------------- what is not for us


@pytest.mark.parametrize("name", ["composeExtension/query", "signin/verifyState", "", "task/unknown"])
async def test_an_unknown_invoke_is_declined_and_breaks_nothing(teams_day: TeamsDay, name: str) -> None:
    status, body = await invoke(teams_day, teams_day.priya, name, {"x": 1}, await logged(teams_day))
    assert (status, body["error"]["code"]) == (404, "NotOffered")


@pytest.mark.parametrize(
    "name", ["adaptiveCard/action", "task/fetch", "composeExtension/fetchTask", "fileConsent/invoke"]
)
async def test_an_invoke_without_a_value_is_a_bad_request(teams_day: TeamsDay, name: str) -> None:
    status, body = await invoke(teams_day, teams_day.priya, name, None, await logged(teams_day))
    assert (status, body["error"]["code"]) == (400, "BadRequest")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("task/fetch", {}),
        ("task/fetch", {"data": {"action": 7}}),
        ("composeExtension/fetchTask", {}),
        ("composeExtension/fetchTask", {"commandId": "findings.log", "messagePayload": {"id": 4, "body": None}}),
        ("adaptiveCard/action", {"action": {"verb": VIEW, "data": {}}}),
        ("adaptiveCard/action", {"action": {"verb": OPEN, "data": {"value": "nothing"}}}),
    ],
)
async def test_half_an_invoke_is_answered_in_words(teams_day: TeamsDay, name: str, value: Json) -> None:
    status, body = await invoke(teams_day, teams_day.priya, name, value, await logged(teams_day))
    assert status == 200
    assert body.get("task") or body.get("value")


# ---------------------------------------------------------------- reading


def actions(card: Json | None) -> list[Json]:
    return [found.action for found in actions_of(card or {})]


async def themes_of(day: TeamsDay, number: int) -> list[str]:
    assert day.challenge
    finding = await day.finding(number)
    async with day.app.database.reading() as uow:
        titles = {theme.id: theme.short for theme in await uow.themes.of_challenge(day.challenge.id)}
    return [titles[theme_id] for theme_id in finding.theme_ids]
