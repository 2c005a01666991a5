"""The team: a manager sets a challenge up in five minutes and always knows what is missing.

One line or a form says whose challenge it is and when; what was understood is shown back and can be corrected. People
are put on the team with their role, get one welcome with the ground rules, and keep their initials. The team channel is
bound only while it is private and everybody in it is on the challenge.
"""

from handlers.access import APPOINTED, MANAGER, TEAM
from handlers.registry import Command, Registry
from handlers.team import (
    actions,
    cards,
    channel,
    days_and_times,
    forms,
    missing,
    people,
    reach,
    seating,
    setting_up,
)
from handlers.team.dates import looks_like_a_set_up, looks_like_dates
from handlers.team.rules import is_addition, is_removal


def register(registry: Registry) -> None:
    _register_commands(registry)
    _register_buttons(registry)
    _register_forms(registry)
    _register_posts(registry)
    registry.joined = channel.follow_joining
    registry.left = reach.follow_leaving
    registry.blocked = reach.note_blocked
    registry.shut_out = channel.follow_shut_out
    registry.missing_part(missing.find_missing)


def _register_commands(registry: Registry) -> None:
    for entry in (
        Command(
            "challenge", actions.show_status, TEAM | APPOINTED, "how the challenge stands", also=("status",),
            first_at=("before",),
        ),
        Command(
            "challenge new", setting_up.start_new, APPOINTED, "set up a challenge",
            usage="host, framework, first and last day", accepts=looks_like_a_set_up, also=("new challenge",),
            opens=forms.NEW, example="Anyshire ICS, local system, 24 to 27 Nov 2026",
        ),
        Command(
            "challenge here", channel.bind_here, MANAGER, "make this channel the team’s (typed in it)",
            wants_facts=True, first_at=("before",),
        ),
        Command("challenge team", seating.show_team, TEAM, "who is on the team, and as what", also=("team",)),
        Command(
            "challenge team add", seating.start_adding, MANAGER, "add people to the team",
            usage="@somebody as lead peer", accepts=is_addition, opens=forms.ADD, example="@tom as lead peer",
            first_at=("before",),
        ),
        Command(
            "challenge team remove", seating.start_removing, MANAGER, "take somebody off the team",
            usage="@somebody", accepts=is_removal, opens=forms.REMOVE, example="TS",
        ),
        Command(
            "challenge dates", days_and_times.start_dates, MANAGER, "change the days on site",
            usage="24 to 27 Nov 2026", accepts=looks_like_dates,
            also=("challenge days",), opens=forms.DATES, example="24 to 26 Nov 2026",
        ),
        Command(
            "challenge times", days_and_times.start_times, MANAGER, "change the times of sessions and catch-up",
            usage="10:45, 13:00, 16:15", accepts=looks_like_dates, opens=forms.TIMES, example="10:30, 13:00, 16:00",
        ),
        Command("challenge list", actions.show_list, TEAM | APPOINTED, "all your challenges", also=("challenges",)),
    ):  # fmt: skip
        registry.command(entry)


def _register_buttons(registry: Registry) -> None:
    registry.button("team.status", actions.show_status_of, TEAM)
    registry.button("team.new", setting_up.press_new, APPOINTED, opens=forms.NEW)
    registry.button("team.dates", days_and_times.press_dates, MANAGER, opens=forms.DATES)
    registry.button("team.times", days_and_times.press_times, MANAGER, opens=forms.TIMES)
    registry.button("team.show", seating.show_team_of, TEAM)
    registry.button("team.add", seating.press_add, MANAGER, opens=forms.ADD)
    registry.button("team.remove", seating.press_remove, MANAGER, opens=forms.REMOVE)
    registry.button("team.remove_member", seating.press_removal, MANAGER)
    registry.button("team.agree", seating.agree, TEAM)


def _register_forms(registry: Registry) -> None:
    registry.form(forms.NEW, setting_up.take_new, APPOINTED)
    registry.form(forms.NEW_CHECK, setting_up.take_new_check, APPOINTED)
    registry.form(forms.DATES, days_and_times.take_dates, MANAGER)
    registry.form(forms.DATES_CHECK, days_and_times.take_dates_check, MANAGER)
    registry.form(forms.TIMES, days_and_times.take_times, MANAGER)
    registry.form(forms.TIMES_CHECK, days_and_times.take_times_check, MANAGER)
    registry.form(forms.ADD, seating.take_addition, MANAGER)
    registry.form(forms.REMOVE, seating.take_removal, MANAGER)


def _register_posts(registry: Registry) -> None:
    registry.post("team.invitation", cards.build_invitation)
    registry.post("team.status", cards.build_status)
    registry.post("team.list", cards.build_list)
    registry.post("team.days_and_times", cards.build_days_and_times)
    registry.post("team.team", people.build_team)
    registry.post("team.changed", people.build_changed)
    registry.post("team.ask_removal", people.build_ask_removal)
    registry.post("team.removed", people.build_removed, even_removed=True)
    registry.post("team.welcome", people.build_welcome)
    registry.post("team.channel_bound", cards.build_channel_bound)
    registry.post("team.channel_fit", cards.build_channel_fit)
    registry.post("team.channel_unfit", cards.build_channel_unfit)
    registry.post("team.channel_stopped", cards.build_channel_stopped)
