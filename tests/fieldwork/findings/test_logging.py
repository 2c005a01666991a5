"""A peer types what they heard."""

from datetime import datetime
from pathlib import Path

import pytest

from handlers.chat import Buttons, Card, Form
from storage.records import Finding, Kind, SourceType
from tests.fieldwork.day import LONDON, Day, a_day


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


async def test_a_message_is_saved_and_answered_with_one_line(day: Day) -> None:
    await day.at("10:20").priya.says("Frontline staff describe the vision in their own words #vision, focus group")
    assert day.priya.last.words.startswith("#1 saved · Vision · focus group\n")
    assert [finding.text for finding in await day.wall()] == [
        "Frontline staff describe the vision in their own words #vision, focus group"
    ]


async def test_the_notification_says_numbers_and_themes_and_nothing_that_was_heard(day: Day) -> None:
    await day.priya.says("The clerk said: nobody reads the canary report #vision #canary (1:1, Jane Canary)")
    content = day.priya.last.content
    assert isinstance(content, Card)
    assert content.notification == "#1 saved · Vision · 1:1"


async def test_messages_within_ten_seconds_share_one_receipt(day: Day) -> None:
    await day.priya.says("The board reads the risk register")
    await day.pass_time(seconds=6)
    await day.priya.says("Nobody else does")
    assert len(day.priya.posts) == 1
    assert "#1 saved" in day.priya.last.words
    assert "#2 saved" in day.priya.last.words
    await day.pass_time(seconds=11)
    await day.priya.says("Minutes are kept, though")
    assert len(day.priya.posts) == 2


async def test_a_label_anywhere_or_a_sign_says_the_kind(day: Day) -> None:
    said = {
        "strength: one plan, one budget": Kind.STRENGTH,
        "One plan across the patch. Strength: staff can name it": Kind.STRENGTH,
        "AFI: the plan has no money behind it": Kind.IMPROVEMENT,
        "Area to explore: who answers for it": Kind.IMPROVEMENT,
        "+ partners turn up": Kind.STRENGTH,
        "- no loop back to staff": Kind.IMPROVEMENT,
        "The strength of it is that partners turn up": None,
    }
    for words in said:
        await day.priya.says(words)
    assert {finding.text: finding.kind for finding in await day.wall()} == said


async def test_two_labels_in_one_line_are_two_findings(day: Day) -> None:
    await day.priya.says("Strength: one plan. AFI: no money behind it")
    assert [(one.text, one.kind) for one in await day.wall()] == [
        ("Strength: one plan.", Kind.STRENGTH),
        ("AFI: no money behind it", Kind.IMPROVEMENT),
    ]


async def test_signs_in_a_list_are_bullets_and_each_is_a_finding_of_its_own(day: Day) -> None:
    await day.priya.says("- vision clear at the top\n- gets lost by band 6\n+ no feedback loop back up")
    wall = await day.wall()
    assert [finding.text for finding in wall] == [
        "vision clear at the top",
        "gets lost by band 6",
        "no feedback loop back up",
    ]
    assert {finding.kind for finding in wall} == {None}
    assert len(day.priya.posts) == 1


async def test_blank_lines_divide_and_a_lead_in_stands_on_every_bullet(day: Day) -> None:
    await day.priya.says("Carers focus group:\n- nobody rings back\n- the hub is loved\n\nThe room was full")
    assert [finding.text for finding in await day.wall()] == [
        "Carers focus group:\nnobody rings back",
        "Carers focus group:\nthe hub is loved",
        "The room was full",
    ]
    assert (await day.finding(2)).source_type is SourceType.FOCUS_GROUP
    assert (await day.finding(3)).source_type is None


