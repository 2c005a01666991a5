"""What the tables have in common: how times and words are kept, and the columns that many of them have."""

from datetime import UTC, datetime, time

from sqlalchemy import Column, DateTime, Dialect, MetaData, String
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Utc(TypeDecorator[datetime]):
    """An aware datetime, in UTC on the way in and on the way out, on SQLite too."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Times(TypeDecorator[tuple[time, ...]]):
    """Wall times of a day, as "09:30,13:00"."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[time, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(moment.strftime("%H:%M") for moment in value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[time, ...]:
        return tuple(time.fromisoformat(part) for part in (value or "").split(",") if part)


class Words(TypeDecorator[frozenset[str]]):
    """A few short words, kept in order, as "kind,themes"."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str]:
        return frozenset(part for part in (value or "").split(",") if part)


def id_column(name: str = "id") -> Column[str]:
    return Column(name, String(32), primary_key=True)


def reference(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(32), nullable=nullable)


def platform_columns() -> tuple[Column[str], Column[str]]:
    return Column("platform", String(16), nullable=False), Column("workspace", String(64), nullable=False)
