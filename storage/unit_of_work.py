"""One unit of work: the stores over one transaction, committed in so many words and rolled back otherwise.

An incoming thing is handled inside one of these, so that what it did, the mark that it was done, and the promise to
answer are written together or not at all (RELIABILITY, 'In').
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from functools import cached_property
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Connection as CoreConnection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.accounts import AccountStore
from storage.asides import AsideStore
from storage.audit import AuditStore
from storage.challenges import ChallengeStore
from storage.channels import ChannelStore
from storage.checkins import CheckInStore
from storage.destruction import DestructionStore
from storage.disposals import DisposalStore
from storage.errors import Overtaken
from storage.findings import FindingStore
from storage.health import HealthStore
from storage.inbox import InboxStore
from storage.keeping import KeepingStore
from storage.keys import KeyStore
from storage.links import LinkStore
from storage.members import MemberStore
from storage.memory import Memory, Recall
from storage.messages import MessageStore
from storage.outbox import OutboxStore
from storage.passes import PassStore
from storage.postgresql import ServerConnection
from storage.posts import PostStore
from storage.prepared import Connection
from storage.presence import PresenceStore
from storage.private import before_connecting
from storage.receipts import ReceiptStore
from storage.references import ReferenceStore
from storage.rehearsal import RehearsalStore
from storage.replaced import ReplacedStore
from storage.runs import RunStore
from storage.sessions import SessionStore
from storage.sqlite import NearFile, set_pragmas
from storage.summaries import SummaryStore
from storage.themes import ThemeStore
from storage.urls import how_to_connect
from storage.voices import VoiceStore

MOST_CONNECTIONS = 20  # of one process to PostgreSQL: those that write, and whoever reads meanwhile
MOST_AT_ONCE = 3
"""Units of work that write, in one process on PostgreSQL. With more of them, whoever has a challenge's row waits for
everybody's steps, and everybody for the row (measured, 100 findings a second: 99 % within 300 ms; 40 with three)."""
DEADLOCK = "40P01"  # PostgreSQL's code for it


class UnitOfWork:
    """The stores, all over one connection. Nothing is kept unless `commit` is called."""

    def __init__(self, connection: Connection, keys: KeyStore, memory: Memory) -> None:
        self.connection = connection
        self.keys = keys
        self.recall = Recall(memory)

    @property
    def is_in_file(self) -> bool:
        """Whether the records are in a file of SQLite; otherwise they are in PostgreSQL."""
        return self.connection.dialect.name == "sqlite"

    async def commit(self) -> None:
        if "audit" in self.__dict__:
            await self.audit.write()
        with self.recall.committing():
            await self.connection.commit()

    @cached_property
    def accounts(self) -> AccountStore:
        return AccountStore(self.connection, self.keys, self.recall)

    @cached_property
    def asides(self) -> AsideStore:
        return AsideStore(self.connection, self.keys, self.recall)

    @cached_property
    def audit(self) -> AuditStore:
        return AuditStore(self.connection, self.keys, self.recall)

    @cached_property
    def challenges(self) -> ChallengeStore:
        return ChallengeStore(self.connection, self.keys, self.recall)

    @cached_property
    def channels(self) -> ChannelStore:
        return ChannelStore(self.connection, self.keys, self.recall)

    @cached_property
    def checkins(self) -> CheckInStore:
        return CheckInStore(self.connection, self.keys, self.recall)

    @cached_property
    def destruction(self) -> DestructionStore:
        return DestructionStore(self.connection, self.keys, self.recall)

    @cached_property
    def disposals(self) -> DisposalStore:
        return DisposalStore(self.connection, self.keys, self.recall)

    @cached_property
    def findings(self) -> FindingStore:
        return FindingStore(self.connection, self.keys, self.recall)

    @cached_property
    def health(self) -> HealthStore:
        return HealthStore(self.connection, self.keys, self.recall)

    @cached_property
    def inbox(self) -> InboxStore:
        return InboxStore(self.connection, self.keys, self.recall)

    @cached_property
    def links(self) -> LinkStore:
        return LinkStore(self.connection, self.keys, self.recall)

    @cached_property
    def keeping(self) -> KeepingStore:
        return KeepingStore(self.connection, self.keys, self.recall)

    @cached_property
    def members(self) -> MemberStore:
        return MemberStore(self.connection, self.keys, self.recall)

    @cached_property
    def messages(self) -> MessageStore:
        return MessageStore(self.connection, self.keys, self.recall)

    @cached_property
    def outbox(self) -> OutboxStore:
        return OutboxStore(self.connection, self.keys, self.recall)

    @cached_property
    def passes(self) -> PassStore:
        return PassStore(self.connection, self.keys, self.recall)

    @cached_property
    def posts(self) -> PostStore:
        return PostStore(self.connection, self.keys, self.recall)

    @cached_property
    def presence(self) -> PresenceStore:
        return PresenceStore(self.connection, self.keys, self.recall)

    @cached_property
    def receipts(self) -> ReceiptStore:
        return ReceiptStore(self.connection, self.keys, self.recall)

    @cached_property
    def references(self) -> ReferenceStore:
        return ReferenceStore(self.connection, self.keys, self.recall)

    @cached_property
    def rehearsal(self) -> RehearsalStore:
        return RehearsalStore(self.connection, self.keys, self.recall)

    @cached_property
    def replaced(self) -> ReplacedStore:
        return ReplacedStore(self.connection, self.keys, self.recall)

    @cached_property
    def runs(self) -> RunStore:
        return RunStore(self.connection, self.keys, self.recall)

    @cached_property
    def sessions(self) -> SessionStore:
        return SessionStore(self.connection, self.keys, self.recall)

    @cached_property
    def summaries(self) -> SummaryStore:
        return SummaryStore(self.connection, self.keys, self.recall)

    @cached_property
    def themes(self) -> ThemeStore:
        return ThemeStore(self.connection, self.keys, self.recall)

    @cached_property
    def voices(self) -> VoiceStore:
        return VoiceStore(self.connection, self.keys, self.recall)


