"""The house rules: what imports what, what is pinned, and what may be in the repository at all.

They hold for folders and files that do not exist yet, so nobody has to remember to add a new one to a list.
"""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path
from pkgutil import walk_packages

import grimp
import pytest
from importlinter.cli import lint_imports
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bot
import handlers
from handlers.errors import Refusal
from tests.fixtures import absent

REPOSITORY = Path(__file__).resolve().parents[1]
LAYERS = ("bot", "manifests", "handlers", "storage")

# Where a library that shapes the code around it may be imported, so that replacing it means rewriting one folder.
LIBRARY_HOMES = {
    "slack_bolt": "bot.slack",
    "slack_sdk": "bot.slack",
    "botbuilder": "bot.teams",
    "botframework": "bot.teams",
    "msal": "bot.teams",
    "msrest": "bot.teams",
    "aiohttp": "bot",
    "typer": "bot",
    "sqlalchemy": "storage",
    "alembic": "storage",
    "aiosqlite": "storage",
    "psycopg": "storage",
}

TOP_LEVEL = {
    *(".ci", ".gitignore", "Makefile", "README.md", "SECURITY.md", "pyproject.toml"),
    *("requirements-test.txt", "requirements.txt"),
    *("bot", "handlers", "manifests", "storage", "tests"),
}
LARGEST_FILE = 1_000_000  # bytes; the README's screenshots are the largest thing anyone needs
GENERATED = re.compile(r"(^|/)(\.venv|__pycache__|node_modules|build|\.env)(/|$)|\.(pyc|db|sqlite3?|log|egg-info)(/|$)")

# Written in two parts, so that this file does not contain what it looks for.
UNWANTED = {
    "a path of somebody's machine": r"(?<![\w./])/(?:" + r"home/\w+|Users/\w+|root)/",
    "the address of a package index": r"pypi" + r"\.org|python" + r"hosted\.org|npm" + r"js\.org|--index" + r"-url",
    "a key or a token": r"PRIVATE" + r" KEY-----|xox[abp]" + r"-\d{8,}-\d{8,}-|xapp" + r"-\d-\w{9,}-\d{9,}-",
    "an unresolved merge": r"(?m)^(?:<{7}|>{7}) ",
    "something left to do": r"\b(?:TO" + r"DO|FIX" + r"ME)\b",
    "a check set aside without a reason": r"(?m)#\s*(?:no" + r"qa|type: ig" + r"nore)(?:: ?[\w, ]+|\[[\w, -]+\])?$",
}  # fmt: skip


# Imports


@cache
def import_graph() -> grimp.ImportGraph:
    return grimp.build_graph(*LAYERS, include_external_packages=True, cache_dir=None)


def is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def test_imports_run_one_way_from_bot_to_handlers_to_storage() -> None:
    assert lint_imports(str(REPOSITORY / "pyproject.toml"), no_cache=True, no_logo=True) == 0


@pytest.mark.parametrize(("library", "home"), LIBRARY_HOMES.items())
def test_a_library_stays_in_its_room(library: str, home: str) -> None:
    graph = import_graph()
    importers = graph.find_modules_that_directly_import(library) if library in graph.modules else set()
    assert [importer for importer in sorted(importers) if not is_within(importer, home)] == []


def capabilities_that_act() -> Iterator[str]:
    graph = import_graph()
    return (package for package in graph.find_children("handlers") if f"{package}.actions" in graph.modules)


def test_a_capability_never_calls_the_actions_or_draws_the_cards_of_another() -> None:
    graph = import_graph()
    private = {
        (owner, module)
        for owner in capabilities_that_act()
        for module in (owner, f"{owner}.actions", f"{owner}.cards")
        if module in graph.modules
    }
    strangers = [
        f"{importer} imports {module}"
        for owner, module in sorted(private)
        for importer in sorted(graph.find_modules_that_directly_import(module))
        if is_within(importer, "handlers") and not is_within(importer, owner)
    ]
    assert strangers == []


