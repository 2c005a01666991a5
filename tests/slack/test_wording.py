"""What somebody typed, as they saw it, out of Slack's escapes; however hostile, in no time."""

import pytest

from bot.slack.wording import people_in, plain
from tests.timing import at_best

US = "U0BASEROOM"
LONG = 100_000


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("<@U0BASEROOM> Carers wait", "Carers wait"),
        ("<@U0BASEROOM|baseroom>: Carers wait", "Carers wait"),
        ("Carers wait <@U0BASEROOM>", "Carers wait"),
        ("Carers\n<@U0BASEROOM>, wait", "Carers\nwait"),
        ("<@U0PRIYA> said <@U0ZED|zed> and <@U0NOBODY>", "@Priya Nair said @zed and @somebody"),
        ("<#C0VISION|vision> <#C0HIDDEN>", "#vision #channel"),
        ("<!here> <!channel|channel> <!subteam^S1|leads>", "@here channel leads"),
        ("<https://anyshire.example|the plan> <mailto:a@b.example>", "the plan a@b.example"),
        ("cost &lt; benefit &amp;amp; more", "cost < benefit &amp; more"),
    ],
)
def test_it_reads_as_its_author_saw_it(sent: str, typed: str) -> None:
    assert plain(sent, {"U0PRIYA": "Priya Nair"}, without=US) == typed


def test_the_people_named_are_in_order_and_channels_are_no_people() -> None:
    assert people_in("<@U0TOM> and <@W0JO|jo>, not <#C0VISION|vision> or <!here>") == ["U0TOM", "W0JO"]


@pytest.mark.parametrize(
    "hostile",
    [
        " " * LONG,
        "\t " * (LONG // 2) + "x",
        "<" * LONG,
        "<@" * (LONG // 2),
        "<@U0BASEROOM|" * (LONG // 13),
        f"<@{US}>" * (LONG // 13),
        f"<@{US}>" + " " * LONG + ":" + " " * LONG,
        "<a|" * (LONG // 3),
        "<" + "a" * LONG + "|",
    ],
)
def test_hostile_text_costs_no_time(hostile: str) -> None:
    assert at_best(lambda: (plain(hostile, {}, without=US), people_in(hostile))) < 0.05