class Database:
    """The database of one installation: SQLite (one writer at a time) or PostgreSQL.

    `engine` is SQLAlchemy's own way in, for migrations; on SQLite units of work take the nearer one.
    """

    def __init__(self, url: str, keys: KeyStore) -> None:
        self.engine = make_engine(url)
        self.keys = keys
        self._file = NearFile(self.engine.url.database or "") if self.engine.dialect.name == "sqlite" else None
        self._shared_memory = Memory()
        self._turns = asyncio.Semaphore(MOST_AT_ONCE)

    @property
    def is_shared(self) -> bool:
        """Whether other processes may write to it at the same time."""
        return self._file is None

    @property
    def memory(self) -> Memory:
        """The process's own with SQLite, which nobody else writes to; a new one for each unit of work otherwise."""
        return self._shared_memory if self._file else Memory()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work that may write. Raises `Overtaken` when PostgreSQL undid it, as another process and it were
        waiting for each other."""
        try:
            async with self._file.writing() if self._file else self._writing() as connection:
                yield UnitOfWork(connection, self.keys, self.memory)
        except OperationalError as exc:
            if getattr(exc.orig, "sqlstate", None) == DEADLOCK:
                raise Overtaken from exc
            raise

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[ServerConnection]:
        async with self._turns, ServerConnection.of(self.engine) as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work that only reads; it never waits for a writer."""
        if self._file:
            with self._file.reading() as connection:
                yield UnitOfWork(connection, self.keys, self.memory)
        else:
            async with ServerConnection.of(self.engine) as reader:
                yield UnitOfWork(reader, self.keys, self.memory)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[AsyncEngine]:
        """The engine itself, while nobody else in this process writes (for compacting)."""
        async with self._file.alone() if self._file else nullcontext():
            yield self.engine

    async def close(self) -> None:
        if self._file:
            self._file.close()
        await self.engine.dispose()
        self.keys.close()


def make_engine(url: str) -> AsyncEngine:
    """An async engine for `sqlite+aiosqlite:///…`, whose folder is made if need be, or `postgresql+psycopg://…`."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(
            parsed, pool_size=MOST_CONNECTIONS, max_overflow=0, pool_pre_ping=True, connect_args=how_to_connect(parsed)
        )
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(parsed)
    event.listen(engine.sync_engine, "do_connect", before_connecting)
    event.listen(engine.sync_engine, "connect", set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _begin(connection: CoreConnection) -> None:
    """Take the write lock at the start: what the driver does by itself comes too late for what changes tables."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