async def test_keep_as_one_and_split_lead_there_and_back(day: Day) -> None:
    message = await day.priya.says("- the plan is clear #vision\n- so is the money")
    await day.priya.presses("Keep as one")
    assert [(one.number, one.text) for one in await day.wall()] == [
        (1, "- the plan is clear #vision\n- so is the money")
    ]
    assert "#2 withdrawn" in day.priya.last.words
    await day.priya.edits(message, "- the plan is clear #vision\n- so is the money, mostly")
    assert [one.text for one in await day.wall()] == ["- the plan is clear #vision\n- so is the money, mostly"]
    await day.priya.presses("Split")
    assert [(one.number, one.text) for one in await day.wall()] == [
        (1, "the plan is clear #vision"),
        (3, "so is the money, mostly"),
    ]


async def test_a_long_part_among_several_can_be_split_too(day: Day) -> None:
    words = " ".join(f"Sentence number {number} says something about governance." for number in range(90))
    await day.priya.says(f"- the plan is clear\n- {words}")
    assert len(await day.wall()) == 2
    await day.priya.presses("Split")
    wall = await day.wall()
    assert len(wall) > 2
    assert all(len(one.text) < 3000 for one in wall)


async def test_a_text_of_more_than_three_thousand_characters_is_kept_whole_and_can_be_split(day: Day) -> None:
    words = " ".join(f"Sentence number {number} says something about governance." for number in range(90))
    assert len(words) > 3000
    await day.priya.says(words)
    assert [one.text for one in await day.wall()] == [words]
    assert "characters, all of them kept" in day.priya.last.words
    await day.priya.presses("Split")
    pieces = await day.wall()
    assert len(pieces) > 5
    assert " ".join(one.text for one in pieces) == words
    await day.priya.types("findings")
    assert "…" in day.priya.last.words
    await day.priya.types("finding 1")
    assert pieces[0].text in day.priya.last.words


async def test_a_tag_that_is_no_theme_is_answered_with_the_nearest(day: Day) -> None:
    await day.priya.says("Nobody knows who decides #govrnance")
    assert "There is no theme called #govrnance" in day.priya.last.words
    assert day.priya.last.buttons[0].label == "Governance"
    await day.priya.presses("Governance")
    assert await day.themes_of(1) == ["Governance"]


async def test_a_theme_button_tags_and_pressed_again_takes_the_tag_off(day: Day) -> None:
    await day.priya.says("Chief executives own the priorities together")
    card = day.priya.last
    assert "unsorted" in card.words
    assert [button.label for button in card.buttons[-2:]] == ["More", "Undo"]
    first = card.buttons[0]
    assert not (await day.finding(1)).theme_ids, "a guess is never set"
    await day.priya.presses(first.label)
    await day.priya.presses_action(first.action, first.value)  # a tired thumb presses the old button twice
    assert await day.themes_of(1) == [first.label]
    assert [b.label.removeprefix("✓ ") for b in day.priya.last.buttons] == [b.label for b in card.buttons]
    await day.priya.presses(f"✓ {first.label}")
    assert await day.themes_of(1) == []
    assert len(day.priya.posts) == 1


async def test_with_several_findings_the_buttons_are_about_the_first_without_a_theme(day: Day) -> None:
    await day.priya.says("- the vision is clear\n- money is short")
    assert "Theme for #1:" in day.priya.last.words
    row = next(element for element in day.priya.last.content.elements if isinstance(element, Buttons))  # type: ignore[union-attr]  # it is a card
    assert len(row.buttons) <= 5
    await day.priya.presses(day.priya.last.buttons[0].label)
    assert "Theme for #2:" in day.priya.last.words
    assert len(await day.themes_of(1)) == 1


async def test_more_sets_kind_source_and_other_themes_by_hand(day: Day) -> None:
    message = await day.priya.says("The board sees the risks #vision")
    form = await day.priya.presses("More")
    assert isinstance(form, Form)
    await day.priya.sends(kind="strength", source_type="observation", source="board meeting")
    finding = await day.finding(1)
    assert (finding.kind, finding.source_type, finding.source) == (
        Kind.STRENGTH,
        SourceType.OBSERVATION,
        "board meeting",
    )
    await day.priya.edits(message, "AFI: the board sees only some risks #governance (1:1, a director)")
    after = await day.finding(1)
    assert after.text == "AFI: the board sees only some risks #governance (1:1, a director)"
    assert (after.kind, after.source_type, after.source) == (finding.kind, finding.source_type, finding.source)
    assert await day.themes_of(1) == ["Governance"], "nobody set the themes by hand"


