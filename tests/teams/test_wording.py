"""What somebody typed in Teams, in plain words."""

import time
from typing import Any

import pytest

from bot.teams.wording import MOST_NAMED, from_html, from_markdown, quoted_by, words_of, words_of_quoted

US = "28:baseroom"


def message(text: str, *mentions: tuple[str, str], **more: Any) -> dict[str, Any]:
    entities = [
        {"type": "mention", "mentioned": {"id": who, "name": name}, "text": f"<at>{name}</at>"}
        for who, name in mentions
    ]
    return {"text": text, "textFormat": "plain", "entities": entities} | more


def test_the_mention_is_cut_out_and_the_name_elsewhere_stays() -> None:
    said = words_of(message("<at>Baseroom</at> staff like Baseroom a lot", (US, "Baseroom")), US)
    assert (said.text, said.names_us) == ("staff like Baseroom a lot", True)


@pytest.mark.parametrize("between", [" ", ": ", ", ", "&nbsp;", ""])
def test_what_stands_between_the_mention_and_the_words_goes_too(between: str) -> None:
    assert words_of(message(f"<at>Baseroom</at>{between}themes", (US, "Baseroom")), US).text == "themes"


def test_other_people_stand_by_their_names() -> None:
    typed = "<at>Baseroom</at> challenge team add <at>Tom Sutton</at> as lead peer"
    said = words_of(message(typed, (US, "Baseroom"), ("29:t", "Tom Sutton")), US)
    assert (said.text, said.ids) == ("challenge team add @Tom Sutton as lead peer", ("29:t",))


def test_a_namesake_of_the_bot_is_a_person() -> None:
    said = words_of(message("<at>Baseroom</at> and <at>Baseroom</at>", (US, "Baseroom"), ("29:b", "Baseroom")), US)
    assert (said.text, said.ids) == ("and @Baseroom", ("29:b",))


def test_tags_that_nobody_vouches_for_are_words() -> None:
    said = words_of(message("they wrote <at>Baseroom</at> in the leaflet"), US)
    assert (said.text, said.names_us) == ("they wrote <at>Baseroom</at> in the leaflet", False)


def test_a_mention_without_tags_is_found_by_its_words() -> None:
    entity = {"type": "mention", "mentioned": {"id": US, "name": "Baseroom"}, "text": "@Baseroom"}
    assert words_of({"text": "@Baseroom home", "entities": [entity]}, US).text == "home"


def test_plain_text_keeps_what_looks_like_mark_up() -> None:
    assert (
        words_of(message("waiting **times** <6 weeks &amp; rising"), US).text == "waiting **times** <6 weeks & rising"
    )


def test_html_becomes_lines_and_bullets() -> None:
    html = (
        "<p>Two&nbsp;things &lt;today&gt;:</p>\n<ul><li>staff <b>proud</b></li>\n<li>rotas late</li></ul>after<br/>all"
    )
    assert from_html(html) == "Two things <today>:\n- staff proud\n- rotas late\nafter\nall"


def test_html_text_keeps_mentions() -> None:
    html = '<p><at id="0">Baseroom</at> ask <at id="1">J &amp; K</at></p>'
    said = words_of(message(html, (US, "Baseroom"), ("29:j", "J & K"), textFormat="xml"), US)
    assert said.text == "ask @J & K"


def test_a_quoted_message_is_not_the_authors_own() -> None:
    quoted = '<blockquote itemscope itemtype="http://schema.skype.com/Reply">'
    twin = f"{quoted}<p>her <blockquote>old</blockquote> words</p></blockquote><p>mine</p>"
    activity = message("her words\n\nmine", attachments=[{"contentType": "text/html", "content": twin}])
    assert words_of(activity, US).text == "mine"
    assert words_of_quoted({"body": {"contentType": "html", "content": twin}}) == "mine"


def quoting(tag: str) -> dict[str, object]:
    twin = (
        f'<div><blockquote itemscope="" itemtype="http://schema.skype.com/Reply"{tag}><p>x</p></blockquote>mine</div>'
    )
    return message("mine", attachments=[{"contentType": "text/html", "content": twin}])


@pytest.mark.parametrize(
    ("tag", "found"),
    [(' itemid="1600457867820"', "1600457867820"), (" itemid='17'", "17"), ("", ""), (' itemid="8:orgid:x"', "")],
)
def test_what_is_quoted_is_known_by_its_id(tag: str, found: str) -> None:
    assert quoted_by(quoting(tag)) == found


def test_a_citation_of_the_authors_own_quotes_no_message() -> None:
    twin = '<blockquote itemid="17">a saying</blockquote>mine'
    assert quoted_by(message("mine", attachments=[{"contentType": "text/html", "content": twin}])) == ""
    assert quoted_by(message("mine")) == ""


def test_emoji_pictures_stand_by_their_words() -> None:
    assert from_html('good <emoji id="smile" alt="🙂"></emoji><img alt="">') == "good 🙂"


def test_markdown_loses_its_marks_and_keeps_the_rest() -> None:
    assert (
        from_markdown("**Staff** say \\#vision is 2\\*3\n- snake_case_name")
        == "Staff say #vision is 2*3\n- snake_case_name"
    )


@pytest.mark.parametrize(
    "entities", [None, "x", [None, 3], [{"type": "mention"}], [{"type": "mention", "mentioned": 5, "text": 3}]]
)
def test_broken_entities_are_passed_over(entities: object) -> None:
    assert words_of({"text": "<at>x</at> y", "entities": entities}, US).text == "<at>x</at> y"


@pytest.mark.parametrize(
    "bit",
    [
        "<",
        "<at>",
        "<at ",
        "<p ",
        "<p",
        "</",
        "&",
        "&#",
        "&nbsp;",
        "*",
        "**a",
        "__",
        "\\",
        "<blockquote>",
        "\n ",
        " \n",
        "<at>a</at>",
        "<img alt=",
        '<img alt="',
    ],
)
def test_hostile_text_is_read_quickly(bit: str) -> None:
    text = bit * (100_000 // len(bit))
    for text_format in ("plain", "xml", "markdown"):
        activity = message(text, (US, "a")) | {"textFormat": text_format}
        began = time.process_time()
        words_of(activity, US)
        assert time.process_time() - began < 0.15, text_format


def test_a_message_that_names_very_many_is_read_quickly_and_its_first_names_count() -> None:
    named = [(f"29:{number}", f"n{number}") for number in range(2_000)]
    text = "".join(f"<at>{name}</at>" for _, name in named)
    began = time.process_time()
    said = words_of(message(text, *reversed(named)) | {"textFormat": "plain"}, US)
    assert time.process_time() - began < 0.15
    assert len(said.ids) == MOST_NAMED
