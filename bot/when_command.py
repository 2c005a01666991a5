"""`baseroom when "TEXT"`: shows what Baseroom understands a date or time to mean, so that a manager or a script can
check a phrase before it is typed into a form.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from handlers.when import read_when, to_json


def when(
    text: Annotated[str, typer.Argument(help="A date, time, range, duration or recurrence, as you would type it.")],
    now: Annotated[
        str | None, typer.Option(help="Read it as if said then, as 2026-11-18T10:15 (default: the present).")
    ] = None,
    zone: Annotated[str, typer.Option(help="The time zone, whose clock changes count.")] = "Europe/London",
) -> None:
    """Print what a date or time means, as one JSON object in ISO 8601.

    Keys: date, dates, datetime, time, start and end, start_time and end_time, duration, or rrule with times. What was
    not understood gives "date": null with its reason: ambiguous (with options), not a date, or does not exist.
    """
    place = _place(zone)
    reading = read_when(text, now=_moment(now, place), zone=place)
    typer.echo(json.dumps(to_json(reading), ensure_ascii=False))


def _place(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        message = f"There is no time zone {name!r}. Give one as Europe/London."
        raise typer.BadParameter(message, param_hint="--zone") from exc


def _moment(text: str | None, place: ZoneInfo) -> datetime:
    if text is None:
        return datetime.now(place)
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError as exc:
        message = f"{text!r} is not a date and time. Give one as 2026-11-18T10:15."
        raise typer.BadParameter(message, param_hint="--now") from exc
