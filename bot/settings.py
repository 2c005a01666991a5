"""The settings, read once from the environment. Each is named as an IT officer writes it; a bad one is named back.

`BASEROOM_…` are Baseroom's own; `SLACK_…` and `MicrosoftApp…` carry the platforms' usual names.
"""

from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage.urls import is_same_place, keys_beside, known_database, known_keys_database

LAST_PORT = 65535
APP_TYPES = ("SingleTenant", "UserAssignedMSI", "MultiTenant")  # as the Azure portal names them


class CannotStart(Exception):
    """Baseroom cannot start; the message says why, and what to do about it."""


class BadSetting(CannotStart):
    """A setting cannot be used; the message names it and says what to do."""


class NotConnected(CannotStart):
    """A platform cannot be reached, or does not take our credentials; the message says which."""


class Settings(BaseSettings):
    """What can be set. See README, 'Operating it'."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, populate_by_name=True)

    database_url: str = Field("sqlite+aiosqlite:///var/baseroom.db", validation_alias="BASEROOM_DATABASE_URL")
    keys_url: str = Field("", validation_alias="BASEROOM_KEYS_URL")
    master_key_file: Path = Field(Path("var/master.key"), validation_alias="BASEROOM_MASTER_KEY_FILE")
    managers: str = Field("", validation_alias="BASEROOM_MANAGERS")
    zone: str = Field("Europe/London", validation_alias="BASEROOM_ZONE")
    host: str = Field("127.0.0.1", validation_alias="BASEROOM_HOST")
    port: int = Field(8080, validation_alias="BASEROOM_PORT")
    public_url: str = Field("", validation_alias="BASEROOM_PUBLIC_URL")
    metrics_token: SecretStr = Field(SecretStr(""), validation_alias="BASEROOM_METRICS_TOKEN")
    log_level: str = Field("INFO", validation_alias="BASEROOM_LOG_LEVEL")
    backup_folder: Path = Field(Path("var/backups"), validation_alias="BASEROOM_BACKUP_FOLDER")
    backup_days: int | None = Field(None, validation_alias="BASEROOM_BACKUP_DAYS", ge=0, le=3650)
    slack_bot_token: SecretStr = Field(SecretStr(""), validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr = Field(SecretStr(""), validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr = Field(SecretStr(""), validation_alias="SLACK_SIGNING_SECRET")
    slack_api_url: str = Field("https://slack.com/api/", validation_alias="SLACK_API_URL")
    microsoft_app_id: str = Field("", validation_alias="MicrosoftAppId")
    microsoft_app_password: SecretStr = Field(SecretStr(""), validation_alias="MicrosoftAppPassword")
    microsoft_app_type: str = Field("", validation_alias="MicrosoftAppType")
    microsoft_app_tenant_id: str = Field("", validation_alias="MicrosoftAppTenantId")
    teams_anonymous: bool = Field(False, validation_alias="BASEROOM_TEAMS_ANONYMOUS")

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is not a time zone; write one like Europe/London")
        return str(ZoneInfo(value))

    @field_validator("database_url")
    @classmethod
    def _database_is_known(cls, value: str) -> str:
        return known_database(value)

    @field_validator("keys_url")
    @classmethod
    def _keys_database_is_known(cls, value: str) -> str:
        return known_keys_database(value) if value else ""

    @field_validator("port", mode="before")
    @classmethod
    def _port_is_a_port(cls, value: object) -> object:
        if not (isinstance(value, int) or str(value).isdecimal()) or int(str(value)) > LAST_PORT:
            raise ValueError(f"{value!r} is not a port; write a number from 0 (any free one) to {LAST_PORT}")
        return value

    @field_validator("public_url")
    @classmethod
    def _public_url_is_https(cls, value: str) -> str:
        if value and not value.startswith("https://"):
            raise ValueError("write the whole address, beginning with https://")
        return value.rstrip("/")

    @field_validator("slack_bot_token")
    @classmethod
    def _is_a_bot_token(cls, value: SecretStr) -> SecretStr:
        return _beginning(value, "xoxb-", "the “Bot User OAuth Token” of “Install App”")

    @field_validator("slack_app_token")
    @classmethod
    def _is_an_app_token(cls, value: SecretStr) -> SecretStr:
        return _beginning(value, "xapp-", "the app-level token of “Basic Information”, for Socket Mode")

    @field_validator("microsoft_app_id", "microsoft_app_tenant_id")
    @classmethod
    def _is_an_id_of_entra(cls, value: str) -> str:
        if value and not is_guid(value):
            raise ValueError(f"{value!r} is not an id like 11111111-2222-4333-8444-555555555555")
        return value.lower()

    @field_validator("microsoft_app_type")
    @classmethod
    def _type_is_known(cls, value: str) -> str:
        known = {name.casefold(): name for name in APP_TYPES}
        if value and value.casefold() not in known:
            raise ValueError(f"{value!r} is none of {', '.join(APP_TYPES)}")
        return known.get(value.casefold(), "")

    @field_validator("log_level")
    @classmethod
    def _level_is_known(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("use DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @property
    def manager_names(self) -> frozenset[str]:
        """The ids and e-mail addresses of those who may create a challenge, case-folded."""
        return frozenset(name.strip().casefold() for name in self.managers.replace(";", ",").split(",") if name.strip())

    @property
    def keys_database(self) -> str:
        """Where the wrapped keys are: `keys.db` beside a SQLite database unless BASEROOM_KEYS_URL says otherwise."""
        beside = self.keys_url or keys_beside(self.database_url)
        if beside is None:
            raise BadSetting("BASEROOM_KEYS_URL: with PostgreSQL, say where the keys are kept (a separate database).")
        if is_same_place(beside, self.database_url):
            raise BadSetting(
                "BASEROOM_KEYS_URL: the keys need a database of their own: a backup of both together would bring back "
                "what was destroyed."
            )
        return beside


def _beginning(secret: SecretStr, prefix: str, what: str) -> SecretStr:
    """Two tokens are easily taken for each other; which is which is told by how they begin."""
    if secret.get_secret_value() and not secret.get_secret_value().startswith(prefix):
        raise ValueError(f"this should begin with {prefix}: it is {what}")
    return secret


def is_guid(text: str) -> bool:
    """Whether it is an id as Entra writes them, in lower or upper case."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def read_settings(**given: object) -> Settings:
    """The settings of the environment, with those given put over them. Raises `BadSetting`, naming the setting."""
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks each as it would a text of the environment
    except ValidationError as exc:
        faults = [
            f"{error['loc'][0] if error['loc'] else 'settings'}: {error['msg'].removeprefix('Value error, ')}"
            for error in exc.errors()
        ]
        raise BadSetting("\n".join(faults)) from exc
