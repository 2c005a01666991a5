"""The pages as HTML. Every word that somebody typed is escaped by the templates."""

from datetime import datetime

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape

from bot.pages.principles import PRINCIPLES
from bot.wall import Wall, charts_of

_pages = Environment(
    loader=ChoiceLoader([PackageLoader("bot.pages"), PackageLoader("bot.web")]),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def wall_page(wall: Wall, now: datetime) -> str:
    return _pages.get_template("board.html").render(wall=wall, charts=charts_of(wall), local=_local(wall, now))


def charts_alone(wall: Wall, now: datetime) -> str:
    """What an open page asks for again and again: the wall without what stands around it."""
    return _pages.get_template("board_inner.html").render(wall=wall, charts=charts_of(wall), local=_local(wall, now))


def _local(wall: Wall, now: datetime) -> datetime:
    return now.astimezone(wall.challenge.tz)


def link_page() -> str:
    """A link is used by a press: what looks at links before people do (previews, virus scanners) uses up nothing."""
    return _pages.get_template("open.html").render()


def sentence_page(title: str, sentence: str) -> str:
    return _pages.get_template("sentence.html").render(title=title, sentence=sentence)


def notice_page(name: str) -> str:
    """One of "privacy", "terms" and "data-protection"."""
    return _pages.get_template(f"{name}.html").render(principles=PRINCIPLES)
