"""How a row of the table is done by somebody: the line is typed, the button pressed, the form opened and then sent."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from handlers.chat import ChoiceField, File, Form, FormErrors, Outcome, PeopleField, Pressed, Submitted, Text, TextField
from tests.completeness.rows import TABLE, Row, Way
from tests.completeness.town import Town
from tests.fieldwork.day import Somebody
from tests.fieldwork.platform import Shown

WORDS = "A board member speaks of the quillfeather"
Values = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Seen:
    """What somebody saw of a press: what opened or was wrong, and what was posted to them."""

    outcome: Outcome
    posts: list[Shown]

    @property
    def words(self) -> str:
        return "\n".join([in_words(self.outcome), *(words_of(post) for post in self.posts)])


def words_of(post: Shown) -> str:
    """Everything on a post that somebody can read, in a workbook too."""
    if not isinstance(post.content, File):
        return post.words
    with zipfile.ZipFile(io.BytesIO(post.content.content)) as packed:
        return "\n".join([post.words, *(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())])


def audience_of(post: Shown) -> str:
    """Whoever alone sees a post; a channel's id where all of it do."""
    return post.target.only_to or post.target.conversation.removeprefix("D-")


def in_words(outcome: Outcome) -> str:
    """Everything that a person reads on a form, or of what is wrong with it."""
    match outcome:
        case Form(title=title, parts=parts):
            return "\n".join([title, *(_part_in_words(part) for part in parts)])
        case FormErrors(errors):
            return "\n".join(errors.values())
        case None:
            return ""


def _part_in_words(part: Text | TextField | ChoiceField | PeopleField) -> str:
    match part:
        case Text():
            return part.plain
        case TextField():
            return f"{part.label} {part.value} {part.hint} {part.placeholder}"
        case ChoiceField():
            return f"{part.label} {part.hint} {' '.join(choice.label for choice in part.choices)}"
        case PeopleField():
            return f"{part.label} {part.hint}"


@dataclass
class Pressing:
    """A row of the table in a town, ready to be done by one person after another."""

    town: Town
    way: Way
    name: str
    form: Form | None = None
    is_ready: bool = False

    @property
    def row(self) -> Row:
        return TABLE[self.way][self.name]

    def start_again(self) -> None:
        """Put the town back as it was."""
        self.town.back()
        self.is_ready = False

    async def prepare(self) -> None:
        """What must have happened first, unless it has; for a form, have it opened by somebody who may."""
        if self.is_ready:
            return
        for who, line in self.row.first:
            people = tuple(self.town.day.people[one] for one in re.findall(r"@(\w+)", line))
            await self.town.day.people[who].types(line, people=people)
        self.form = await self.open_form() if self.way is Way.SENDS else None
        self.is_ready = True

    async def open_form(self) -> Form:
        """The form of this row, by way of the offer that opens it."""
        row, opener = self.row, self.town.day.people[self.row.opener]
        way, _, name = row.opened_by.rpartition(" ") if " " in row.opened_by else ("presses", "", row.opened_by)
        if row.opened_by.startswith("types "):
            way, name = "types", row.opened_by.removeprefix("types ")
        before = Pressing(self.town, Way(way), name)
        before.form = await before.open_form() if before.way is Way.SENDS else None
        outcome = await before.ask(opener, value=row.value)
        assert isinstance(outcome, Form), (
            f"{row.opened_by} opened no form but: {in_words(outcome) or opener.sees[-500:]}"
        )
        return outcome

    async def do(self, who: str, values: Values | None = None) -> Seen:
        """Have somebody do it, and look at what they see."""
        before = self.town.mark()
        outcome = await self.ask(self.town.day.people[who], values=values)
        return Seen(outcome, self.town.news(before, who))

    async def ask(self, who: Somebody, *, value: str = "", values: Values | None = None) -> Outcome:
        row, day = self.row, self.town.day
        place = who._channel(row.place) if row.place else who._dm()
        value = self.town.value(value or row.value)
        match self.way:
            case Way.TYPES:
                return await who.types(f"{self.name} {value}".strip(), channel=row.place)
            case Way.PRESSES:
                return await day.take(
                    Pressed(
                        id=day.new_id("p"), at=day.now, person=who.person, place=place, action=self.name, value=value
                    )
                )
            case Way.SENDS:
                return await day.take(self.submitted(who, values))
            case Way.POINTS:
                return await who.points_at(self.name, who.quote(WORDS))
            case Way.REACTS:
                await who.reacts(self.name, who.quote(WORDS))
                return None

    def submitted(self, who: Somebody, values: Values | None = None) -> Submitted:
        """The form as it stands, with the row's values (or these) in it."""
        form = self.form
        assert form is not None
        held = {part.name: _held(part) for part in form.fields}
        wanted = values if values is not None else {key: self._filled(value) for key, value in self.row.values.items()}
        day = self.town.day
        return Submitted(
            id=day.new_id("f"), at=day.now, person=who.person, place=who._dm(), form=form.name,
            values=held | {self.town.value(key): value for key, value in wanted.items()}, carried=form.carried,
            people=tuple(day.people[one].person for one in self.row.people),
        )  # fmt: skip

    def _filled(self, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        return self.town.value(value) if isinstance(value, str) else tuple(self.town.value(one) for one in value)


def _held(part: object) -> str | tuple[str, ...]:
    match part:
        case TextField(value=value):
            return value
        case ChoiceField(chosen=chosen, several=several):
            return chosen if several else "".join(chosen[:1])
        case _:
            return ()
