"""Somebody who is mentioned asks what is held about them: the manager finds it, and erases it item by item."""

from datetime import date, timedelta

from handlers.chat import ChoiceField, Form, FormErrors
from storage.audit import verify
from storage.records import Extension, ExtensionId, Hold, HoldId, Summary, SummaryId, SummaryLine, SummaryState, new_id
from tests.fieldwork.day import TEAM_CHANNEL, Day

NAME = "Zoë Abernathy"
OTHERS = ("ruth", "priya", "tom", "zed")


async def mentioned(day: Day) -> None:
    """She is named in two findings (one of them sensitive), in the source of a third, and in a summary."""
    await day.priya.says("Zoe Abernathy runs the rota and is tired #workforce")
    await day.pass_time(minutes=1)
    await day.priya.says("Sensitive: ABERNATHY was shouted at")
    await day.pass_time(minutes=1)
    await day.tom.says("The rota is late (1:1, Mrs Abernathy)")
    await day.tom.says("A zoetrope stood in the hall")
    assert day.challenge
    line = SummaryLine("", "", "Workforce", None, 1, "one 1:1", "Abernathy's team is tired")
    summary = Summary(
        SummaryId(new_id()), day.challenge.id, date(2026, 11, 24), 1, SummaryState.DRAFT, (line,), "", day.now
    )
    async with day.app.database.begin() as uow:
        await uow.summaries.add(summary)
        await uow.commit()


async def asked(day: Day, right: str) -> object:
    await day.mina.types("challenge request")
    return await day.mina.sends(name=NAME, right=right)


async def trail(day: Day) -> list[tuple[str, str]]:
    assert day.challenge
    async with day.app.database.reading() as uow:
        entries = await uow.audit.of_challenge(day.challenge.id)
    assert verify(entries).broken_at is None
    return [(entry.action, entry.counts) for entry in entries if entry.action.startswith("request.")]


async def test_the_manager_reads_where_by_numbers_and_dates_and_never_the_name(day: Day) -> None:
    await mentioned(day)
    await asked(day, "access")
    said = day.mina.last.words
    assert "4 items mention the name you typed" in said
    assert "#1, heard Tuesday 24 November, by PN" in said
    assert "#2, sensitive, heard" in said
    assert "#3, heard Tuesday 24 November, by TS" in said
    assert "Summary of Tuesday 24 November, version 1, draft" in said
    assert "within a month" in said
    assert "bernathy" not in said
    assert "#4" not in said, "part of a word is not a name"


async def test_it_is_logged_without_content(day: Day) -> None:
    await mentioned(day)
    await asked(day, "access")
    await asked(day, "correction")
    assert await trail(day) == [("request.access", "found=4"), ("request.correction", "found=4")]


async def test_nothing_found_is_said_and_logged_too(day: Day) -> None:
    await day.mina.types("challenge request")
    await day.mina.sends(name="Nobody Known", right="erasure")
    assert "nothing mentions the name you typed" in day.mina.last.words
    assert await trail(day) == [("request.erasure", "found=0")]


async def test_each_item_is_decided_by_itself(day: Day) -> None:
    await mentioned(day)
    form = await asked(day, "erasure")
    assert isinstance(form, Form)
    fields = [part for part in form.parts if isinstance(part, ChoiceField)]
    assert [part.chosen for part in fields] == [("leave",)] * 4, "nothing is erased unless it is chosen"
    one, two, three, summary = (part.name for part in fields)
    await day.mina.sends(**{one: "replace", two: "withdraw", three: "leave", summary: "replace"})
    assert (await day.finding(1)).text == "[removed at a person’s request] runs the rota and is tired #workforce"
    gone = await day.finding_held(2)
    assert (gone.text, gone.withdrawn_at) == ("", day.now)
    assert "Abernathy" in (await day.finding(3)).source
    assert "Replaced in 2, withdrawn 1, left as they are 1." in day.mina.last.words
    assert "1 item mentions the name" in day.mina.last.words
    assert await trail(day) == [("request.erasure", "found=4"), ("request.erased", "replaced=2 withdrawn=1")]
    async with day.app.database.reading() as uow:
        kept = await uow.summaries.latest(day.challenge.id, date(2026, 11, 24))  # type: ignore[union-attr]  # opened by the fixture
    assert kept
    assert kept.lines[0].wording == "[removed at a person’s request]'s team is tired"


