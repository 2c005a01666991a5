"""Answering a call for help."""

from handlers.desk import Turn


async def show_help(turn: Turn, _args: str) -> None:
    await turn.answer("help.overview")
