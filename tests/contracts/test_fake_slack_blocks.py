"""The fake Slack refuses the blocks and views that Slack refuses, one test row for each limit of PLATFORM_FACTS S1."""

from typing import Any

import pytest

from tests.fakes.slack.blocks import characters_in, is_view_too_large, problems_in_message_blocks, problems_in_view

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "Heard", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Change"), "action_id": "change", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(name: str, **more: Any) -> Json:
    return {"text": plain(name), "value": name, **more}


def options(number: int) -> list[Json]:
    return [option(f"theme {one}") for one in range(number)]


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "theme", "options": options(2)} | more


def choice(kind: str, number: int) -> Json:
    return {"type": kind, "action_id": "choice", "options": options(number)}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("What was heard"), "element": element, **more}


def typed(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "typed", **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("A finding"), "blocks": list(blocks) or [section()]} | more


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def inline(*runs: Json, kind: str = "rich_text_section", **more: Any) -> Json:
    return {"type": kind, "elements": list(runs), **more}


def run(text: str = "heard", **more: Any) -> Json:
    return {"type": "text", "text": text, **more}


def bullets(*items: Json, **more: Any) -> Json:
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)} | more


def table(rows: int, columns: int, text: str = "x") -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def confirm(**more: Any) -> Json:
    return {"title": plain("Sure?"), "text": plain("It cannot be undone."), **more}


CONFIRMED = confirm(confirm=plain("Yes"), deny=plain("No"), style="danger")
ACCEPTED_IN_MESSAGES = {
    "the longest section": [section("x" * 3000)],
    "ten fields": [{"type": "section", "fields": [mrkdwn("x" * 100)] * 10}],
    "a header, a divider and a context": [
        {"type": "header", "text": plain("x" * 150)},
        {"type": "divider"},
        {"type": "context", "elements": [mrkdwn("six findings")] * 10},
    ],
    "25 buttons": [actions(*(button(action_id=f"b{n}") for n in range(25)))],
    "a button with everything": [
        actions(button(value="41", style="danger", url="https://page.example/x", confirm=CONFIRMED))
    ],
    "a select with its first option": [section(accessory=select(initial_option=option("theme 1")))],
    "groups of options": [
        actions({"type": "static_select", "option_groups": [{"label": plain("Themes"), "options": options(2)}]})
    ],
    "an overflow, radio buttons and checkboxes": [
        actions(choice("overflow", 5)),
        actions(choice("radio_buttons", 10)),
        actions(choice("checkboxes", 10)),
    ],
    "a date and a time": [
        actions(
            {"type": "datepicker", "action_id": "d", "initial_date": "2026-11-24"},
            {"type": "timepicker", "action_id": "t", "initial_time": "13:00"},
        )
    ],
    "rich text of every kind": [
        rich(
            inline(run(style={"bold": True}), {"type": "emoji", "name": "pushpin"}),
            inline({"type": "user", "user_id": "U000000001"}, {"type": "channel", "channel_id": "C000000001"}),
            inline({"type": "link", "url": "https://page.example", "text": "page"}, kind="rich_text_quote", border=1),
            bullets(inline(run()), inline(run()), indent=8),
            inline(run(), kind="rich_text_preformatted"),
        )
    ],
    "a table": [table(100, 20)],
    "an image": [{"type": "image", "image_url": "https://page.example/i.png", "alt_text": "The wall"}],
    "an input": [field(typed(max_length=3000))],
    "no blocks at all": [],
}


@pytest.mark.parametrize("blocks", ACCEPTED_IN_MESSAGES.values(), ids=ACCEPTED_IN_MESSAGES.keys())
def test_slack_would_post_these_blocks(blocks: list[Json]) -> None:
    assert problems_in_message_blocks(blocks) == []