async def test_an_edit_of_the_message_does_not_bring_the_name_back(day: Day) -> None:
    message = await day.priya.says("Zoe Abernathy runs the rota")
    form = await asked(day, "erasure")
    assert isinstance(form, Form)
    [field] = form.fields
    await day.mina.sends(**{field.name: "replace"})
    await day.priya.edits(message, "Zoe Abernathy runs the rota #workforce")
    assert "Abernathy" not in (await day.finding(1)).text


async def test_many_items_come_page_by_page(day: Day) -> None:
    for number in range(13):
        await day.priya.says(f"Abernathy said {number}")
        await day.pass_time(minutes=1)
    form = await asked(day, "erasure")
    assert isinstance(form, Form)
    first = [field.name for field in form.fields]
    assert len(first) == 10
    form = await day.mina.sends(**dict.fromkeys(first[1:], "replace"))
    assert isinstance(form, Form)
    second = [field.name for field in form.fields]
    assert len(second) == 3
    assert first[0] not in second, "what was left is not asked about again"
    await day.mina.sends(**dict.fromkeys(second, "withdraw"))
    assert "Replaced in 9, withdrawn 3, left as they are 1." in day.mina.last.words


async def test_in_a_channel_it_goes_to_the_managers_own_messages(day: Day) -> None:
    before = len(day.team_channel.posts)
    assert await day.mina.types(f"challenge request {NAME}", channel=TEAM_CHANNEL) is None
    assert "Open the form" in day.mina.sees
    await day.mina.presses("Open the form")
    assert day.mina.form
    assert NAME not in str(day.mina.form)
    assert len(day.team_channel.posts) == before


async def test_a_name_typed_after_the_command_is_never_a_finding(day: Day) -> None:
    await day.mina.says(f"challenge request {NAME}")
    assert await day.wall() == []
    await day.mina.presses("A person’s request")
    assert day.mina.form
    assert day.mina.form.fields[0].value == NAME  # type: ignore[union-attr]  # a text field


async def test_nobody_but_the_manager_may_search(day: Day) -> None:
    await mentioned(day)
    await day.mina.types("challenge request")
    for who in OTHERS:
        await day.people[who].types("challenge request")
        day.people[who].form = day.mina.form
        outcome = await day.people[who].sends(name=NAME)
        assert isinstance(outcome, FormErrors)
    assert await trail(day) == []


async def test_under_a_hold_nothing_is_erased_and_access_still_works(day: Day) -> None:
    await mentioned(day)
    form = await asked(day, "erasure")
    assert isinstance(form, Form)
    assert day.challenge
    async with day.app.database.begin() as uow:
        await uow.keeping.place(
            Hold(HoldId(new_id()), day.challenge.id, "a complaint", day.members["mina"].id, day.now)
        )
        await uow.commit()
    outcome = await day.mina.sends(**{field.name: "replace" for field in form.fields})
    assert isinstance(outcome, FormErrors)
    assert "on hold" in str(outcome.errors)
    assert isinstance(await asked(day, "erasure"), FormErrors)
    await asked(day, "access")
    assert "4 items mention" in day.mina.last.words