async def test_more_with_several_findings_asks_which_first(day: Day) -> None:
    await day.priya.says("- one\n- two")
    await day.priya.presses("More")
    await day.priya.sends(finding=(await day.finding(2)).id)
    assert day.priya.form
    assert day.priya.form.title == "Finding #2"
    await day.priya.sends(text="two, and a half", themes=())
    assert (await day.finding(2)).text == "two, and a half"


async def test_a_form_that_was_overtaken_says_so_and_keeps_what_was_typed(day: Day) -> None:
    message = await day.priya.says("One plan")
    await day.priya.presses("More")
    await day.priya.edits(message, "Two plans")
    await day.priya.sends(text="Three plans")
    assert "has changed" in day.priya.errors[""]
    assert (await day.finding(1)).text == "Two plans"


async def test_undo_withdraws_and_put_back_restores(day: Day) -> None:
    await day.priya.says("- one\n- two")
    await day.priya.presses("Undo")
    await day.priya.presses_action("findings.withdraw", (await day.finding(1)).id)
    assert await day.wall() == []
    await day.priya.presses("Put back")
    assert [one.number for one in await day.wall()] == [1, 2]


async def test_a_day_after_undo_the_words_are_gone_for_good(day: Day) -> None:
    await day.priya.says("Something said in confidence")
    await day.priya.presses("Undo")
    button = day.priya.last.button("Put back")
    await day.pass_time(days=1, hours=2)
    assert (await day.finding(1)).text == ""
    await day.priya.presses_action(button.action, button.value)
    assert "forgotten" in day.priya.last.words
    assert await day.wall() == []


async def test_an_attachment_is_not_kept_and_the_peer_is_told(day: Day) -> None:
    await day.priya.says("The org chart shows two boards", attachments=1)
    assert "I do not keep files" in day.priya.last.words
    assert len(await day.wall()) == 1
    await day.priya.says("", attachments=1)
    assert "Nothing was saved: I do not keep files" in day.priya.last.words
    assert len(await day.wall()) == 1


async def test_a_message_without_words_saves_nothing_and_says_so(day: Day) -> None:
    for words in ("", "👍", "🎉🎉 !!", "#vision", "…"):
        await day.priya.says(words)
        assert "nothing was saved" in day.priya.last.words
    assert len(day.priya.posts) == 5
    assert await day.wall() == []


async def test_a_message_that_begins_like_a_command_is_a_finding(day: Day) -> None:
    for words in (
        "Home care staff feel valued",
        "Findings from the last inspection were never shared",
        "Finding a bed takes all day",
        "Practice nurses feel left out",
        "Help is hard to find after five",
    ):
        await day.priya.says(words)
    assert len(await day.wall()) == 5


async def test_a_command_can_be_logged_as_a_finding_after_all_and_only_once(day: Day) -> None:
    await day.priya.says("help")
    assert await day.wall() == []
    card = day.priya.last
    await day.priya.presses("Log what I typed as a finding", card)
    assert [one.text for one in await day.wall()] == ["help"]
    await day.priya.presses("Log what I typed as a finding", card)
    assert len(await day.wall()) == 1
    assert "logged already" in day.priya.last.words


async def test_control_characters_and_broken_emoji_do_not_come_in(day: Day) -> None:
    await day.priya.says("Staff\x00 like\u202e it \ud83d here\r\nand there")
    assert [one.text for one in await day.wall()] == ["Staff like it \ufffd here\nand there"]


async def test_what_a_peer_types_stands_nowhere_in_clear(day: Day, tmp_path: Path) -> None:
    await day.priya.says("The canary sang in the committee room")
    await day.priya.says("help canary")
    await day.priya.types("findings canary")
    kept = everything_in(tmp_path)
    assert kept
    assert b"canary" not in kept


# ---------------------------------------------------------------- other ways in


