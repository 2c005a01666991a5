"""The `baseroom` command. Each sub-command is a few lines here and its work elsewhere; a refusal is one sentence."""

import asyncio
import json
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from bot.found import Found
from bot.logs import set_up_logging, where
from bot.settings import BadSetting, CannotStart, Settings, is_guid, read_settings
from bot.when_command import when
from handlers.errors import Refusal
from storage.errors import StorageError

app = typer.Typer(
    name="baseroom",
    help="The peer team's base room, in Slack and Teams. Begin with: baseroom rehearse",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
manifest_app = typer.Typer(help="Print what Slack or Teams needs to install Baseroom.", no_args_is_help=True)
app.add_typer(manifest_app, name="manifest")
audit_app = typer.Typer(help="The audit trail: who did what to which record, without content.", no_args_is_help=True)
app.add_typer(audit_app, name="audit")
keys_app = typer.Typer(help="The keys under which what people type is sealed.", no_args_is_help=True)
app.add_typer(keys_app, name="keys")
app.command()(when)

console = Console(stderr=True, soft_wrap=True, highlight=False)


@app.command()
def rehearse(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen on; 0 takes any free one.")] = 8080,
    folder: Annotated[Path, typer.Option(help="Where the practice workspace is kept.")] = Path("var"),
    fresh: Annotated[bool, typer.Option(help="Begin again with the sample visit.")] = False,
    allow_network: Annotated[bool, typer.Option(help="Listen on an address that others can reach.")] = False,
) -> None:
    """Open the rehearsal room: a whole practice workspace in the browser, with a sample visit in full swing."""
    from bot.web.opening import run_rehearsal

    set_up_logging("WARNING", as_json=False)
    settings = _settings()
    _run(run_rehearsal(settings, host=host, port=port, folder=folder, fresh=fresh, allow_network=allow_network))


@app.command()
def serve() -> None:
    """Run Baseroom on Slack and Teams, with the settings of the environment."""
    from bot import serve as serving

    settings = _settings()
    set_up_logging(settings.log_level, as_json=not sys.stderr.isatty())
    _run(serving.serve(settings, ready=lambda address: console.print(f"Baseroom is running at {address}")))


@app.command()
def migrate() -> None:
    """Make the database, or bring it up to date. Makes the master key file if there is none."""
    from bot.upkeep import migrate_database

    _run(migrate_database(_settings(), say=console.print))


@app.command()
def export(
    challenge: Annotated[str, typer.Argument(help="The host's name, or part of it.")],
    out: Annotated[Path, typer.Option(help="The workbook to write.")] = Path("baseroom.xlsx"),
) -> None:
    """Write the workbook of a challenge."""
    from bot.upkeep import export_workbook

    _run(export_workbook(_settings(), challenge, out, say=console.print))


@app.command()
def backup(
    to: Annotated[Path | None, typer.Option(help="The folder; BASEROOM_BACKUP_FOLDER without it.")] = None,
) -> None:
    """Write a backup of the database, try it, and delete those that are too old. Baseroom may be running."""
    from bot.backing_up import back_up
    from bot.clock import SystemClock

    settings = _settings()
    with _refusing():
        back_up(settings, to or settings.backup_folder, SystemClock().now(), say=_say)


@keys_app.command("rotate")
def keys_rotate() -> None:
    """Wrap the keys of all challenges with a new master key. Stop Baseroom first."""
    from bot.upkeep import rotate_master_key

    _run(rotate_master_key(_settings(), say=_say))


@keys_app.command("give-up")
def keys_give_up(
    host: Annotated[str, typer.Argument(help="The host's name, whole, as Baseroom gives it when it does not start.")],
    copy_is_safe: Annotated[bool, typer.Option(help="A copy of the database is kept elsewhere.")] = False,
) -> None:
    """Delete the records of a challenge whose key is lost for good, so that Baseroom starts again for all others."""
    from bot.upkeep import give_challenge_up

    _run(give_challenge_up(_settings(), host, copy_is_safe=copy_is_safe, say=_say))


@audit_app.command("verify")
def audit_verify(
    challenge: Annotated[str, typer.Option(help="The host's name, or part of it. Without it: all of them.")] = "",
) -> None:
    """Say whether the audit trail is intact, or which entry is the first that does not fit. Exits 1 if any is not."""
    from bot.audit_check import verify_audit

    intact = _run(verify_audit(_settings(), challenge, say=lambda line: console.print(escape(line))))
    raise typer.Exit(0 if intact else 1)


@app.command()
def doctor() -> None:
    """Check settings, tokens, scopes, clock and database, and say in plain words what to mend."""
    from bot.doctor import examine

    healthy = _run(examine(say=_tell))
    raise typer.Exit(0 if healthy else 1)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(f"baseroom {version_of('baseroom')}")


@manifest_app.command("slack")
def manifest_slack(
    public_url: Annotated[str, typer.Option(help="The HTTPS address, when not using Socket Mode.")] = "",
    aliases: Annotated[bool, typer.Option(help="Offer /challenge, /finding … beside /baseroom.")] = True,
    reasons: Annotated[bool, typer.Option(help="Print each scope with its reason instead.")] = False,
) -> None:
    """Print the Slack app manifest (JSON): paste it at “Create an app from a manifest”."""
    from bot.app import build_registry
    from manifests.slack import SCOPES, slack_manifest

    if reasons:
        typer.echo("\n".join(f"{scope}: {reason}" for scope, reason in SCOPES.items()))
        return
    manifest = slack_manifest(build_registry(), public_url=public_url, aliases=aliases)
    typer.echo(json.dumps(manifest, indent=2, ensure_ascii=False))


@manifest_app.command("teams")
def manifest_teams(
    app_id: Annotated[str, typer.Option(help="The bot's id: the application id of its registration in Entra.")],
    public_url: Annotated[str, typer.Option(help="The HTTPS address under which people reach Baseroom.")],
    out: Annotated[Path, typer.Option(help="The package to write.")] = Path("baseroom-teams.zip"),
) -> None:
    """Write the Teams app package (zip): what Baseroom will ask of Teams, to look at before it lives there."""
    from bot.app import build_registry
    from manifests.teams import teams_manifest, teams_package

    if not is_guid(app_id):
        raise typer.BadParameter(
            f"{app_id!r} is not an id like 11111111-2222-4333-8444-555555555555.", param_hint="--app-id"
        )
    if not public_url.startswith("https://"):
        raise typer.BadParameter("Write the whole address, beginning with https://.", param_hint="--public-url")
    out.write_bytes(teams_package(teams_manifest(build_registry(), app_id=app_id, public_url=public_url)))
    console.print(f"Written: {escape(str(out))}. Baseroom itself shows the pages /privacy and /terms there.")


def main() -> None:
    """The entry point of the `baseroom` command."""
    app()


def _settings() -> Settings:
    try:
        return read_settings()
    except BadSetting as exc:
        raise _refused(exc) from None


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run it; what it refuses is a sentence and exit code 1, and Ctrl-C is no error."""
    with _refusing(), suppress(KeyboardInterrupt):
        return asyncio.run(work)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (CannotStart, Refusal, StorageError) as exc:
        raise _refused(exc) from None
    except OSError as exc:
        raise _refused(f"{exc.filename or 'The network'}: {exc.strerror or type(exc).__name__}.") from None
    except Exception as exc:  # noqa: BLE001  # a traceback would quote what the failing code held
        place = where(exc.__traceback__)
        raise _refused(f"Baseroom itself failed ({type(exc).__name__} at {place}). Please report this line.") from None


def _tell(found: Found) -> None:
    mark = "[green]✓[/green]" if found.fine else "[red]✗[/red]"
    console.print(f"{mark} {found.what}: {escape(found.words)}")


def _say(line: str) -> None:
    console.print(escape(line), soft_wrap=True)


def _refused(why: object) -> typer.Exit:
    console.print(str(why), style="red", markup=False)
    return typer.Exit(1)