REFUSED_IN_MESSAGES: dict[str, tuple[list[Any], str]] = {
    "51 blocks": ([section()] * 51, "no more than 50 items"),
    "a block that is none": (["section"], "unsupported type"),
    "an unknown block": ([{"type": "sections"}], "unsupported type: sections"),
    "a block of a later SDK": ([{"type": "data_table", "caption": "x"}], "unsupported type: data_table"),
    "an unknown key": ([section(colour="red")], "invalid additional property: colour"),
    "a section of 3,001 characters": ([section("x" * 3001)], "less than 3001"),
    "an empty section": ([section("")], "more than 0 characters"),
    "a blank section": ([section("  \n")], "more than 0 characters"),
    "a section of nothing": ([{"type": "section"}], "text or fields"),
    "eleven fields": ([{"type": "section", "fields": [mrkdwn("x")] * 11}], "no more than 10"),
    "a field of 2,001 characters": ([{"type": "section", "fields": [mrkdwn("x" * 2001)]}], "less than 2001"),
    "a section whose text is a string": ([{"type": "section", "text": "x"}], "must provide an object"),
    "an unknown kind of text": ([{"type": "section", "text": {"type": "html", "text": "x"}}], "unsupported type"),
    "emoji in mrkdwn": ([{"type": "section", "text": mrkdwn("x") | {"emoji": True}}], "additional property: emoji"),
    "a header of 151 characters": ([{"type": "header", "text": plain("x" * 151)}], "less than 151"),
    "a header in mrkdwn": ([{"type": "header", "text": mrkdwn("x")}], "unsupported type: mrkdwn"),
    "a context of eleven": ([{"type": "context", "elements": [mrkdwn("x")] * 11}], "no more than 10"),
    "a context of none": ([{"type": "context", "elements": []}], "no fewer than 1"),
    "a button in a context": ([{"type": "context", "elements": [button()]}], "json-pointer:/blocks/0/elements/0"),
    "26 actions": ([actions(*(button(action_id=f"b{n}") for n in range(26)))], "no more than 25"),
    "an unknown element": ([actions({"type": "slider"})], "unsupported type: slider"),
    "a text input among actions": ([actions(typed())], "unsupported type: plain_text_input"),
    "a select of several among actions": ([actions(select(type="multi_static_select"))], "unsupported type"),
    "two elements of one action id": ([actions(button(), button())], "`action_id` 'change' already exists"),
    "two blocks of one id": ([section(block_id="a"), section(block_id="a")], "block_id 'a' already exists"),
    "a block id of 256 characters": ([section(block_id="x" * 256)], "less than 256"),
    "an action id of 256 characters": ([actions(button(action_id="x" * 256))], "less than 256"),
    "a button of 76 characters": ([actions(button(text=plain("x" * 76)))], "less than 76"),
    "a button in mrkdwn": ([actions(button(text=mrkdwn("x")))], "unsupported type: mrkdwn"),
    "a value of 2,001 characters": ([actions(button(value="x" * 2001))], "less than 2001"),
    "an unknown style": ([actions(button(style="default"))], "valid enum value"),
    "a URL that is none": ([actions(button(url="page.example"))], "valid url"),
    "a URL of 3,001 characters": ([actions(button(url="https://" + "x" * 3000))], "less than 3001"),
    "a confirmation title too long": ([actions(button(confirm=confirm(title=plain("x" * 101))))], "less than 101"),
    "a confirmation text too long": ([actions(button(confirm=confirm(text=plain("x" * 301))))], "less than 301"),
    "a confirmation button too long": ([actions(button(confirm=confirm(deny=plain("x" * 31))))], "less than 31"),
    "101 options": ([actions(select(options=options(101)))], "no more than 100"),
    "no options": ([actions(select(options=[]))], "no fewer than 1"),
    "options and groups": ([actions(select(option_groups=[]))], "exactly one of options and option_groups"),
    "an option of 76 characters": ([actions(select(options=[option("x" * 76)]))], "less than 76"),
    "an option's value of 76 characters": ([actions(select(options=[option("x", value="y" * 76)]))], "less than 76"),
    "a description too long": ([actions(select(options=[option("x", description=plain("y" * 76))]))], "less than 76"),
    "an option in mrkdwn": ([actions(select(options=[option("x", text=mrkdwn("x"))]))], "unsupported type: mrkdwn"),
    "two options of one value": ([actions(select(options=[option("x")] * 2))], "more than once"),
    "a first option not among them": ([actions(select(initial_option=option("other")))], "exactly match"),
    "a first option worded otherwise": (
        [actions(select(initial_option={"text": plain("Theme 1"), "value": "theme 1"}))],
        "exactly match",
    ),
    "a placeholder of 151 characters": ([actions(select(placeholder=plain("x" * 151)))], "less than 151"),
    "a placeholder on a button": ([actions(button(placeholder=plain("x")))], "additional property: placeholder"),
    "an overflow of six": ([actions(choice("overflow", 6))], "no more than 5"),
    "eleven radio buttons": ([actions(choice("radio_buttons", 11))], "no more than 10"),
    "eleven checkboxes": ([actions(choice("checkboxes", 11))], "no more than 10"),
    "a date the British way": ([actions({"type": "datepicker", "initial_date": "24/11/2026"})], "YYYY-MM-DD"),
    "a day that does not exist": ([actions({"type": "datepicker", "initial_date": "2026-02-30"})], "YYYY-MM-DD"),
    "a time with seconds": ([actions({"type": "timepicker", "initial_time": "13:00:00"})], "HH:mm"),
    "a first user who is no id": ([actions({"type": "users_select", "initial_user": "Priya"})], "not an id"),
    "an e-mail field in a message": ([field({"type": "email_text_input"})], "not allowed in a message"),
    "an image without words": ([{"type": "image", "image_url": "https://page.example/i.png"}], "alt_text"),
    "an image of nothing": ([{"type": "image", "alt_text": "x"}], "image_url and slack_file"),
    "101 rows": ([table(101, 1)], "no more than 100"),
    "21 columns": ([table(1, 21)], "no more than 20"),
    "a ragged table": ([{"type": "table", "rows": [*table(1, 2)["rows"], *table(1, 1)["rows"]]}], "same number"),
    "an empty cell": ([table(1, 1, "")], "more than 0"),
    "a table of 10,001 characters": ([table(73, 1, "x" * 137)], "less than 10001"),
    "two tables": ([table(1, 1), table(1, 1)], "only_one_table_allowed"),
    "markdown of 12,001 characters": ([{"type": "markdown", "text": "x" * 12_001}], "less than 12001"),
    "rich text of nothing": ([rich()], "no fewer than 1"),
    "a run of no text": ([rich(inline(run("")))], "more than 0"),
    "text straight in rich text": ([rich(run())], "unsupported type: text"),
    "a list within a list": ([rich(bullets(bullets(inline(run()))))], "only rich_text_section"),
    "a list without a style": ([rich({"type": "rich_text_list", "elements": [inline(run())]})], "field: style"),
    "a list of an unknown style": ([rich(bullets(inline(run()), style="dash"))], "valid enum value"),
    "an indent of nine": ([rich(bullets(inline(run()), indent=9))], "from 0 to 8"),
    "a mention in preformatted text": (
        [rich(inline({"type": "user", "user_id": "U1"}, kind="rich_text_preformatted"))],
        "unsupported type: user",
    ),
    "an emoji with colons": ([rich(inline({"type": "emoji", "name": ":pushpin:"}))], "no colons"),
    "an unknown style of text": ([rich(inline(run(style={"big": True})))], "additional property: big"),
    "a style that is no truth": ([rich(inline(run(style={"bold": "yes"})))], "must provide a boolean"),
    "an unknown broadcast": ([rich(inline({"type": "broadcast", "range": "all"}))], "valid enum value"),
}