async def test_a_finding_by_form_and_the_same_form_sent_twice_is_one(day: Day) -> None:
    await day.priya.types("finding")
    form = day.priya.form
    assert form
    governance = next(choice.value for choice in form.fields[1].choices if choice.label == "Governance")  # type: ignore[union-attr]  # a choice
    for _ in range(2):
        day.priya.form = form
        await day.priya.sends(text="Two boards decide one thing", themes=(governance,), kind="improvement")
    assert [(one.text, one.kind) for one in await day.wall()] == [("Two boards decide one thing", Kind.IMPROVEMENT)]
    assert await day.themes_of(1) == ["Governance"]
    assert "#1 saved · Governance · area to explore" in day.priya.last.words


@pytest.mark.parametrize("whose", ["another challenge's", "nobody's", "one merged meanwhile"])
async def test_a_form_takes_only_flip_charts_of_this_wall(day: Day, whose: str) -> None:
    here = day.challenge
    assert here
    await day.priya.says("Staff know the plan")
    other = await day.open_challenge(host="Borsetshire")
    day.challenge = here
    async with day.app.database.reading() as uow:
        ours, theirs = await uow.themes.of_challenge(here.id), await uow.themes.of_challenge(other.id)
    forged = {"another challenge's": theirs[0].id, "nobody's": "nothing", "one merged meanwhile": ours[0].id}[whose]
    await day.priya.presses("More")
    if whose == "one merged meanwhile":
        async with day.app.database.begin() as uow:
            await uow.themes.change(ours[0].id, merged_into=ours[1].id)
            await uow.commit()
    await day.priya.sends(themes=(forged,))
    assert "not on this wall any more" in day.priya.errors["themes"]
    assert (await day.wall())[0].theme_ids == ()


async def test_a_form_without_words_stays_open(day: Day) -> None:
    await day.priya.types("finding")
    await day.priya.sends(text="🙃")
    assert "text" in day.priya.errors
    assert await day.wall() == []


async def test_a_finding_in_one_line_after_the_slash(day: Day) -> None:
    await day.priya.types("finding Staff rotas are shared across trusts #workforce")
    assert [one.text for one in await day.wall()] == ["Staff rotas are shared across trusts #workforce"]
    assert "Log what I typed as a finding" not in day.priya.last.words


async def test_a_shortcut_logs_a_colleagues_message_under_their_initials(day: Day) -> None:
    quoted = day.tom.quote("Trust CEO gives the same three priorities as staff #vision, 1:1")
    await day.priya.points_at("findings.log", quoted, channel="C-team", thread="m0")
    finding = (await day.wall())[0]
    assert (finding.author_id, finding.logged_by) == (day.members["tom"].id, day.members["priya"].id)
    assert "#1 saved for TS · Vision" in day.priya.last.words
    await day.priya.points_at("findings.log", quoted, channel="C-team")
    assert "That is #1 already" in day.priya.last.words
    assert len(await day.wall()) == 1
    await day.tom.edits(quoted.message, "Trust CEO gives two of the three #vision", channel="C-team")
    assert (await day.finding(1)).text == "Trust CEO gives two of the three #vision"


async def test_a_strangers_message_is_logged_under_the_one_who_logs_it(day: Day) -> None:
    await day.priya.points_at("findings.log", day.zed.quote("Waiting lists are falling"), channel="C-else")
    assert (await day.wall())[0].author_id == day.members["priya"].id


async def test_a_pushpin_on_ones_own_message_logs_it_and_on_anothers_does_nothing(day: Day) -> None:
    await day.priya.reacts("pushpin", day.tom.quote("Not hers to pin"), channel="C-team")
    assert await day.wall() == []
    mine = day.priya.quote("Pinned by its author")
    await day.priya.reacts("pushpin", mine, channel="C-team")
    await day.priya.reacts("round_pushpin", mine, channel="C-team")
    assert [one.text for one in await day.wall()] == ["Pinned by its author"]
    await day.zed.reacts("pushpin", day.zed.quote("A stranger pins"), channel="C-team")
    assert len(await day.wall()) == 1
    assert day.zed.posts == []