def impurities(source: str) -> Iterator[str]:
    """What in `source` makes its answer depend on more than its arguments."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Await() | ast.AsyncFunctionDef() | ast.AsyncFor() | ast.AsyncWith():
                yield f"line {node.lineno} waits"
            case ast.Call(func=ast.Attribute(attr="now" | "today" | "utcnow" | "monotonic" as attribute)):
                yield f"line {node.lineno} reads a clock with {attribute}()"
            case _:
                pass


def test_rules_wait_for_nothing_and_read_no_clock() -> None:
    assert {
        f"{path.relative_to(REPOSITORY)}: {impurity}"
        for path in (REPOSITORY / "handlers").rglob("rules.py")
        for impurity in impurities(path.read_text())
    } == set()


# What is pinned

LOCKS = {"requirements.txt": ("install",), "requirements-test.txt": ("install", "test")}


def pyproject_asks_for(groups: Iterable[str]) -> list[Requirement]:
    pyproject = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    asked = [*pyproject["project"]["dependencies"]]
    for group in groups:
        asked += pyproject["dependency-groups"][group]
    return [Requirement(line) for line in asked]


def pins(lock: str) -> dict[str, tuple[Requirement, int]]:
    """Each package in a lock by its name: the pin, and how many hashes it has."""
    entries = (REPOSITORY / lock).read_text().replace("\\\n", "").splitlines()
    read = [entry.split("--hash=sha256:") for entry in entries if not entry.startswith("#")]
    pinned = [(Requirement(first), len(hashes)) for first, *hashes in read]
    return {canonicalize_name(pin.name): (pin, hashes) for pin, hashes in pinned}


def version_in(lock: str, name: str) -> str:
    pin, _ = pins(lock)[canonicalize_name(name)]
    return str(pin.specifier).removeprefix("==")


def needed(asked: Iterable[Requirement]) -> set[str]:
    """The names of everything that has to be installed here for `asked`, as the installed packages tell it."""
    waiting = [(one, "") for one in asked]
    seen: set[tuple[str, str]] = set()
    while waiting:
        requirement, extra_of_parent = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra_of_parent}):
            continue
        for extra in ("", *requirement.extras):
            key = (canonicalize_name(requirement.name), extra)
            if key not in seen:
                seen.add(key)
                waiting += [(Requirement(line), extra) for line in distribution(requirement.name).requires or []]
    return {name for name, _ in seen}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_exactly_what_the_project_needs(lock: str) -> None:
    asked = pyproject_asks_for(LOCKS[lock])
    here = {name for name, (pin, _) in pins(lock).items() if not pin.marker or pin.marker.evaluate()}
    assert here == needed(asked), "run `make lock`, then `make test` again"
    assert [one for one in asked if version_in(lock, one.name) not in one.specifier] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_in_a_lock_has_one_version_and_hashes(lock: str) -> None:
    loose = [
        name
        for name, (pin, hashes) in pins(lock).items()
        if not hashes or [one.operator for one in pin.specifier] != ["=="] or pin.url
    ]
    assert loose == []


def test_what_runs_is_what_was_tested() -> None:
    tested = pins("requirements-test.txt")
    assert {name: pin for name, (pin, _) in pins("requirements.txt").items()} == {
        name: tested[name][0] for name in pins("requirements.txt")
    }


# What is in the repository


@cache
def tracked() -> tuple[Path, ...]:
    """The files that git would give to whoever clones the repository, with their changes here."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        absent(f"git does not list the repository's files: {error}")
    paths = [REPOSITORY / name for name in listed.stdout.decode().split("\0") if name]
    return tuple(path for path in paths if path.is_file())


@cache
def tracked_texts() -> tuple[tuple[Path, str], ...]:
    contents = [(path.relative_to(REPOSITORY), path.read_bytes()) for path in tracked()]
    return tuple((path, content.decode()) for path, content in contents if b"\0" not in content)


@pytest.mark.parametrize("unwanted", UNWANTED)
def test_no_tracked_file_contains(unwanted: str) -> None:
    pattern = re.compile(UNWANTED[unwanted])
    assert [f"{path}: {found[0]}" for path, text in tracked_texts() if (found := pattern.search(text))] == []


def test_no_tracked_file_knows_where_this_copy_lies() -> None:
    assert [path for path, text in tracked_texts() if str(REPOSITORY) in text] == []


def test_only_sources_are_tracked() -> None:
    assert [path for path in tracked() if GENERATED.search(str(path.relative_to(REPOSITORY)))] == []
    assert [path for path in tracked() if path.stat().st_size > LARGEST_FILE] == []


def test_the_top_level_stays_as_it_was_given() -> None:
    assert {path.relative_to(REPOSITORY).parts[0] for path in tracked()} <= TOP_LEVEL


# What people read

STRAIGHT = re.compile(r"""(?<=[^\W\d_])'(?=[^\W\d_])|(?<=s)'(?= )|"(?=\w)|(?<=[\w.!?])\"""")
TYPED = ("handlers/when/tokens.py", "handlers/when/vocabulary.py")  # what people type, as they type it
IN_FILES = "handlers/frameworks/"  # what is wrong with a framework file, in the file's own marks


def is_shown_to_nobody(node: ast.AST) -> bool:
    """A docstring, a pattern, or the other words for a command, which are typed."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.keyword(arg="also"):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"))):
            return True
        case _:
            return False


def shown_below(node: ast.AST) -> Iterator[str]:
    """The texts of a module that somebody may come to read."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        if not is_shown_to_nobody(child):
            yield from shown_below(child)


def shown_texts() -> Iterator[str]:
    for path, text in tracked_texts():
        name = path.as_posix()
        if name.startswith("handlers/") and name.endswith(".py") and not name.startswith((*TYPED, IN_FILES)):
            yield from shown_below(ast.parse(text))
        if name.startswith(IN_FILES) and name.endswith(".toml"):
            yield from (value for value in re.findall(r'(?m)^[^#\n]*?"([^"\n]+)"', text))


def refusals(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    """Every refusal: the docstring is what people read."""
    for below in kind.__subclasses__():
        yield below
        yield from refusals(below)


def test_quotation_marks_and_apostrophes_that_people_read_are_curly() -> None:
    for room in (bot, handlers):  # a refusal is known once its module is imported
        for module in walk_packages(room.__path__, f"{room.__name__}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    sentences = [refusal.__doc__ or "" for refusal in refusals(Refusal)]
    assert [sentence for sentence in (*sentences, *shown_texts()) if STRAIGHT.search(sentence)] == []
