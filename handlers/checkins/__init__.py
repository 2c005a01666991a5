"""Check-ins before the visit: the questions that the challenge manager would ask each peer on the telephone.

The manager sends the framework's questions, or their own, with a date by which; each peer answers early or late, in a
form or in plain words, and may change it until it closes. Only those who have not answered are reminded, privately and
once a day. The manager sees who is missing, reads the answers in one place, and agrees a time for a call with each.
"""

from datetime import timedelta

from handlers.access import MANAGER, TEAM
from handlers.checkins import actions, answering, call_cards, calls, cards, forms, overview, posts, schedule
from handlers.registry import Command, Late, Registry, ScheduleEntry

AN_HOUR = timedelta(hours=1)


def register(registry: Registry) -> None:
    _register_commands(registry)
    _register_buttons(registry)
    _register_posts(registry)
    registry.form(forms.SEND, actions.send, MANAGER)
    registry.form(forms.CHANGE, actions.change, MANAGER)
    registry.form(forms.ANSWER, answering.take_page, TEAM)
    registry.form(forms.SET_CALL, calls.set_call, MANAGER)
    registry.form(forms.SUGGEST, calls.suggest, TEAM)
    registry.reply(posts.PROMPT, answering.take_reply)
    registry.reply(posts.KEPT, answering.take_reply)
    registry.reply_changed(posts.PROMPT, answering.follow_change)
    registry.reply_changed(posts.KEPT, answering.follow_change)
    registry.reply_changed_unquoted(answering.follow_unquoted)
    registry.reply(posts.CALL, calls.take_reply)
    registry.planner(schedule.lay_close)
    for kind, handler in (
        (schedule.REMIND, schedule.remind),
        (schedule.NUDGE, schedule.nudge),
        (schedule.CLOSE, schedule.close),
        (schedule.CALL, schedule.word_on_the_morning),
    ):
        registry.scheduled(ScheduleEntry(kind, handler, AN_HOUR, Late.RUN))
    registry.newcomer(schedule.ask_newcomer)
    registry.seats_joined(schedule.join_replies)
    registry.missing_part(overview.find_missing)
    registry.asked_part(cards.build_asked)
    registry.offer(answering.offer_to_answer)


def _register_commands(registry: Registry) -> None:
    for entry in (
        Command("checkin", actions.show, TEAM, "the check-in before the visit", also=_spelt(""), first_at=("before",)),
        Command(
            "checkin send", actions.start_sending, MANAGER, "send the peers the questions before the visit",
            also=(*_spelt(" send"), *_spelt("send ", after=True)), opens=forms.SEND, first_at=("before",),
        ),
        Command(
            "checkin answers", actions.read_answers, MANAGER, "read the answers in one place",
            usage="checkin answers by peer", accepts=says_how, also=_spelt(" answers"), example="by peer",
        ),
        Command("checkin remind", actions.remind, MANAGER, "remind those who are missing", also=_spelt(" remind")),
        Command("checkin calls", calls.show_calls, MANAGER, "agree a time to call each peer", also=_spelt(" calls")),
        Command(
            "checkin change", actions.start_changing, MANAGER, "change its title, or the date by which to answer",
            also=_spelt(" change"), opens=forms.CHANGE,
        ),
        Command("checkin close", actions.close, MANAGER, "close the check-in", also=_spelt(" close")),
        Command(
            "remind me tomorrow", answering.remind_tomorrow_typed, TEAM, "be reminded of the check-in tomorrow",
            also=("remind tomorrow",),
        ),
    ):  # fmt: skip
        registry.command(entry)


def _spelt(word: str, *, after: bool = False) -> tuple[str, ...]:
    """The command as people spell it: "check-in answers", "check in answers"; with `after`, "send the check-in"."""
    if after:
        return (f"{word}checkin", f"{word}check-in", f"{word}check in")
    return (f"check-in{word}", f"check in{word}")


def says_how(args: str) -> bool:
    """Whether a typed "checkin answers …" is meant for us."""
    return args.casefold().strip() in ("", "by peer", "by question")


def _register_buttons(registry: Registry) -> None:
    registry.button("checkins.send", actions.send_pressed, MANAGER, opens=forms.SEND)
    registry.button("checkins.read", actions.read_pressed, MANAGER)
    registry.button("checkins.remind", actions.remind_pressed, MANAGER)
    registry.button("checkins.change", actions.change_pressed, MANAGER, opens=forms.CHANGE)
    registry.button("checkins.close", actions.close_pressed, MANAGER)
    registry.button("checkins.reopen", actions.reopen_pressed, MANAGER)
    registry.button("checkins.answer", answering.open_form, TEAM, opens=forms.ANSWER)
    registry.button("checkins.tomorrow", answering.remind_tomorrow, TEAM)
    registry.button(answering.ANSWER_WITH, answering.answer_with, TEAM)
    registry.button("checkins.calls", calls.calls_pressed, MANAGER)
    registry.button("checkins.agree", calls.agree, MANAGER)
    registry.button("checkins.set_call", calls.open_set_call, MANAGER, opens=forms.SET_CALL)
    registry.button("checkins.accept", calls.accept, TEAM)
    registry.button("checkins.suggest", calls.open_suggest, TEAM, opens=forms.SUGGEST)


def _register_posts(registry: Registry) -> None:
    registry.post(posts.PROMPT, cards.build_prompt)
    registry.post(posts.ASKED_AGAIN, cards.build_asked_again)
    registry.post(posts.KEPT, cards.build_kept)
    registry.post(posts.STATUS, overview.build_status)
    registry.post("checkins.nothing_sent", overview.build_nothing_sent)
    registry.post(posts.ANSWERS, overview.build_answers)
    registry.post(posts.CALL, call_cards.build_call)
    registry.post(posts.CALLS, call_cards.build_calls)
    registry.post(posts.CALLS_TODAY, call_cards.build_calls_today)
    registry.post(posts.CALL_TODAY, call_cards.build_call_today)
    registry.post(posts.CALL_NEWS, call_cards.build_call_news)