async def test_check_in_answers_are_searched_and_redacted(before: Day) -> None:
    await before.open_challenge()
    await before.mina.types("checkin send")
    await before.mina.sends()
    await before.mina.sends()
    await before.priya.presses("Answer")
    form = before.priya.form
    while isinstance(form, Form):
        held = {part.name for part in form.fields}
        wanted = {"initial_perceptions": "Ask Zoe Abernathy", "call_time": "Thursday 4 pm"}
        await before.priya.sends(**{name: value for name, value in wanted.items() if name in held})
        form = before.priya.form
    found = await asked(before, "erasure")
    assert isinstance(found, Form)
    [field] = found.fields
    assert "by PN" in str(found.parts)
    await before.mina.sends(**{field.name: "replace"})
    async with before.app.database.reading() as uow:
        check_in = await uow.checkins.newest(before.challenge.id)  # type: ignore[union-attr]  # opened above
        assert check_in
        replies = await uow.checkins.replies(check_in.id)
    answers = [words for reply in replies.values() for words in reply.answers.values()]
    assert "Ask [removed at a person’s request]" in answers


async def test_the_reasons_for_keeping_it_are_searched_and_redacted(day: Day) -> None:
    assert day.challenge
    challenge_id, mina = day.challenge.id, day.members["mina"].id
    hold = Hold(HoldId(new_id()), challenge_id, "Zoe Abernathy has complained", mina, day.now)
    longer = Extension(ExtensionId(new_id()), challenge_id, date(2027, 4, 1), f"{NAME} asked us to", mina, day.now)
    async with day.app.database.begin() as uow:
        await uow.keeping.place(hold)
        await uow.keeping.extend(longer)
        await uow.commit()
    await asked(day, "access")
    assert "Hold of Tuesday 24 November, its reason" in day.mina.last.words
    assert "Kept for longer, until Thursday 1 April" in day.mina.last.words
    async with day.app.database.begin() as uow:
        await uow.keeping.lift(hold, why="Settled with Mrs Abernathy", by=mina, at=day.now)
        await uow.commit()
    form = await asked(day, "erasure")
    assert isinstance(form, Form)
    await day.mina.sends(**{field.name: "replace" for field in form.fields})
    assert "Nothing mentions the name" in day.mina.last.content.notification
    async with day.app.database.reading() as uow:
        [kept] = await uow.keeping.holds_of(challenge_id)
        [until] = await uow.keeping.extensions_of(challenge_id)
    removed = "[removed at a person’s request]"
    assert (kept.reason, kept.lifted_why) == (f"{removed} has complained", f"Settled with Mrs {removed}")
    assert (until.reason, until.until) == (f"{removed} asked us to", date(2027, 4, 1))


async def test_words_that_were_not_logged_are_found_for_the_day_that_they_are_kept(day: Day) -> None:
    await day.priya.types("theme rename Zoe Abernathy")
    await asked(day, "access")
    assert "Typed by PN on Tuesday 24 November and not logged" in day.mina.last.words
    assert "forgotten after a day" in day.mina.last.words
    assert "bernathy" not in day.mina.last.words
    await day.on(date(2026, 11, 26), "10:00")
    await asked(day, "access")
    assert "nothing mentions the name you typed" in day.mina.last.words


async def test_what_somebody_on_two_challenges_typed_in_private_is_of_neither(day: Day) -> None:
    ours = day.challenge
    await day.open_challenge(host="Otherborough")
    day.challenge = ours
    await day.priya.types("theme rename Zoe Abernathy")
    await day.mina.types("challenge request Anyshire")
    await day.mina.presses("Anyshire ICS")
    await day.mina.sends(name=NAME, right="access")
    assert "Anyshire ICS: nothing mentions the name" in day.mina.last.words


async def test_what_a_check_in_asks_is_searched(before: Day) -> None:
    await before.open_challenge()
    await before.mina.types("checkin send")
    await before.mina.sends(questions="Have you met Zoe Abernathy?")
    await before.mina.sends()
    await asked(before, "access")
    assert "its title and questions" in before.mina.last.words


async def test_a_challenge_that_is_over_is_searched_while_its_key_lives(day: Day) -> None:
    await mentioned(day)
    assert day.challenge
    async with day.app.database.begin() as uow:
        await uow.challenges.change(day.challenge.id, ended_at=day.now + timedelta(seconds=1))
        await uow.commit()
    await asked(day, "access")
    assert "4 items mention" in day.mina.last.words
