"""All that Baseroom holds of a visit is destroyed: asked for, confirmed by somebody else, done, and certified."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import select

from bot.ports import NotSent, Refused, Target, Unsure
from handlers.chat import Card, File, Form, Text
from storage.audit import verify
from storage.disposals import TOLD
from storage.errors import KeyDestroyed, NotStored
from storage.records import Challenge, Disposal
from storage.tables import outbox, posts
from tests.fieldwork.day import STRANGER, TEAM, WORKSPACE, Day
from tests.fieldwork.disposal.conftest import CHART, SECRET, SOURCE

HOST = "Anyshire ICS"
OTHERS = [handle for handle in TEAM if handle not in ("mina", "ruth")]


async def challenge_of(day: Day) -> Challenge:
    assert day.challenge
    async with day.app.database.reading() as uow:
        return await uow.challenges.get(day.challenge.id)


async def disposal_of(day: Day) -> Disposal | None:
    assert day.challenge
    async with day.app.database.reading() as uow:
        try:
            return await uow.disposals.get(day.challenge.id)
        except NotStored:
            return None


def words_of(form: Form | None) -> list[str]:
    assert form
    return [part.plain for part in form.parts if isinstance(part, Text)]


async def asks(day: Day, reason: str = "") -> None:
    await day.mina.types("challenge destroy")
    await (day.mina.sends(host=HOST, reason=reason) if reason else day.mina.sends(host=HOST))


async def confirms(day: Day) -> None:
    await day.ruth.presses("Read and confirm")
    await day.ruth.sends(host=HOST)


async def destroy(day: Day) -> None:
    await asks(day)
    await confirms(day)
    await day.settle()


def as_where_others_work(day: Day) -> None:
    """Posts are deleted no faster than a platform allows."""
    scheduler = day.app.scheduler
    scheduler.disposer = replace(scheduler.disposer, pace=timedelta(seconds=1), backup_days=30)


async def destroy_in_the_evening(day: Day) -> None:
    """Asked for and confirmed at 22:00 on Friday 4 December; ten minutes later."""
    as_where_others_work(day)
    await day.at("22:00").mina.types("challenge kept")
    await destroy(day)
    await day.pass_time(minutes=10)


async def left_of_the_words(day: Day) -> int:
    """Rows that say to whom the end was told, or is to be."""
    many = 0
    async with day.app.database.engine.connect() as connection:
        for table in (outbox, posts):
            rows = await connection.execute(select(table).where(table.c.kind == TOLD))
            many += len(rows.all())
    return many


async def test_what_is_confirmed_in_the_evening_is_destroyed_and_certified_at_once(signed_off: Day) -> None:
    await destroy_in_the_evening(signed_off)
    disposal = await disposal_of(signed_off)
    assert disposal
    assert disposal.is_certified
    for who in (signed_off.mina, signed_off.ruth):
        assert isinstance(who.last.content, File), "both are up: they have just pressed"
        assert "Certificate of destruction · Anyshire ICS" in who.sees
        assert "5 people are still to be told; how they are reached is kept for that, until 7 December 2026" in who.sees
    assert [signed_off.people[handle].posts for handle in OTHERS] == [[]] * len(OTHERS)
    async with signed_off.app.database.reading() as uow:
        assert await uow.members.of_challenge(disposal.challenge_id, with_removed=True) == []
        assert [await uow.accounts.find("slack", WORKSPACE, handle) for handle in OTHERS] == [None] * len(OTHERS)


async def test_the_others_are_told_in_the_morning_and_then_it_is_forgotten_how(signed_off: Day) -> None:
    await destroy_in_the_evening(signed_off)
    await signed_off.on(date(2026, 12, 5), "07:59")
    assert [signed_off.people[handle].posts for handle in OTHERS] == [[]] * len(OTHERS)
    assert await left_of_the_words(signed_off) == len(OTHERS)
    await signed_off.on(date(2026, 12, 5), "08:00")
    assert ["are destroyed for good" in signed_off.people[handle].last.words for handle in OTHERS] == [True] * 5
    await signed_off.on(date(2026, 12, 5), "08:01")
    assert await left_of_the_words(signed_off) == 0
    assert "5 December 2026 at 08:00; 5 of 5 people are known to have been told" in signed_off.mina.sees
    disposal = await disposal_of(signed_off)
    assert disposal
    assert disposal.next_step is None


async def test_who_asked_long_before_is_not_woken(signed_off: Day) -> None:
    as_where_others_work(signed_off)
    await asks(signed_off)
    asked = [post.id for post in signed_off.mina.posts]
    await signed_off.at("22:00").ruth.presses("Read and confirm")
    await signed_off.ruth.sends(host=HOST)
    await signed_off.pass_time(minutes=10)
    assert isinstance(signed_off.ruth.last.content, File)
    assert [post for post in signed_off.mina.posts if post.id not in asked] == []
    await signed_off.on(date(2026, 12, 5), "08:00")
    card, document = signed_off.mina.posts[-2:]
    assert "Certificate of destruction · Anyshire ICS" in card.words
    assert isinstance(document.content, File)


async def test_who_asks_for_the_certificate_at_night_has_the_card_then_and_not_again(signed_off: Day) -> None:
    await asks(signed_off)
    await signed_off.at("22:00").ruth.presses("Read and confirm")
    await signed_off.ruth.sends(host=HOST)
    await signed_off.settle()
    await signed_off.at("22:30").mina.types("challenge certificate")
    card, document = signed_off.mina.posts[-2:]
    assert "Certificate of destruction · Anyshire ICS" in card.words
    assert isinstance(document.content, File)
    await signed_off.on(date(2026, 12, 5), "09:00")
    assert signed_off.mina.sees.count("Certificate of destruction · Anyshire ICS") == 1


async def test_a_certificate_that_is_ready_late_at_night_is_handed_over_in_the_morning(signed_off: Day) -> None:
    await signed_off.at("22:00").mina.types("challenge kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signed_off.platform, "delete", raising(NotSent("rate limited", timedelta(hours=4))))
        await destroy(signed_off)
    await signed_off.on(date(2026, 12, 5), "02:30")
    disposal = await disposal_of(signed_off)
    assert disposal
    assert disposal.is_certified
    await signed_off.on(date(2026, 12, 5), "07:59")
    for who in (signed_off.mina, signed_off.ruth):
        assert not isinstance(who.last.content, File)
    await signed_off.on(date(2026, 12, 5), "08:00")
    for who in (signed_off.mina, signed_off.ruth):
        assert isinstance(who.last.content, File)


def raising(error: Exception) -> Callable[..., Awaitable[str]]:
    async def fail(*_args: object, **_more: object) -> str:
        raise error

    return fail


async def test_both_are_told_how_many_have_not_confirmed_that_their_notes_are_destroyed(signed_off: Day) -> None:
    await signed_off.priya.presses("All of it is destroyed")
    warning = "6 people have not confirmed that their own notes are destroyed."
    await signed_off.mina.types("challenge destroy")
    assert warning in words_of(signed_off.mina.form)
    await signed_off.mina.sends(host=HOST)
    await signed_off.ruth.presses("Read and confirm")
    assert warning in words_of(signed_off.ruth.form)


async def test_the_certificate_says_how_many_had_confirmed_that_their_notes_are_destroyed(signed_off: Day) -> None:
    await signed_off.priya.presses("All of it is destroyed")
    await destroy(signed_off)
    confirmed = "1 of 7 people who were asked had confirmed that theirs are destroyed"
    for who in (signed_off.mina, signed_off.ruth):
        card, document = who.posts[-2:]
        assert f"Notes that people held themselves: {confirmed}" in card.words
        assert "the register of it is gone unless it was exported" in card.words
        assert isinstance(document.content, File)
        read = "\n".join(
            cell.text
            for table in Document(BytesIO(document.content.content)).tables
            for row in table.rows
            for cell in row.cells
        )
        assert confirmed in read


async def test_the_certificate_says_that_nobody_had_been_asked_about_their_notes(after: Day) -> None:
    await asks(after, reason="The host withdrew its consent")
    await confirms(after)
    await after.settle()
    assert "Notes that people held themselves: nobody had been asked to destroy theirs" in after.mina.sees


async def test_two_people_destroy_it_and_both_get_the_certificate(signed_off: Day) -> None:
    await destroy(signed_off)
    disposal = await disposal_of(signed_off)
    assert disposal
    assert disposal.is_certified
    for who in (signed_off.mina, signed_off.ruth):
        card, document = who.posts[-2:]
        assert "Certificate of destruction · Anyshire ICS" in card.words
        assert "Findings: 2, from 2 kinds of source, by a team of 6 peers" in card.words
        assert "whatever was marked sensitive is destroyed too, and not counted here" in card.words
        assert "Asked for by: Peer challenge manager, MO, 4 December 2026 at 09:59" in card.words
        assert "Confirmed by: Lead peer, RC, 4 December 2026 at 09:59" in card.words
        assert "when the last one expires is not known to Baseroom" in card.words
        assert isinstance(document.content, File)
        assert document.content.name == "Anyshire ICS certificate of destruction 2026-12-04.docx"
        assert not [word for word in (SECRET, SOURCE, CHART, "Okafor", "Calder") if word in card.words]


async def test_nothing_of_it_is_left_but_numbers(signed_off: Day) -> None:
    await destroy(signed_off)
    assert signed_off.challenge
    with pytest.raises(KeyDestroyed):
        signed_off.app.database.keys.of(signed_off.challenge.id)
    async with signed_off.app.database.reading() as uow:
        assert await uow.findings.on_the_wall(signed_off.challenge.id) == []
        assert await uow.members.of_challenge(signed_off.challenge.id, with_removed=True) == []
        assert await uow.themes.of_challenge(signed_off.challenge.id) == []
        assert await uow.runs.of_challenge(signed_off.challenge.id) == []
        assert await uow.posts.of_challenge(signed_off.challenge.id) == []
        assert await uow.accounts.find("slack", WORKSPACE, "priya") is None
        assert await uow.accounts.find("slack", WORKSPACE, "ruth") is not None


async def test_the_audit_trail_outlives_it_whole_and_names_nobody(signed_off: Day) -> None:
    await destroy(signed_off)
    assert signed_off.challenge
    async with signed_off.app.database.reading() as uow:
        trail = await uow.audit.of_challenge(signed_off.challenge.id)
        told = await uow.audit.told_of(signed_off.challenge.id)
    done = [entry.action for entry in trail]
    assert done[-3:] == ["destruction.asked", "destruction.confirmed", "destruction.done"]
    assert verify(trail).broken_at is None
    assert {one.by for one in told} == {None}


async def test_its_own_posts_are_off_the_platform(signed_off: Day) -> None:
    before = len(signed_off.platform.shown)
    await destroy(signed_off)
    kinds = {type(post.content) for post in signed_off.platform.shown}
    assert kinds == {Card, File}
    assert len(signed_off.platform.shown) == 4 + 5  # certificate and document, twice; a word to each of the others
    disposal = await disposal_of(signed_off)
    assert disposal
    assert disposal.tally.posts >= before
    for handle in TEAM:
        shown = signed_off.platform.homes[handle]
        assert "You are on no challenge yet" in str(shown)


async def test_who_asked_stands_in_lower_case_within_a_sentence(signed_off: Day) -> None:
    await asks(signed_off)
    assert "is asked for by peer challenge manager, MO." in signed_off.mina.last.words
    assert "Anyshire ICS: peer challenge manager, MO, asks to destroy" in signed_off.ruth.last.words
    await signed_off.ruth.presses("Read and confirm")
    assert "Asked for by peer challenge manager, MO." in words_of(signed_off.ruth.form)


async def test_everybody_else_on_the_team_is_told_once_in_one_sentence(signed_off: Day) -> None:
    await destroy(signed_off)
    await signed_off.pass_time(days=1)
    for handle in OTHERS:
        (told,) = signed_off.people[handle].posts
        assert "Anyshire ICS" in told.words
        assert "are destroyed for good" in told.words
        assert "the messages that you typed yourself and your own notes are yours to delete" in told.words
        assert HOST not in told.content.notification
    for who in (signed_off.mina, signed_off.ruth):
        assert "are destroyed for good" not in who.sees


def unless_to(day: Day, conversation: str, error: Exception) -> Callable[..., Awaitable[str]]:
    """Posting as ever, but for one conversation."""
    really = day.platform.post

    async def post(target: Target, page: object, *, key: str) -> str:
        if target.conversation == conversation:
            raise error
        return await really(target, page, key=key)

    return post


async def destroy_unless_to(day: Day, conversation: str, error: Exception) -> None:
    """Asked for, confirmed and carried out, while nothing can be posted in one conversation."""
    await asks(day)
    await confirms(day)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(day.platform, "post", unless_to(day, conversation, error))
        await day.settle()


@pytest.mark.parametrize("trouble", [Refused("account_inactive"), RuntimeError("a fault of our own")])
async def test_one_who_cannot_be_told_holds_nothing_up(signed_off: Day, trouble: Exception) -> None:
    await destroy_unless_to(signed_off, "D-priya", trouble)
    assert "Certificate of destruction" in signed_off.mina.sees
    assert "are destroyed for good" in signed_off.tom.sees


async def test_somebody_whom_the_platform_was_too_busy_to_tell_is_told_later(signed_off: Day) -> None:
    await destroy_unless_to(signed_off, "D-tom", NotSent("rate limited", timedelta(minutes=1)))
    assert signed_off.tom.posts == []
    await signed_off.pass_time(minutes=2)
    assert [len(signed_off.people[handle].posts) for handle in OTHERS] == [1] * len(OTHERS)
    assert "Certificate of destruction" in signed_off.mina.sees


async def test_a_platform_that_is_busy_for_days_holds_up_neither_the_destruction_nor_the_certificate(
    signed_off: Day,
) -> None:
    """Whoever could not be told within three days is not told, and it is forgotten how they could have been."""
    await asks(signed_off)
    await confirms(signed_off)
    with pytest.MonkeyPatch.context() as patch:
        too_busy = NotSent("rate limited", timedelta(hours=1))
        patch.setattr(signed_off.platform, "post", unless_to(signed_off, "D-tom", too_busy))
        await signed_off.settle()
        assert isinstance(signed_off.mina.last.content, File)
        await signed_off.pass_time(minutes=1)
        await signed_off.mina.types("challenge certificate")
        assert "1 person is still to be told; how they are reached is kept" in signed_off.mina.posts[-2].words
        await signed_off.pass_time(days=2, hours=23)
        assert await left_of_the_words(signed_off) > 0
        await signed_off.pass_time(hours=1)
        assert await left_of_the_words(signed_off) == 0
    assert "4 of 5 people are known to have been told" in signed_off.mina.sees
    await signed_off.pass_time(days=2)
    assert signed_off.tom.posts == []


@pytest.mark.parametrize("trouble", [NotSent("rate limited", timedelta(hours=1)), RuntimeError("a fault of our own")])
async def test_a_chat_that_cannot_be_opened_for_the_word_is_not_waited_for(after: Day, trouble: Exception) -> None:
    """Aled, Grace and Jo have never written to Baseroom, nor it to them."""
    await asks(after, reason="The host withdrew its consent")
    await confirms(after)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(after.platform, "open_dm", raising(trouble))
        await after.settle()
    assert isinstance(after.mina.last.content, File)
    await after.pass_time(minutes=1)
    assert "2 of 2 people are known to have been told" in after.mina.sees
    assert [len(after.people[handle].posts) for handle in OTHERS] == [1, 1, 0, 0, 0]


async def test_a_word_that_was_held_up_into_the_evening_waits_for_the_next_morning(signed_off: Day) -> None:
    await destroy_unless_to(signed_off, "D-tom", NotSent("rate limited", timedelta(hours=11)))
    await signed_off.on(date(2026, 12, 5), "07:59")
    assert signed_off.tom.posts == []
    await signed_off.on(date(2026, 12, 5), "08:00")
    assert len(signed_off.tom.posts) == 1


@pytest.mark.parametrize(("keeps_keys", "known"), [(True, 5), (False, 4)])
async def test_a_word_whose_answer_is_lost_is_looked_for_and_never_said_twice(
    signed_off: Day, keeps_keys: bool, known: int
) -> None:
    await asks(signed_off)
    await confirms(signed_off)
    signed_off.platform.keeps_keys = keeps_keys
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signed_off.platform, "post", arriving_at(signed_off, "D-tom", Unsure("timeout")))
        await signed_off.settle()
    await signed_off.pass_time(hours=2)
    assert [len(signed_off.people[handle].posts) for handle in OTHERS] == [1] * len(OTHERS)
    assert f"{known} of 5 people are known to have been told" in signed_off.mina.sees
    assert "Did this appear?" not in signed_off.mina.sees


def arriving_at(day: Day, conversation: str, error: Exception) -> Callable[..., Awaitable[str]]:
    """Posting as ever, but the answer from one conversation is lost."""
    really = day.platform.post

    async def post(target: Target, page: object, *, key: str) -> str:
        message = await really(target, page, key=key)
        if target.conversation == conversation:
            raise error
        return message

    return post


async def test_somebody_on_two_visits_that_are_destroyed_is_told_of_each(signed_off: Day) -> None:
    first, members = signed_off.challenge, dict(signed_off.members)
    await signed_off.open_challenge(host="Otherton ICS", first=date(2026, 12, 8), last=date(2026, 12, 10))
    for host in ("Otherton ICS", HOST):
        await signed_off.at("21:00").mina.types(f"challenge destroy {host}")
        is_early = host != HOST
        await (signed_off.mina.sends(host=host, reason="It withdrew") if is_early else signed_off.mina.sends(host=host))
        await signed_off.ruth.presses("Read and confirm")
        await signed_off.ruth.sends(host=host)
        await signed_off.settle()
    signed_off.challenge, signed_off.members = first, members
    await signed_off.on(date(2026, 12, 5), "08:01")
    for handle in OTHERS:
        told = [post.words for post in signed_off.people[handle].posts if "destroyed for good" in post.words]
        assert sorted(words.partition(":")[0] for words in told) == [HOST, "Otherton ICS"]
    assert await left_of_the_words(signed_off) == 0


async def test_a_post_that_the_platform_keeps_is_counted(signed_off: Day) -> None:
    await asks(signed_off)
    await confirms(signed_off)
    signed_off.platform.raises.append(Refused("cant_delete_message"))
    await signed_off.settle()
    assert "1 refused by the platform (cant_delete_message)" in signed_off.mina.sees


async def test_it_is_not_asked_for_by_mistake(signed_off: Day) -> None:
    await signed_off.mina.types("challenge destroy")
    assert signed_off.mina.form
    assert "This cannot be undone" in str(signed_off.mina.form.parts)
    assert "7 people have not confirmed" in str(signed_off.mina.form.parts)
    await signed_off.mina.sends(host="Anyshire")
    assert "not the host’s name" in signed_off.mina.errors["host"]
    assert await disposal_of(signed_off) is None
    await signed_off.mina.sends(host="  anyshire  ics ")
    assert await disposal_of(signed_off) is not None


async def test_before_the_sign_off_it_needs_a_reason(after: Day) -> None:
    await after.mina.types("challenge destroy")
    assert after.mina.form
    after.mina.form = replace(after.mina.form, parts=tuple(after.mina.form.parts))
    await after.mina.sends(host=HOST, reason=" ")
    assert "Say why" in after.mina.errors["reason"]
    await after.mina.sends(host=HOST, reason="The host withdrew its consent")
    assert "The host withdrew its consent" in after.ruth.last.words
    await confirms(after)
    await after.settle()
    assert "not before this was asked for, with a reason" in after.mina.sees
    assert "withdrew" not in after.mina.sees


async def test_nobody_confirms_what_they_asked_for(signed_off: Day) -> None:
    await asks(signed_off)
    await signed_off.mina.types("challenge destroy confirm")
    assert "somebody else must confirm it" in signed_off.mina.last.words
    assert signed_off.challenge
    await signed_off.mina.presses_action("disposal.confirm", signed_off.challenge.id)
    assert "somebody else must confirm it" in signed_off.mina.last.words


async def test_a_linked_second_account_is_the_same_person(signed_off: Day) -> None:
    """The manager asks, links an account that nobody knew, and confirms from there."""
    await asks(signed_off)
    mina, other = signed_off.mina, signed_off.zed
    await other.types("help")
    async with signed_off.app.database.begin() as uow:
        first = await uow.accounts.find("slack", WORKSPACE, "mina")
        second = await uow.accounts.find("slack", WORKSPACE, STRANGER)
        assert first
        assert second
        await uow.accounts.move(second.id, first.person_id)
        await uow.commit()
    assert mina.day.challenge
    await other.presses_action("disposal.confirm", mina.day.challenge.id)
    assert "somebody else must confirm it" in other.last.words


@pytest.mark.parametrize("who", ["priya", STRANGER])
async def test_a_peer_and_a_stranger_confirm_nothing(signed_off: Day, who: str) -> None:
    await asks(signed_off)
    await signed_off.people[who].types("challenge destroy confirm")
    assert "No destruction waits for you" in signed_off.people[who].last.words
    assert signed_off.challenge
    await signed_off.people[who].presses_action("disposal.confirm", signed_off.challenge.id)
    assert "Only the lead peer or another challenge manager" in signed_off.people[who].last.words


async def test_another_appointed_manager_may_confirm_without_being_on_the_team(signed_off: Day) -> None:
    house = replace(signed_off.app.house, managers=frozenset({"mina", STRANGER}))
    signed_off.app.dispatch.house = house
    await asks(signed_off)
    assert isinstance(await signed_off.zed.types("challenge destroy confirm"), Form)
    await signed_off.zed.sends(host=HOST)
    await signed_off.settle()
    assert "Confirmed by: a challenge manager of this Baseroom" in signed_off.mina.sees
    await signed_off.zed.types("challenge certificate")
    assert "Certificate of destruction" in signed_off.zed.last.words or isinstance(signed_off.zed.last.content, File)


async def test_who_asks_for_the_certificate_again_stands_in_the_audit_trail(signed_off: Day) -> None:
    await asks(signed_off)
    await confirms(signed_off)
    await signed_off.settle()
    await signed_off.mina.types("challenge certificate")
    assert signed_off.challenge
    async with signed_off.app.database.reading() as uow:
        entries = await uow.audit.of_challenge(signed_off.challenge.id)
    assert verify(entries).broken_at is None
    assert [(entry.action, entry.people) for entry in entries][-1] == ("certificate.shown", b"")


async def test_a_request_is_withdrawn_before_anybody_confirms(signed_off: Day) -> None:
    await asks(signed_off)
    await signed_off.mina.presses("Withdraw the request")
    await signed_off.ruth.presses("Read and confirm")
    assert "no longer there" in signed_off.ruth.last.words
    assert await disposal_of(signed_off) is None


async def test_a_hold_between_asking_and_confirming_stops_it(signed_off: Day) -> None:
    await asks(signed_off)
    await signed_off.ruth.presses("Read and confirm")
    form = signed_off.ruth.form
    await signed_off.mina.types("challenge hold A request for information has come")
    signed_off.ruth.form = form
    await signed_off.ruth.sends(host=HOST)
    assert "on hold" in signed_off.ruth.errors[""]
    await signed_off.settle()
    assert (await challenge_of(signed_off)).destroyed_at is None
    await signed_off.mina.types("challenge destroy")
    assert "on hold, so nothing of it is destroyed" in signed_off.mina.last.words
    await signed_off.mina.types("challenge unhold It was answered")
    await signed_off.ruth.presses("Read and confirm")
    await signed_off.ruth.sends(host=HOST)
    await signed_off.settle()
    assert (await challenge_of(signed_off)).destroyed_at is not None


async def test_once_confirmed_it_takes_no_hold_and_no_words(signed_off: Day) -> None:
    await asks(signed_off)
    await confirms(signed_off)
    await signed_off.mina.types("challenge hold Too late")
    assert "is being destroyed" in signed_off.mina.last.words
    await signed_off.priya.says("One more thing that I heard about trust")
    assert "nothing can be added to it" in signed_off.priya.last.words
    await signed_off.settle()
    await signed_off.priya.says("One more thing that I heard about trust")
    assert "not on a peer challenge" in signed_off.priya.last.words


async def test_somebody_on_another_visit_keeps_their_seat(signed_off: Day) -> None:
    first, members = signed_off.challenge, dict(signed_off.members)
    await signed_off.open_challenge(host="Otherton ICS", first=date(2026, 12, 8), last=date(2026, 12, 10))
    signed_off.challenge, signed_off.members = first, members
    await signed_off.mina.types("challenge destroy Anyshire")
    await signed_off.mina.sends(host=HOST)
    await confirms(signed_off)
    await signed_off.settle()
    await signed_off.priya.says("Staff are proud of the new service")
    assert "Is that a finding from the pre-reading?" in signed_off.priya.last.words


async def test_the_certificate_comes_within_minutes_where_others_work(signed_off: Day) -> None:
    as_where_others_work(signed_off)
    await asks(signed_off)
    await confirms(signed_off)
    assert "Destruction under way" in signed_off.mina.sees
    assert "whatever the hour" in signed_off.mina.sees
    await signed_off.pass_time(minutes=5)
    assert "Certificate of destruction" in signed_off.mina.sees
    assert "the last one expires on Sunday 3 January 2027" in signed_off.mina.sees


async def test_what_was_decided_cannot_be_cut_off_the_trail_unseen_once_it_is_done(signed_off: Day) -> None:
    await destroy(signed_off)
    assert await noted(signed_off) == await written(signed_off) > 0


async def test_what_was_decided_cannot_be_cut_off_the_trail_unseen_after_a_stop(signed_off: Day) -> None:
    await signed_off.mina.types("challenge hold")
    await signed_off.mina.sends(reason="A request has come")
    entries = await written(signed_off)
    await signed_off.app.stop()
    assert await noted(signed_off) == entries > 0


async def written(day: Day) -> int:
    """How many entries the trail of the challenge has."""
    assert day.challenge
    async with day.app.database.reading() as uow:
        return len(await uow.audit.of_challenge(day.challenge.id))


async def noted(day: Day) -> int:
    """How many of them the database of the keys knows of."""
    assert day.challenge
    return day.app.database.keys.heads().get(day.challenge.id, (0, b""))[0]
