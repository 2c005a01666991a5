"""The modals each person has open, one upon another, and each person's Home page.

Every person has a stack of their own. What was typed survives an update when a field keeps its block and action
ids, as it does in Slack's client.
"""

import copy
from dataclasses import dataclass, field
from typing import Any

from . import limits
from .blocks import elements_of, is_view_too_large, problems_in_view
from .forms import State, initial_state, to_values
from .refusals import Refused
from .workspace import APP, BOT, TEAM, Workspace

Json = dict[str, Any]


@dataclass(eq=False, slots=True)
class View:
    """`content` is what the app sent, ids filled in; `errors` what the app says of fields, by block id."""

    id: str
    person: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    state: State = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    closed: bool = False

    @property
    def title(self) -> str:
        return str((self.content.get("title") or {}).get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        return list(self.content["blocks"])

    def to_json(self) -> Json:
        standard: Json = {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "title": None,
            "submit": None,
            "close": None,
            "clear_on_close": False,
            "notify_on_close": False,
        }
        made: Json = {
            "id": self.id,
            "team_id": TEAM,
            "state": {"values": to_values(self.state)},
            "hash": self.hash,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
            "app_id": APP,
            "app_installed_team_id": TEAM,
            "bot_id": BOT,
        }
        return standard | self.content | made


class Views:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def stack(self, person: str) -> list[View]:
        return self._stacks.setdefault(person, [])

    def top(self, person: str) -> View | None:
        stack = self.stack(person)
        return stack[-1] if stack else None

    def open(self, person: str, content: object) -> View:
        """A first modal; what was open before is gone."""
        checked = self._checked(content, "modal")
        self.close_all(person)
        return self._add(person, checked, previous=None)

    def push(self, person: str, content: object) -> View:
        checked = self._checked(content, "modal")
        previous = self.top(person)
        if previous is None:
            raise Refused("not_found")
        if len(self.stack(person)) >= limits.MODALS_IN_A_STACK:
            raise Refused("push_limit_reached")
        return self._add(person, checked, previous=previous)

    def update(self, view: View, content: object) -> View:
        checked = self._checked(content, "modal", besides=view)
        view.content, view.hash, view.errors = checked, self._hash(), {}
        view.state = initial_state(checked["blocks"], view.state)
        return view

    def publish(self, person: str, content: object, expected_hash: str | None) -> View:
        checked = self._checked(content, "home")
        old = self.homes.get(person)
        if expected_hash and old is not None and old.hash != expected_hash:
            raise Refused("hash_conflict")
        view_id = old.id if old is not None else self._workspace.next_id("V")
        home = View(view_id, person, checked, self._hash(), view_id)
        home.state = initial_state(checked["blocks"], old.state if old is not None else {})
        self.homes[person] = home
        return home

    def find(self, *, view_id: str | None, external_id: str | None) -> View:
        """An open modal; `not_found` once it is closed."""
        for stack in self._stacks.values():
            for view in stack:
                if view_id == view.id or (external_id and external_id == view.content.get("external_id")):
                    return view
        raise Refused("not_found")

    def close_top(self, person: str) -> None:
        stack = self.stack(person)
        if stack:
            stack.pop().closed = True

    def close_all(self, person: str) -> None:
        while self.stack(person):
            self.close_top(person)

    def _add(self, person: str, content: Json, previous: View | None) -> View:
        view_id = self._workspace.next_id("V")
        root = previous.root_id if previous is not None else view_id
        view = View(view_id, person, content, self._hash(), root, previous.id if previous is not None else None)
        view.state = initial_state(content["blocks"], {})
        self.stack(person).append(view)
        return view

    def _checked(self, content: object, surface: str, besides: View | None = None) -> Json:
        problems = problems_in_view(content, surface)
        if problems:
            raise Refused.because("invalid_arguments", problems)
        if is_view_too_large(content):
            raise Refused("view_too_large")
        assert isinstance(content, dict)
        self._check_external_id(content.get("external_id"), besides)
        made: Json = copy.deepcopy(content)
        fill_in_ids(made["blocks"], self._workspace)
        return made

    def _check_external_id(self, external_id: str | None, besides: View | None) -> None:
        others = [view for stack in self._stacks.values() for view in stack if view is not besides]
        if external_id and any(view.content.get("external_id") == external_id for view in others):
            raise Refused("duplicate_external_id")

    def _hash(self) -> str:
        return f"{self._workspace.now_seconds()}.{self._workspace.next_id('h')}"


def fill_in_ids(blocks: list[Json], workspace: Workspace) -> None:
    """Slack names the blocks and elements that the app left unnamed."""
    for block in blocks:
        block.setdefault("block_id", workspace.next_id("b"))
        for element in elements_of(block):
            element.setdefault("action_id", workspace.next_id("a"))
