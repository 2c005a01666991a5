"""The keys under which a challenge's words are sealed, and the only place that holds them.

Each challenge has a data key of its own, wrapped by the master key and kept in a database apart from the words
(`keys.db` beside SQLite). Destroying one key makes every copy of that challenge's words unreadable, which is what lets
a manager prove that everything was destroyed. What arrives before its challenge is known is sealed under an
installation key, a new one each day.

AES-256-GCM, a random 96-bit nonce before each text, and associated data `challenge|table|column|row|version`, so that
no sealed text can be moved to another record (RELIABILITY, 'Secrets').
"""

import hashlib
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import (
    KeyDestroyed,
    KeyNotDestroyed,
    KeysMissing,
    MasterKeyMissing,
    MasterKeyWrong,
    Unreadable,
)
from storage.flushing import flush
from storage.keys_backup import backup_beside, held_in, rewrite
from storage.private import before_connecting
from storage.reach import reaching
from storage.tables import Utc
from storage.urls import how_to_connect, without_password

KEY_BYTES = 32
NONCE_BYTES = 12

_metadata = MetaData()
_wrapped_keys = Table(
    "wrapped_keys",
    _metadata,
    Column("name", String(64), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("destroyed_at", Utc),
)

_audit_heads = Table(
    "audit_heads",
    _metadata,
    Column("chain", String(64), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
)

INSTALLATION_CHECK = "installation"
_CHECK = select(_wrapped_keys.c.wrapped).where(_wrapped_keys.c.name == INSTALLATION_CHECK)
_NO_NEW_KEYS = text("LOCK TABLE wrapped_keys IN EXCLUSIVE MODE")  # for PostgreSQL, until all are wrapped anew
BELIEVED_FOR = 60.0  # seconds: a key that another process has destroyed is used here for no longer than that


class Seal:
    """Seals and opens the texts of one challenge (or of one day's installation key)."""

    __slots__ = ("_aead", "_name")

    def __init__(self, name: str, key: bytes) -> None:
        self._name = name
        self._aead = AESGCM(key)

    def close(self, plain: str, *, table: str, column: str, row: str, version: int = 0) -> bytes:
        """Nonce and ciphertext of `plain`, bound to its place: it opens at that table, column, row and version only."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain.encode(), self._place(table, column, row, version))

    def open(self, sealed: bytes, *, table: str, column: str, row: str, version: int = 0) -> str:
        """The words again. Raises `Unreadable` when they were altered or stand in another place."""
        try:
            plain = self._aead.decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._place(table, column, row, version)
            )
        except (InvalidTag, ValueError) as exc:
            raise Unreadable from exc
        return plain.decode()

    def _place(self, table: str, column: str, row: str, version: int) -> bytes:
        return f"{self._name}|{table}|{column}|{row}|{version}".encode()


def read_master_key(path: Path) -> bytes:
    """The 32 bytes of the master key file (64 hexadecimal digits). Raises `MasterKeyMissing`, naming the file."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as exc:
        raise MasterKeyMissing(
            f"The master key file {path} cannot be read ({exc.strerror}). Put it back from its backup; if this is a "
            f"new installation, run: baseroom migrate"
        ) from exc
    except ValueError as exc:
        raise MasterKeyMissing(f"The master key file {path} does not hold 64 hexadecimal digits.") from exc
    if len(key) != KEY_BYTES:
        raise MasterKeyMissing(f"The master key file {path} does not hold 64 hexadecimal digits.")
    return key


def make_master_key(path: Path) -> bytes:
    """Write a new master key, readable by its owner only, unless one is there; returns the key of the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_master_key(path)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
    flush(path)
    flush(path.parent)
    return read_master_key(path)


def coming_beside(path: Path) -> Path:
    """Where the next master key waits until every key is wrapped with it."""
    return path.with_name(f"{path.name}.next")


def opens_nothing(path: Path) -> MasterKeyWrong:
    """Why the master key of that file may not open the keys: its replacement was cut off, or it is not theirs."""
    if coming_beside(path).exists():
        return MasterKeyWrong(f"{path}: A change of the master key was cut off. Run again: baseroom keys rotate")
    return MasterKeyWrong.of_file(path)


class KeyStore:
    """The wrapped keys on disk. One interface for SQLite and PostgreSQL; calls are short and rare (a key is cached)."""

    def __init__(self, url: str, master_key: bytes) -> None:
        self._engine = create_engine(url, connect_args=how_to_connect(url))
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "do_connect", before_connecting)
            event.listen(self._engine, "connect", _set_key_file_pragmas)
        self._master = AESGCM(master_key)
        self._open: dict[str, Seal] = {}
        self._believed_until = 0.0
        self._backup = backup_beside(self._engine.url)

    @property
    def is_in_file(self) -> bool:
        """Whether the keys are in a file of SQLite, with their one backup beside it; otherwise in PostgreSQL."""
        return self._backup is not None

    @property
    def address(self) -> str:
        """Where they are, as whoever runs Baseroom may be shown it."""
        return without_password(self._engine.url)

    def prepare(self, now: datetime) -> None:
        """Make the table, and check that the master key is this installation's. Raises `MasterKeyWrong`, and
        `KeysMissing` rather than begin anew where there was an installation."""
        self._check_not_lost()
        try:
            with reaching(self._engine.url):
                _metadata.create_all(self._engine)
                self._unwrap_or_make(INSTALLATION_CHECK, now)
        except Unreadable as exc:
            raise MasterKeyWrong from exc

    def check(self) -> None:
        """Check that the keys are there, and that the master key is this installation's; nothing is made or written.
        Raises `KeysMissing`, `MasterKeyWrong` and `DatabaseUnreachable`."""
        self.check_there()
        try:
            self._unwrap(INSTALLATION_CHECK)
        except Unreadable as exc:
            raise MasterKeyWrong from exc

    def check_there(self) -> None:
        """Raises `KeysMissing` unless there are keys, whatever their master key, and `DatabaseUnreachable`."""
        self._check_not_lost()
        exists = not self.is_in_file or Path(str(self._engine.url.database)).exists()  # to connect would make the file
        with reaching(self._engine.url):
            has_tables = exists and set(_metadata.tables) <= set(inspect(self._engine).get_table_names())
            if has_tables and INSTALLATION_CHECK in self.names():
                return
        raise KeysMissing(
            f"There are no keys in {self.address}. If this is a new installation or a new "
            "version, run: baseroom migrate. Otherwise put back the keys that were there, or correct BASEROOM_KEYS_URL."
        )

    def _check_not_lost(self) -> None:
        """With a new key database its backup would be written anew: what can still be put back would be gone."""
        file = Path(str(self._engine.url.database))
        if self._backup and self._backup.exists() and not (file.exists() and file.stat().st_size):
            raise KeysMissing(
                f"The keys' database {file} is gone, and its backup is there. Put it back: cp {self._backup} {file}"
            )

    def make(self, name: str, now: datetime) -> Seal:
        """A new key under `name` (key first, then challenge: an orphan key is harmless)."""
        return self._remember(name, self._unwrap_or_make(name, now))

    def of(self, name: str) -> Seal:
        """The seal of a challenge. Raises `KeyDestroyed` when there is no such key any more."""
        return self._opened(name) or self._remember(name, self._unwrap(name))

    def of_day(self, day: date, now: datetime) -> Seal:
        """The installation's seal of one day, made at its first use."""
        name = f"day-{day.isoformat()}"
        return self._opened(name) or self._remember(name, self._unwrap_or_make(name, now))

    def names(self) -> frozenset[str]:
        """Under which names there are keys."""
        with self._engine.connect() as connection:
            return frozenset(connection.execute(select(_wrapped_keys.c.name)).scalars())

    def fingerprint(self, name: str) -> str:
        """Tells one key from another, and opens nothing. Raises `KeyDestroyed`."""
        return hashlib.sha256(b"baseroom fingerprint|" + self._unwrap(name)).hexdigest()[:16]

    def destroy(self, name: str) -> None:
        """Delete a key for good: here, in memory, and in the keys' own backup, which is written anew. Then read both
        again. Raises `KeyNotDestroyed` when either still holds it, or the backup lacks a key that should be there."""
        with self._engine.begin() as connection:
            connection.execute(delete(_wrapped_keys).where(_wrapped_keys.c.name == name))
        self._open.pop(name, None)
        self.back_up()
        held = self._held()
        if name in held or (self._backup and held_in(self._backup, self._unwrapped) != held):
            raise KeyNotDestroyed

    def back_up(self) -> None:
        """Write the keys' one backup anew, beside them (SQLite): whatever an older one held is overwritten."""
        if self._backup:
            rewrite(Path(str(self._engine.url.database)), self._backup)

    def wrap_anew(self, master_key: bytes) -> None:
        """Wrap every key with another master key, all of them or none. Keys that this one wraps already are let be, so
        that a rotation that was cut off can go on. Raises `KeysMissing`, and `MasterKeyWrong` when neither opens
        them."""
        self.check_there()
        new = AESGCM(master_key)
        with self._engine.begin() as connection:
            if not self.is_in_file:
                connection.execute(_NO_NEW_KEYS)
            rows = connection.execute(select(_wrapped_keys.c.name, _wrapped_keys.c.wrapped)).all()
            for row in rows:
                wrapped = _wrap(new, row.name, self._opened_by_either(new, row.name, row.wrapped))
                is_it = _wrapped_keys.c.name == row.name
                connection.execute(update(_wrapped_keys).where(is_it).values(wrapped=wrapped))
        self._master = new
        self.back_up()

    def _opened_by_either(self, new: AESGCM, name: str, wrapped: bytes) -> bytes:
        for master in (self._master, new):
            with suppress(InvalidTag):
                return master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], name.encode())
        raise MasterKeyWrong

    def forget_days_before(self, day: date) -> None:
        """Delete the installation keys of past days; what they sealed was meant to last no longer."""
        floor = f"day-{day.isoformat()}"
        with self._engine.begin() as connection:
            rule = _wrapped_keys.c.name.like("day-%") & (_wrapped_keys.c.name < floor)
            forgotten = connection.execute(delete(_wrapped_keys).where(rule)).rowcount
        if forgotten:
            self.back_up()
        self._open = {name: seal for name, seal in self._open.items() if not ("day-" <= name < floor)}

    def note_head(self, chain: str, seq: int, digest: bytes) -> None:
        """Remember, apart from the audit trail itself, how far a chain has come; never a shorter one than before."""
        insert = insert_postgresql if self._engine.dialect.name == "postgresql" else insert_sqlite
        row = insert(_audit_heads).values(chain=chain, seq=seq, digest=digest)
        longer = row.on_conflict_do_update(
            index_elements=["chain"], set_={"seq": seq, "digest": digest}, where=_audit_heads.c.seq < seq
        )
        with self._engine.begin() as connection:
            connection.execute(longer)

    def heads(self) -> dict[str, tuple[int, bytes]]:
        """How far each chain had come when that was last noted, and the digest of its entry there."""
        with self._engine.connect() as connection:
            return {row.chain: (row.seq, row.digest) for row in connection.execute(select(_audit_heads))}

    def close(self) -> None:
        self._open.clear()
        self._engine.dispose()

    def _remember(self, name: str, key: bytes) -> Seal:
        seal = self._open[name] = Seal(name, key)
        return seal

    def _opened(self, name: str) -> Seal | None:
        """A key from memory, which is read anew every minute: another process may have destroyed it."""
        now = time.monotonic()
        if now > self._believed_until:
            self._open.clear()
            self._believed_until = now + BELIEVED_FOR
        return self._open.get(name)

    def _held(self) -> dict[str, bytes]:
        """Every key there is, unwrapped."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_wrapped_keys.c.name, _wrapped_keys.c.wrapped)).all()
        return {row.name: self._unwrapped(row.name, row.wrapped) for row in rows}

    def _unwrap(self, name: str) -> bytes:
        query = select(_wrapped_keys.c.wrapped).where(_wrapped_keys.c.name == name)
        with self._engine.connect() as connection:
            wrapped = connection.execute(query).scalar_one_or_none()
        if wrapped is None:
            raise KeyDestroyed
        return self._unwrapped(name, wrapped)

    def _unwrapped(self, name: str, wrapped: bytes) -> bytes:
        try:
            return self._master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], name.encode())
        except InvalidTag as exc:
            raise Unreadable from exc

    def _unwrap_or_make(self, name: str, now: datetime) -> bytes:
        """Raises `Unreadable`, and makes none, when the installation's keys have another master key by now."""
        wrapped = _wrap(self._master, name, secrets.token_bytes(KEY_BYTES))
        with self._engine.begin() as connection:
            is_made = _insert_if_absent(connection, {"name": name, "wrapped": wrapped, "made_at": now})
            check = connection.scalar(_CHECK) if is_made else None
            if check is not None:
                self._unwrapped(INSTALLATION_CHECK, check)
        if is_made:
            self.back_up()
        return self._unwrap(name)


@contextmanager
def checked_keys(url: str, path: Path) -> Iterator[KeyStore]:
    """The keys as they are, under the master key of that file; closed at the end. Raises what `KeyStore.check` does,
    naming the file."""
    with closing(KeyStore(url, read_master_key(path))) as keys:
        try:
            keys.check()
        except MasterKeyWrong as exc:
            raise opens_nothing(path) from exc
        yield keys


def _wrap(master: AESGCM, name: str, key: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + master.encrypt(nonce, key, name.encode())


def _insert_if_absent(connection: Connection, row: Mapping[str, object]) -> bool:
    insert = insert_postgresql if connection.dialect.name == "postgresql" else insert_sqlite
    insertion = insert(_wrapped_keys).values(**row).on_conflict_do_nothing()
    return connection.execute(insertion.execution_options(preserve_rowcount=True)).rowcount == 1


def _set_key_file_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """A rollback journal, flushed twice, and overwritten pages: a deleted key leaves no copy in the file."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "secure_delete=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
