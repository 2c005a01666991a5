"""What storage refuses, by name. The docstring of each class is fit to be shown to a person."""

from pathlib import Path
from typing import Self


class StorageError(Exception):
    """Baseroom could not read or write its records."""

    def __str__(self) -> str:
        return super().__str__() or (type(self).__doc__ or "")


class AlreadyStored(StorageError):
    """This is already recorded."""


class NotStored(StorageError):
    """There is no such record."""


class Overtaken(StorageError):
    """Somebody else has changed this in the same moment."""


class Unreadable(StorageError):
    """This record cannot be read: its seal does not fit. It may have been altered, or belong to another backup."""


class KeyDestroyed(StorageError):
    """The key of this challenge has been destroyed; what it sealed can no longer be read by anyone."""


class KeyNotDestroyed(StorageError):
    """A key that was deleted can still be found in the key database or in its backup. Nothing further was deleted."""


class MasterKeyMissing(StorageError):
    """The master key file is missing or cannot be read."""


class MasterKeyWrong(StorageError):
    """The master key file does not open this installation's keys: it belongs to another installation or backup."""

    @classmethod
    def of_file(cls, path: Path) -> Self:
        """The same, naming the file."""
        return cls(f"{path}: {cls.__doc__} Put back the one that was there.")


class KeysInUse(StorageError):
    """Another Baseroom is using these keys. Stop every replica first, then run again: baseroom keys rotate"""


class KeysChanging(StorageError):
    """The master key is being changed just now. Wait until “baseroom keys rotate” has ended, then start again."""


class KeysMissing(StorageError):
    """The keys of this installation are gone."""


class DatabaseNotReady(StorageError):
    """The database is not at the version that this program needs. Run: baseroom migrate"""


class DatabaseUnreachable(StorageError):
    """The database cannot be opened. Check its address and whether it is running."""


class DatabaseInUse(StorageError):
    """Another Baseroom process is already using this database file. Stop it first, or use PostgreSQL for several."""
