"""Statements compiled once: the text, how our values become the database's own, and how its rows become ours.

SQLAlchemy writes the text and converts the types, so that a store is written once for SQLite and PostgreSQL; what is
left out is its work at every execution, which for a short statement is most of the time (measured: 110 of 150 µs on
SQLite; on PostgreSQL half of what a finding costs).
"""

from abc import ABC, abstractmethod
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, overload

from sqlalchemy import BindParameter, ClauseElement, CursorResult, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """`places`: for each place in the text the name of the value that goes there, or None and the value itself, and how
    a value is converted. `columns`: which columns of a row are converted, and how."""

    sql: str
    places: Sequence[tuple[str | None, object, Convert | None]]
    row: Callable[[Sequence[Any]], Any]
    columns: Sequence[tuple[int, Convert]]

    def bind(self, values: Values) -> list[Any]:
        return [
            fixed if name is None else convert(values[name]) if convert else values[name]
            for name, fixed, convert in self.places
        ]

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        return [self.row(self._converted(values) if self.columns else values) for values in found]

    def _converted(self, values: Sequence[Any]) -> list[Any]:
        ours = list(values)
        for place, convert in self.columns:
            ours[place] = convert(ours[place])
        return ours


class Found:
    """What a prepared statement gave back, asked in the words of SQLAlchemy's own result."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: Sequence[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def all(self) -> Sequence[Any]:
        return self._rows

    def first(self) -> Any:
        return self._rows[0] if self._rows else None


class Connection(ABC):
    """The database, as the stores of one unit of work see it. A statement whose values are given apart was built once,
    is compiled once and goes straight to the driver; any other is run by SQLAlchemy, over the same connection and in
    the same transaction.

    `compiled_for`: one object for each database, whose parameters go by their places.
    """

    compiled_for: ClassVar[Dialect]

    @property
    @abstractmethod
    def dialect(self) -> Dialect: ...

    @overload
    async def execute(self, statement: Executable) -> CursorResult[Any]: ...

    @overload
    async def execute(self, statement: Executable, parameters: Values | Sequence[Values]) -> Found: ...

    async def execute(
        self, statement: Executable, parameters: Values | Sequence[Values] | None = None
    ) -> Found | CursorResult[Any]:
        """Run the statement, once or for each of several. A broken constraint is SQLAlchemy's `IntegrityError`."""
        if parameters is None:
            return await self._run_by_sqlalchemy(statement)
        several = [parameters] if isinstance(parameters, Mapping) else parameters
        plan = prepared(statement, tuple(several[0]), self.compiled_for)
        if plan is None:
            result = await self._run_by_sqlalchemy(statement, parameters)
            return Found(result.all() if result.returns_rows else (), result.rowcount)
        return await self._run(plan, several)

    @abstractmethod
    async def commit(self) -> None:
        """Returns when what was written is kept."""

    @abstractmethod
    async def _run_by_sqlalchemy(
        self, statement: Executable, parameters: Values | Sequence[Values] | None = None
    ) -> CursorResult[Any]: ...

    @abstractmethod
    async def _run(self, plan: Prepared, several: Sequence[Values]) -> Found: ...


@lru_cache(maxsize=1024)
def prepared(statement: Executable, names: tuple[str, ...], dialect: Dialect) -> Prepared | None:
    """The statement for values of those names; None when its text depends on them (a list of any length)."""
    assert isinstance(statement, ClauseElement)
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)
    binds = [compiled.binds[name] for name in compiled.positiontup or ()]
    if any(bind.expanding for bind in binds):
        return None
    given_back = _columns(statement)
    readers = [_native(type_, dialect).result_processor(dialect, None) for _, type_ in given_back]
    return Prepared(
        str(compiled),
        [_place(bind, names, dialect) for bind in binds],
        namedtuple("Row", [name for name, _ in given_back], rename=True)._make,  # type: ignore[attr-defined]  # noqa: PYI024  # named at run time
        [(place, convert) for place, convert in enumerate(readers) if convert],
    )


def _place(
    bind: BindParameter[Any], names: tuple[str, ...], dialect: Dialect
) -> tuple[str | None, object, Convert | None]:
    convert = _native(bind.type, dialect).bind_processor(dialect)
    if bind.key in names:
        return bind.key, None, convert
    fixed = bind.effective_value
    return None, convert(fixed) if convert else fixed, None


def _native(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return type_.dialect_impl(dialect)


def _columns(statement: Executable) -> list[tuple[str, Any]]:
    if isinstance(statement, Select):
        described = statement.column_descriptions
    elif isinstance(statement, UpdateBase):
        described = statement.returning_column_descriptions
    else:
        described = []
    return [(column["name"], column["type"]) for column in described]
