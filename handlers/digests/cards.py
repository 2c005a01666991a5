"""What the team channel reads of the day: times in the morning, numbers as it goes on and when it ends."""

from collections.abc import Sequence
from datetime import date

from handlers.chat import Bullets, Card, Text, bold, heading, note, text
from handlers.desk import Desk
from handlers.digests.rules import DayInNumbers, Line, count_day, is_final
from handlers.frameworks import Framework, Words
from handlers.wording import counted, counted_kind, listed, name_day
from storage.records import Challenge, Intent, Session, SessionState


async def build_morning(desk: Desk, intent: Intent) -> Card:
    """One line with today's times: the sessions, and the catch-up or (on the last day) the final feedback."""
    challenge, day = await _day_of(desk, intent)
    sessions = await desk.uow.sessions.of_challenge(challenge.id, day)
    held = [session for session in sessions if session.state is not SessionState.SKIPPED]
    title = name_day(challenge, day)
    return Card(
        notification=f"Good morning: {title}",
        elements=(
            text(bold(f"Good morning. {title}.")),
            text(f"{_session_times(held)} · {_closing(challenge, desk.house.framework_of(challenge), day)}"),
        ),
    )


def _session_times(sessions: Sequence[Session]) -> str:
    if not sessions:
        return "No peer team sessions"
    times = listed([f"{session.time:%H:%M}" for session in sessions])
    return f"Peer team session{'s' if len(sessions) > 1 else ''} at {times}"


def _closing(challenge: Challenge, framework: Framework, day: date) -> str:
    if day == challenge.last_day:
        return f"Final feedback at {framework.final_feedback_time:%H:%M}"
    return f"Catch-up with the {framework.words.host} at {challenge.catch_up_time:%H:%M}"


async def build_digest(desk: Desk, intent: Intent) -> Card | None:
    """The day in numbers, as the wall stands now. A day that never had a finding has no digest."""
    challenge, day = await _day_of(desk, intent)
    voices = await desk.uow.voices.on_the_wall(challenge.id, day=day, sources=False)
    if not voices and await desk.uow.posts.in_slot(intent.slot) is None:
        return None
    numbers = count_day(voices, await desk.uow.themes.of_challenge(challenge.id))
    framework = desk.house.framework_of(challenge)
    final = is_final(day, framework.evening_digest_time, desk.local(challenge))
    title = f"{'The day in numbers' if final else 'So far today'} · {name_day(challenge, day)}"
    lines = tuple(_line(line, framework.words) for line in numbers.lines)
    return Card(
        notification=f"{title}: {counted(numbers.count, 'finding', 'findings')}",
        elements=(
            heading(title),
            text(_sentence(numbers)),
            *((Bullets(lines),) if lines else ()),
            *(() if final else (note("Kept up to date here; posted anew this evening."),)),
        ),
    )


def _sentence(numbers: DayInNumbers) -> str:
    findings, peers = counted(numbers.count, "finding", "findings"), counted(numbers.peers, "peer", "peers")
    if not numbers.count:
        return "No findings stand on the wall for this day."
    return f"{findings} from {peers}" + (f", {numbers.unsorted} unsorted." if numbers.unsorted else ".")


def _line(line: Line, words: Words) -> Text:
    counts = ", ".join(counted_kind(kind, count, words) for kind, count in line.kinds.items() if count)
    return text(f"{line.theme.emoji} ", bold(line.theme.short), f": {counts}")


async def _day_of(desk: Desk, intent: Intent) -> tuple[Challenge, date]:
    assert intent.challenge_id
    return await desk.uow.challenges.get(intent.challenge_id), date.fromisoformat(intent.record)