async def test_a_mention_in_the_team_channel_is_answered_in_its_thread_without_a_word_of_it(day: Day) -> None:
    message = await day.priya.says_in_channel("The canary is in the coal mine #vision")
    shown = next(post for post in day.team_channel.posts if "saved" in post.words)
    assert shown.target.thread == message
    assert "#1 saved · Vision" in shown.words
    assert "canary" not in shown.words
    await day.priya.presses("Undo", shown)
    assert await day.wall() == []


async def test_a_mention_in_a_channel_of_no_challenge_is_refused_with_a_way_on(day: Day) -> None:
    await day.priya.says_in_channel("Something heard", channel="C-other")
    assert await day.wall() == []


async def test_a_stranger_is_told_and_nothing_is_saved(day: Day) -> None:
    await day.zed.says("I heard something")
    assert "not on a peer challenge" in day.zed.last.words
    assert await day.wall() == []


async def test_nobody_changes_anothers_finding_but_the_manager(day: Day) -> None:
    await day.priya.says("One plan #vision")
    finding: Finding = await day.finding(1)
    for handle in ("tom", "ruth", "zed"):
        somebody = day.people[handle]
        for action, value in (
            ("findings.withdraw", finding.id),
            ("findings.theme", f"{finding.id} {finding.theme_ids[0]} off"),
            ("findings.more", finding.id),
            ("findings.keep_as_one", str(finding.message_id)),
            ("findings.split", str(finding.message_id)),
        ):
            await somebody.presses_action(action, value)
            assert somebody.form is None
    assert await day.wall() == [finding]
    await day.mina.presses_action("findings.withdraw", finding.id)
    assert await day.wall() == []
    assert "#1 withdrawn" in day.priya.last.words, "the peer's own receipt tells them"


async def test_a_button_on_an_old_card_changes_nothing_and_says_so(day: Day) -> None:
    await day.priya.says("One plan")
    before = await day.wall()
    actions = [action for action in day.app.house.registry.buttons if action.startswith("findings.")]
    for action in actions:
        for value in ("nothing", "no such thing"):
            if action not in ("findings.practice", "findings.new"):  # these are about nothing in particular
                await day.priya.presses_action(action, value)
                assert day.priya.form is None
    assert await day.wall() == before
    assert "this card is from an earlier time" in day.priya.sees
    assert "Something went wrong" not in day.priya.sees


# ---------------------------------------------------------------- before, after, twice


async def test_before_the_visit_it_asks_once_and_then_logs_as_pre_reading(tmp_path: Path) -> None:
    async with a_day(tmp_path, start=datetime(2026, 11, 20, 9, 0, tzinfo=LONDON)) as day:
        await day.open_challenge()
        await day.priya.says("The strategy has no dates in it #vision")
        assert await day.wall() == []
        await day.priya.presses("Not a finding")
        assert "Not logged" in day.priya.last.words
        message = await day.priya.says("The self-assessment is candid")
        await day.priya.edits(message, "The self-assessment is very candid #vision")
        assert await day.wall() == []
        card = day.priya.last
        await day.priya.presses("Pre-reading, document", card)
        await day.priya.presses_action("findings.pre_reading", card.button("Pre-reading").value)
        finding = (await day.wall())[0]
        assert finding.text == "The self-assessment is very candid #vision"
        assert (finding.source_type, finding.source) == (SourceType.DOCUMENT, "pre-reading")
        await day.priya.says("The budget is in an annex (1:1, finance lead)")
        assert [one.source_type for one in await day.wall()] == [SourceType.DOCUMENT, SourceType.INTERVIEW]
        await day.tom.says("The first of mine")
        assert len(await day.wall()) == 2, "each peer is asked for themselves"


async def test_after_the_visit_a_late_thought_is_still_saved(tmp_path: Path) -> None:
    async with a_day(tmp_path, start=datetime(2026, 11, 30, 9, 0, tzinfo=LONDON)) as day:
        await day.open_challenge()
        await day.priya.says("On the train it struck me that nobody said patient #vision")
        assert "After the visit" in day.priya.last.words or "after the visit" in day.priya.last.words
        assert len(await day.wall()) == 1