@pytest.mark.parametrize(("blocks", "words"), REFUSED_IN_MESSAGES.values(), ids=REFUSED_IN_MESSAGES.keys())
def test_slack_would_refuse_these_blocks(blocks: list[Json], words: str) -> None:
    assert words in "\n".join(problems_in_message_blocks(blocks))


ACCEPTED_VIEWS = {
    "100 blocks": (modal(*[section()] * 100), "modal"),
    "a form": (modal(field(typed(), optional=True, hint=plain("One finding")), submit=plain("Save")), "modal"),
    "every modal field": (
        modal(
            field({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}),
            field({"type": "email_text_input"}),
            field({"type": "datetimepicker", "initial_date_time": 1_795_000_000}),
            field({"type": "multi_users_select", "initial_users": ["U000000001"]}),
            submit=plain("Save"),
            private_metadata="x" * 3000,
        ),
        "modal",
    ),
    "an empty Home": ({"type": "home", "blocks": []}, "home"),
    "a Home with a button": ({"type": "home", "blocks": [actions(button())]}, "home"),
}


@pytest.mark.parametrize(("view", "surface"), ACCEPTED_VIEWS.values(), ids=ACCEPTED_VIEWS.keys())
def test_slack_would_show_this_view(view: Json, surface: str) -> None:
    assert problems_in_view(view, surface) == []


