"""Frameworks: the method of each programme, chosen once when a challenge is set up.

A programme's themes, prompts, roles, days, session times, check-in questions, destruction list, stages and
words stand in one file of `catalogue/`, so that a team reads its own programme's language and a programme can
bring a file of its own without a programmer. What the programme's published guidance does not state is marked
`assumed`: a manager knows which defaults to look at. Nothing is stored here; a challenge remembers a key.
"""

from handlers.frameworks.reading import Fault, FrameworkUnreadable, load_frameworks
from handlers.frameworks.rules import (
    DestructionItem,
    Framework,
    Question,
    RoleOutline,
    Stage,
    ThemeOutline,
    Words,
    framework_named,
)

__all__ = [
    "DestructionItem",
    "Fault",
    "Framework",
    "FrameworkUnreadable",
    "Question",
    "RoleOutline",
    "Stage",
    "ThemeOutline",
    "Words",
    "framework_named",
    "load_frameworks",
]
