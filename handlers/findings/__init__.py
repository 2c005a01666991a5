"""Findings: a peer types what they heard, and it is on the wall under their initials before they put the phone away.

Each message is read into one finding or several, saved with its source, answered with one line, and followed when its
author edits or deletes it ("How we record evidence", local-system guidance). Forms, a message shortcut and a pushpin
lead to the same place; `/findings` looks things up.
"""

from handlers.access import MANAGER, TEAM
from handlers.asides import LOG_ASIDE
from handlers.findings import actions, cards, changes, lists, receipts, recording, sensitive
from handlers.findings.asking import is_a_question
from handlers.registry import Command, Registry, ShortcutEntry


def register(registry: Registry) -> None:
    registry.said = actions.log_message
    registry.edited = actions.follow_edit
    registry.deleted = actions.follow_deletion
    registry.shortcut(
        ShortcutEntry(
            name="findings.log",
            title="Log as finding",
            description="Put this message on the wall, under the initials of whoever wrote it",
            handler=actions.log_quoted,
            allowed=TEAM,
        )
    )
    registry.reaction("pushpin", actions.log_pinned, TEAM)
    registry.reaction("round_pushpin", actions.log_pinned, TEAM)
    _register_commands(registry)
    _register_buttons(registry)
    registry.form("findings.new", lists.send_new, TEAM)
    registry.form("findings.edit", lists.send_edit, TEAM)
    registry.form("findings.which", lists.choose_one, TEAM)
    registry.form("findings.move", changes.move, TEAM)
    registry.form(recording.CLEAR, sensitive.clear, MANAGER)
    registry.post("findings.receipt", receipts.build_receipt, even_removed=True)
    registry.post("findings.before_visit", cards.build_before_visit)
    registry.post("findings.not_saved", cards.build_not_saved)
    registry.post("findings.one", cards.build_one)
    registry.post("findings.list", cards.build_list)
    registry.post(recording.SENSITIVE, sensitive.build_sensitive)


def _register_commands(registry: Registry) -> None:
    registry.command(
        Command(
            words="finding",
            handler=lists.finding_command,
            allowed=TEAM,
            summary="log a finding with a form, or see one by its number",
            usage="[number | edit number | what you heard]",
            accepts=lists.names_one,
            also=("log finding", "log a finding", "new finding"),
            opens="findings.new",
        )
    )
    registry.command(
        Command(
            words="findings",
            handler=lists.list_command,
            allowed=TEAM,
            summary="your findings, or the team’s: by theme, day, initials or a word",
            usage="[mine | all | today | yesterday | unsorted | sensitive | #theme | by initials | a word]",
            accepts=is_a_question,
            also=("my findings",),
            first_at=("on_site", "after"),
            example="today",
        )
    )
    registry.command(
        Command(
            words="practice",
            handler=changes.offer_practice,
            allowed=TEAM,
            summary="try a finding that never reaches the wall",
            also=("practise", "try a finding"),
            first_at=("before",),
        )
    )


def _register_buttons(registry: Registry) -> None:
    registry.button(LOG_ASIDE, actions.log_aside, TEAM)
    registry.button("findings.pre_reading", actions.log_pre_reading, TEAM)
    registry.button("findings.leave_aside", actions.leave_aside, TEAM)
    registry.button("findings.theme", changes.press_theme, TEAM)
    registry.button("findings.withdraw", changes.withdraw, TEAM)
    registry.button("findings.put_back", changes.put_back, TEAM)
    registry.button("findings.keep_as_one", changes.keep_as_one, TEAM)
    registry.button("findings.split", changes.split, TEAM)
    registry.button("findings.move", changes.ask_where_to, TEAM, opens="findings.move")
    registry.button("findings.for_real", changes.log_for_real, TEAM)
    registry.button("findings.practice", changes.offer_practice, TEAM)
    registry.button("findings.new", lists.open_new, TEAM, opens="findings.new")
    registry.button("findings.more", lists.open_more, TEAM, opens="findings.edit")
    registry.button("findings.list", lists.turn_page, TEAM)
    registry.button(recording.FLAG, sensitive.flag, TEAM)
    registry.button(recording.OPEN, sensitive.open_one, MANAGER)
    registry.button(recording.CLEAR, sensitive.ask_why, MANAGER, opens=recording.CLEAR)