SAVE = {"submit": plain("Save")}
REFUSED_VIEWS: dict[str, tuple[object, str, str]] = {
    "no view": (None, "modal", "must provide an object"),
    "no title": ({"type": "modal", "blocks": [section()]}, "modal", "missing required field: title"),
    "no blocks": ({"type": "modal", "title": plain("x")}, "modal", "missing required field: blocks"),
    "an empty modal": ({"type": "modal", "title": plain("x"), "blocks": []}, "modal", "no fewer than 1"),
    "a title of 25 characters": (modal(title=plain("x" * 25)), "modal", "less than 25"),
    "a submit button of 25 characters": (modal(submit=plain("x" * 25)), "modal", "less than 25"),
    "a close button of 25 characters": (modal(close=plain("x" * 25)), "modal", "less than 25"),
    "101 blocks": (modal(*[section()] * 101), "modal", "no more than 100"),
    "metadata of 3,001 characters": (modal(private_metadata="x" * 3001), "modal", "less than 3001"),
    "a callback id of 256 characters": (modal(callback_id="x" * 256), "modal", "less than 256"),
    "an unknown key": (modal(colour="red"), "modal", "invalid additional property: colour"),
    "an input without a submit button": (modal(field(typed())), "modal", "missing required field: submit"),
    "a table": (modal(table(1, 1)), "modal", "unsupported type: table"),
    "markdown": (modal({"type": "markdown", "text": "x"}), "modal", "unsupported type: markdown"),
    "a label of 2,001 characters": (modal(field(typed(), label=plain("x" * 2001)), **SAVE), "modal", "less than 2001"),
    "a hint of 2,001 characters": (modal(field(typed(), hint=plain("x" * 2001)), **SAVE), "modal", "less than 2001"),
    "a field of 3,001 characters": (modal(field(typed(max_length=3001)), **SAVE), "modal", "from 1 to 3000"),
    "a first value too long": (
        modal(field(typed(max_length=5, initial_value="longer")), **SAVE),
        "modal",
        "less than 6",
    ),
    "a button as a field": (modal(field(button()), **SAVE), "modal", "unsupported type: button"),
    "a number field that does not say of what": (modal(field({"type": "number_input"}), **SAVE), "modal", "decimal"),
    "two first fields": (
        modal(field(typed(focus_on_load=True)), field(typed(focus_on_load=True)), **SAVE),
        "modal",
        "focus_on_load",
    ),
    "a Home with a submit button": ({"type": "home", "blocks": [], **SAVE}, "home", "additional property: submit"),
    "a modal for a Home": (modal(), "home", "must be home"),
    "a date and time field on a Home": (
        {"type": "home", "blocks": [field({"type": "datetimepicker"})]},
        "home",
        "not allowed in a home",
    ),
}


@pytest.mark.parametrize(("view", "surface", "words"), REFUSED_VIEWS.values(), ids=REFUSED_VIEWS.keys())
def test_slack_would_refuse_this_view(view: object, surface: str, words: str) -> None:
    assert words in "\n".join(problems_in_view(view, surface))


def test_a_problem_points_to_its_place() -> None:
    assert problems_in_message_blocks([section(), section("x" * 3001)]) == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    ]


def test_the_characters_of_a_message_are_those_of_all_its_blocks() -> None:
    assert characters_in([section("12345"), rich(inline(run("678"))), actions(button(text=plain("90")))]) == 10


def test_a_view_is_too_large_beyond_250_kilobytes() -> None:
    assert not is_view_too_large(modal(section("x" * 3000)))
    assert is_view_too_large(modal(*[section("x" * 3000)] * 100))