async def test_when_the_challenge_is_over_nothing_is_added(day: Day) -> None:
    assert day.challenge
    await day.priya.types("finding")
    async with day.app.database.begin() as uow:
        await uow.challenges.change(day.challenge.id, ended_at=day.now)
        await uow.commit()
    await day.priya.sends(text="One more thing")
    assert "over" in day.priya.errors[""]
    await day.priya.says("And another")
    assert "This challenge is over" in day.priya.last.words
    await day.priya.types("finding The last word")
    assert "The last word" in day.priya.last.words, "what was typed after a slash is given back"
    assert isinstance(day.priya.last.content, Card)
    assert "last word" not in day.priya.last.content.notification
    assert await day.wall() == []


@pytest.mark.parametrize("words", ["findings", "themes", "summary", "sessions", "undo"])
async def test_a_challenge_that_is_over_is_said_to_be_over(day: Day, words: str) -> None:
    assert day.challenge
    async with day.app.database.begin() as uow:
        await uow.challenges.change(day.challenge.id, ended_at=day.now)
        await uow.commit()
    await day.priya.says(words)
    assert "This challenge is over" in day.priya.last.words


async def test_of_two_challenges_a_command_means_the_one_last_logged_to(day: Day) -> None:
    await day.mina.says("The canary sang here #vision #strength")
    await day.open_challenge(host="Borsetshire")
    await day.mina.says("findings")
    assert day.mina.last.words.startswith("Anyshire ICS · Your findings")
    assert "The canary sang here" in day.mina.last.words
    await day.mina.types("summary edit")
    assert day.mina.form is None, "what changes a challenge is asked about, not guessed"
    await day.mina.presses("Anyshire ICS")
    assert day.mina.form
    assert "Anyshire ICS" in str(day.mina.form.parts[0])


async def test_practice_never_reaches_the_wall_until_asked_to(day: Day) -> None:
    await day.priya.types("practice")
    assert "Your next message" in day.priya.last.words
    await day.priya.says("Just trying this out #vision")
    assert "Practice 1 saved · Vision" in day.priya.last.words
    assert await day.wall() == []
    await day.priya.says("This one is real")
    assert [one.number for one in await day.wall()] == [1]
    await day.priya.presses("Put it on the wall")
    assert [(one.number, one.text) for one in await day.wall()] == [
        (1, "This one is real"),
        (2, "Just trying this out #vision"),
    ]


async def test_an_invitation_to_practise_lapses_after_ten_minutes(day: Day) -> None:
    await day.priya.presses_action("findings.practice")
    await day.pass_time(minutes=11)
    await day.priya.says("A real finding")
    assert len(await day.wall()) == 1


async def test_with_two_live_challenges_the_receipt_names_the_wall_and_can_move_it(day: Day) -> None:
    first = day.challenge
    assert first
    await day.pass_time(minutes=1)
    await day.open_challenge(host="Borsetshire ICS")
    second = day.challenge
    assert second
    await day.priya.says("The plan is shared #vision")
    assert "On the wall of Borsetshire ICS" in day.priya.last.words
    card = day.priya.last
    await day.priya.presses("Move")
    await day.priya.sends()
    assert await day.wall() == []
    assert (await day.finding(1)).text == "", "its words are sealed under the other key alone"
    assert "On the wall of Anyshire ICS" in day.priya.last.words
    assert day.priya.last.id == card.id
    day.challenge = first
    assert [one.text for one in await day.wall()] == ["The plan is shared #vision"]
    assert await day.themes_of(1) == ["Vision"]
    await day.priya.says("So is the budget")
    assert len(await day.wall()) == 2, "the next one goes where the last one went"


async def test_a_receipt_that_is_full_is_followed_by_another(day: Day) -> None:
    for number in range(9):
        await day.priya.says(f"Ward {number} shares one plan with the council")
    assert len(day.priya.posts) == 2
    assert "#8 saved" in day.priya.posts[0].words
    assert "#9 saved" in day.priya.posts[1].words
