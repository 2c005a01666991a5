"""Reads the framework files, so that a programme can change its method by editing a page of text.

Whoever writes a file wrongly is told every line to mend at once, before Baseroom starts, rather than meeting
a missing session time on the first day on site. The record types of `rules.py` are the only description of a
file: what they name is required, what they do not name is refused.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import time
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from handlers.errors import Refusal
from handlers.frameworks.lines import line_of, lines_of
from handlers.frameworks.rules import Flaw, Framework, Place, flaws_of, names_typed_for

CATALOGUE = Path(__file__).parent / "catalogue"

_SYNTAX_PLACE = re.compile(r" \(at (?:line (\d{1,9}), column \d{1,9}|end of document)\)$")
_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend in a file or folder; lines count from 1, None where no line can be named."""

    path: Path
    line: int | None
    sentence: str

    def __str__(self) -> str:
        where = f"{self.path}, line {self.line}" if self.line else f"{self.path}"
        return f"{where}: {self.sentence}"


class FrameworkUnreadable(Refusal):
    """A framework file cannot be used as it stands. Mend each line named here and start again."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([self.__doc__ or "", *(f"  {fault}" for fault in self.faults)]))


def load_frameworks(folder: Path | None = None) -> Mapping[str, Framework]:
    """The frameworks in `folder` by key, ordered by title; Baseroom's own catalogue when no folder is given.

    Raises FrameworkUnreadable with every fault of every file.
    """
    return _catalogue() if folder is None else _read_folder(folder)


@cache
def _catalogue() -> Mapping[str, Framework]:
    return _read_folder(CATALOGUE)


def _read_folder(folder: Path) -> Mapping[str, Framework]:
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise FrameworkUnreadable([Fault(folder, None, "no framework is here: no file's name ends in .toml")])
    read: dict[Path, Framework] = {}
    faults: list[Fault] = []
    for path in paths:
        try:
            read[path] = read_framework(path)
        except FrameworkUnreadable as refused:
            faults += refused.faults
    faults += _claimed_twice(read)
    if faults:
        raise FrameworkUnreadable(faults)
    by_title = sorted(read.values(), key=lambda framework: framework.title)
    return MappingProxyType({framework.key: framework for framework in by_title})


def read_framework(path: Path) -> Framework:
    """One framework from one file. Raises FrameworkUnreadable with every fault of the file."""
    text = _text_of(path)
    reading = _Reading()
    framework: Framework = reading.record(Framework, _tables_of(path, text), ())
    reading.judge([*flaws_of(framework), *_misnamed(framework, path)])
    if reading.flaws:
        lines = lines_of(text)
        faults = {Fault(path, line_of(flaw.place, lines), _worded(flaw)) for flaw in reading.flaws}
        raise FrameworkUnreadable(sorted(faults, key=lambda fault: (fault.line or 0, fault.sentence)))
    return framework


def _text_of(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as refused:
        raise FrameworkUnreadable([Fault(path, None, f"it cannot be opened ({refused.strerror})")]) from None
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as refused:
        line = raw.count(b"\n", 0, refused.start) + 1
        fault = Fault(path, line, "this line is not UTF-8 text; save the file as UTF-8")
        raise FrameworkUnreadable([fault]) from None


def _tables_of(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as refused:
        raise FrameworkUnreadable([_syntax_fault(path, text, str(refused))]) from None


def _syntax_fault(path: Path, text: str, complaint: str) -> Fault:
    found = _SYNTAX_PLACE.search(complaint)
    if found is None:
        return Fault(path, None, f"this is not TOML: {complaint}")
    line = int(found[1]) if found[1] else text.rstrip("\n").count("\n") + 1
    return Fault(path, line, f"this is not TOML: {complaint[: found.start()]}")


def _misnamed(framework: Framework, path: Path) -> Iterator[Flaw]:
    if framework.key != path.stem:
        yield Flaw(("key",), f'"{framework.key}" is not the name of its file, "{path.stem}"; make them the same')


def _claimed_twice(read: Mapping[Path, Framework]) -> Iterator[Fault]:
    """What a manager types must mean one framework."""
    owner: dict[str, Path] = {}
    for path, framework in read.items():
        for name in sorted(names_typed_for(framework)):
            if owner.setdefault(name, path) != path:
                line = line_of(("aliases",), lines_of(_text_of(path)))
                yield Fault(path, line, f'aliases: "{name}" already means {owner[name].name}')


def _worded(flaw: Flaw) -> str:
    named = [part for part in flaw.place if isinstance(part, str)]
    return f"{named[-1]}: {flaw.sentence}" if named else flaw.sentence


@dataclass(slots=True)
class _Reading:
    """One file being read: a wrong value is noted and replaced by a blank, so the rest is still judged."""

    flaws: list[Flaw] = field(default_factory=list)

    def judge(self, found: Iterable[Flaw]) -> None:
        """Adds what the rules found, except where it rests on a value that was already refused."""
        refused = [flaw.place for flaw in self.flaws]
        self.flaws += [flaw for flaw in found if not _rests_on_any(flaw, refused)]

    def record(self, kind: Any, table: dict[str, Any], place: Place) -> Any:
        wanted = {each.name: each for each in fields(kind)}
        for name in table.keys() - wanted.keys():
            sentence = "there is no such field; check its spelling, or whether it belongs in another table"
            self.flaws.append(Flaw((*place, name), sentence))
        hints = get_type_hints(kind)
        return kind(**{name: self._field(each, hints[name], table, place) for name, each in wanted.items()})

    def _field(self, wanted: "Field[Any]", hint: Any, table: dict[str, Any], place: Place) -> Any:
        if wanted.name in table:
            return self.value(hint, table[wanted.name], (*place, wanted.name))
        if wanted.default is not MISSING:
            return wanted.default
        return self._refuse((*place, wanted.name), "this field is missing", hint)

    def value(self, hint: Any, found: Any, place: Place) -> Any:
        if get_origin(hint) in (tuple, frozenset):
            return self._list(hint, found, place)
        if is_dataclass(hint):
            if isinstance(found, dict):
                return self.record(hint, found, place)
            return self._refuse(place, "it must be a table", hint)
        if get_origin(hint) is Literal:
            return self._choice(hint, found, place)
        return self._single(hint, found, place)

    def _choice(self, hint: Any, found: Any, place: Place) -> Any:
        if found in get_args(hint):
            return found
        options = ", ".join(f'"{option}"' for option in get_args(hint))
        return self._refuse(place, f"it must be one of {options}; it is {found!r}", hint)

    def _list(self, hint: Any, found: Any, place: Place) -> Any:
        if not isinstance(found, list):
            return self._refuse(place, "it must be a list, in [ ]", hint)
        inner = get_args(hint)[0]
        items = [self.value(inner, item, (*place, number)) for number, item in enumerate(found)]
        return get_origin(hint)(items)

    def _single(self, hint: type, found: Any, place: Place) -> Any:
        convert, expected = _SINGLE[hint]
        value = convert(found)
        if value is None:
            return self._refuse(place, f"it must be {expected}; it is {found!r}", hint)
        return value

    def _refuse(self, place: Place, sentence: str, hint: Any) -> Any:
        self.flaws.append(Flaw(place, sentence))
        return _blank(hint)


def _rests_on_any(flaw: Flaw, refused: list[Place]) -> bool:
    grounds = (flaw.place, *flaw.rests_on)
    return any(_overlap(ground, place) for ground in grounds for place in refused)


def _overlap(one: Place, other: Place) -> bool:
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]


def _blank(hint: Any) -> Any:
    """A harmless value of the type, which never leaves this module: a file that needed one is refused."""
    if isinstance(hint, type) and is_dataclass(hint):
        return hint(**{name: _blank(inner) for name, inner in get_type_hints(hint).items()})
    if get_origin(hint) is Literal:
        return get_args(hint)[0]
    return (get_origin(hint) or hint)()


def _as_text(found: Any) -> str | None:
    return found if isinstance(found, str) and found.strip() else None


def _as_count(found: Any) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _as_flag(found: Any) -> bool | None:
    return found if isinstance(found, bool) else None


def _as_time(found: Any) -> time | None:
    clock = _CLOCK_TIME.fullmatch(found) if isinstance(found, str) else None
    return time(int(clock[1]), int(clock[2])) if clock else None


_SINGLE: dict[type, tuple[Callable[[Any], Any], str]] = {
    str: (_as_text, "text between quotation marks, and not empty"),
    int: (_as_count, "a whole number"),
    bool: (_as_flag, "true or false"),
    time: (_as_time, 'a time such as "16:15"'),
}
