"""Cards and forms of every kind, and texts that somebody might type to do harm: what every renderer must draw."""

from collections.abc import Iterator

from handlers.chat import (
    Bullets,
    Button,
    Buttons,
    ButtonStyle,
    Card,
    Choice,
    ChoiceField,
    Confirm,
    Divider,
    Element,
    Fields,
    Form,
    PeopleField,
    Span,
    Style,
    Table,
    Text,
    TextField,
    bold,
    heading,
    italic,
    note,
    quote,
    text,
)

HOSTILE = (
    "<!channel> everyone look",
    "<!here|here> and <!everyone>",
    "<@U012AB3CD> said so",
    "<#C024BE7LR|general>",
    "<https://evil.example|our survey>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</textarea><script>alert(1)</script>",
    "</title></style><!-- comment",
    "]]><![CDATA[",
    "[click me](javascript:alert(1))",
    "[the survey](https://evil.example)",
    "![picture](https://evil.example/x.png)",
    "javascript:alert(1)",
    "*bold* _italic_ ~struck~ `code`",
    "**bold** __bold__ ## heading",
    "- a bullet\n- another\n1. a number\n> a quotation",
    "&amp; &lt;b&gt; &#60;i&#62; &copy;",
    "{{DATE(2026-11-24T09:00:00Z, SHORT)}} {{TIME(2026-11-24T09:00:00Z)}} {{{{DATE(2026-11-24T09:00:00Z)}}}}",
    "<at>Baseroom</at> @channel @here",
    "${evil} {0} {name} %s %(name)s {{ 7 * 7 }} {% raw %}",
    ":tada: :skull_and_crossbones:",
    "\u202edesrever si siht\u202c and \u2067isolated\u2069",
    "\u200b\u200czero\ufeffwidth\u200d",
    "e\u0301\u0302\u0303\u0304 Z\u0351\u036b\u0343a\u0321lgo",
    "👩‍👩‍👧‍👦 family 🏴󠁧󠁢󠁳󠁣󠁴󠁿 flag 👍🏽",
    "\x00\x01\x07\x08\x1b[31mred\x1b[0m\x7f",
    "half a pair \ud83d and the other \ude00",
    "tab\tvertical\x0bform\x0creturn\r\nline\u2028paragraph\u2029next\x85",
    "C:\\notes\\new \\u0041 \\n \\",
    '{"type": "mrkdwn", "text": "*x*"}',
    '=HYPERLINK("https://evil.example")',
    "مرحبا بالعالم 你好 Ωμέγα ǅ ﷽",
    "a" * 400,
    "🙂" * 300,
    "🙂" * 700,
)

CONFIRM = Confirm("Destroy the notes?", "This cannot be undone.", "Yes, destroy them", "Keep them")


def card_of(*elements: Element) -> Card:
    return Card("7 findings, 2 themes", elements)


EVERY_ELEMENT = card_of(
    heading("Peer team session at 13:00"),
    text("New since the last session: ", bold("five"), " findings, ", italic("two"), " of them unsorted."),
    text("Minutes are on ", Span("the wall", link="https://baseroom.example/wall"), ".\nBring your own."),
    note("Emerging and informal: not all of this is triangulated."),
    quote("Frontline staff describe the vision in their own words.\nSo does the board."),
    Bullets((text("Vision and priorities: ", bold("triangulated")), text("Use of resources: one source"))),
    Divider(),
    Fields((("Stage", "On site"), ("Next", "Catch-up at 16:30"), ("Missing", "Nothing"))),
    Buttons(
        (
            Button("Confirm", "sessions.confirm", "s-17", style=ButtonStyle.PRIMARY),
            Button("Add a finding", "findings.add", opens="finding"),
            Button("Destroy", "notes.destroy", "c-3", style=ButtonStyle.DANGER, confirm=CONFIRM),
            Button("Open the wall", url="https://baseroom.example/wall?day=1&theme=2"),
        )
    ),
    Table(("Theme", "Day 1", "Day 2"), (("Vision", "3", "4"), ("Voice of people", "2", "6"))),
)

SEVERAL_TABLES = card_of(
    Table(("Theme", "Findings"), (("Vision", "7"),)),
    text("And by kind of source:"),
    Table(("Source", "Findings"), (("Focus group", "5"), ("Document", "2"))),
    Buttons((Button("Approve", "summary.approve", "s-1"),)),
)


def long_text(characters: int, style: Style = Style.BODY) -> Text:
    """Words that are all different, so that a lost or doubled one is noticed; a line break now and then."""
    words = (f"word{number}{chr(10) if number % 40 == 0 else ' '}" for number in range(characters))
    made: list[str] = []
    length = 0
    while length < characters:
        made.append(next(words))
        length += len(made[-1])
    return text("".join(made)[:characters], style=style)


LONG_CARDS = {
    **{f"60,000 characters of {style}": card_of(long_text(60_000, style)) for style in Style},
    "60,000 characters without a space": card_of(text("x" * 60_000)),
    "60,000 emoji": card_of(text("🙂" * 60_000)),
    "6,000 lines": card_of(quote("a\n" * 6_000)),
    "60,000 markers": card_of(text("{{DATE(" * 8_600)),
    "300 bullets": card_of(Bullets(tuple(text(f"Point {n}, heard in a focus group of carers") for n in range(300)))),
    "bullets of 9,000 characters": card_of(Bullets(tuple(long_text(9_000) for _ in range(3)))),
    "500 rows": card_of(Table(("Theme", "Day", "Count"), tuple((f"Theme {n}", "1", f"{n}") for n in range(500)))),
    "a table with long cells": card_of(Table(("Theme", "Wording"), (("Vision", long_text(30_000).plain),) * 2)),
    "25 columns": card_of(
        Table(tuple(f"Day {n}" for n in range(25)), (tuple(f"{n} findings" for n in range(25)),) * 30)
    ),
    "60 buttons": card_of(
        text("Choose"), Buttons(tuple(Button(f"Theme {n}", "findings.retag", f"t-{n}") for n in range(60)))
    ),
    "400 facts": card_of(Fields(tuple((f"Peer {n}", f"{n} findings today") for n in range(400)))),
    "200 paragraphs and dividers": card_of(
        *(part for n in range(200) for part in (heading(f"Part {n}"), text(f"Words {n}"), Divider()))
    ),
}


def card_full_of(words: str) -> Card:
    """A card with `words` wherever somebody's words may stand."""
    return card_of(
        heading(words),
        text("They said: ", Span(words, bold=True), Span(words, italic=True, link="https://baseroom.example")),
        text(Span("an address: ", link=words)),
        note(words),
        quote(words),
        Bullets((text(words), text("and ", words))),
        Fields((("Said", words), (words[:60], "Said"))),
        Table(("Theme", words), ((words, "1"), ("2", words))),
        Buttons(
            (
                Button(words[:60] or "Empty", "findings.retag", words[:200]),
                Button("Ask", "a", confirm=Confirm(words[:90] or "?", words[:290] or "?", "Yes")),
            )
        ),
    )


def words_in(card: Card) -> Iterator[str]:
    """Everything on the card that a person must be able to read, in order."""
    for element in card.elements:
        match element:
            case Text():
                yield element.plain
            case Bullets():
                yield from (point.plain for point in element.items)
            case Fields():
                yield from (words for pair in element.pairs for words in pair)
            case Table():
                yield from element.columns
                yield from (cell for row in element.rows for cell in row)
            case Buttons():
                for button in element.buttons:
                    yield button.label
                    if button.confirm:
                        yield from (button.confirm.title, button.confirm.question, button.confirm.yes)
            case Divider():
                pass


# ---------------------------------------------------------------- forms

KINDS = (Choice("Strength", "strength"), Choice("Area to explore", "area"))
THEMES = tuple(Choice(f"Theme {n}", f"theme,{n}") for n in range(1, 41))
PEOPLE = (("U0PRIYA001", "Priya N"), ("U0TOM00002", "Tom B"), ("U0ZOE00003", "Zoe <Carer> & co"))

EVERY_FIELD = Form(
    name="finding",
    title="Add a finding",
    submit="Save it",
    carried={"challenge": "c-3", "from": "1700000000.000100"},
    parts=(
        text("One finding, its source, your initials."),
        TextField(
            name="words",
            label="What did you hear?",
            value="\nStaff feel valued.\nThey say so unasked.",
            hint="One finding at a time.",
            placeholder="In their own words",
            required=True,
            lines=True,
        ),
        TextField(name="source", label="Source", value="focus group", max_length=200),
        TextField(name="who", label="Who noted it"),
        ChoiceField(name="kind", label="Kind", choices=KINDS, chosen=("area",), open=True, required=True),
        ChoiceField(name="main", label="Main theme", choices=THEMES, chosen=("theme,7",), hint="The nearest will do."),
        ChoiceField(name="also", label="Other themes", choices=THEMES, chosen=("theme,2", "theme,9"), several=True),
        ChoiceField(name="marks", label="Marks", choices=KINDS, chosen=("strength",), several=True, open=True),
        ChoiceField(name="day", label="Day", choices=KINDS),
        note("Notes are destroyed when the report is signed off."),
        PeopleField(
            name="peers", label="Who was there", chosen=("U0PRIYA001", "U0ZOE00003"), hint="The pair.", required=True
        ),
        PeopleField(name="lead", label="Who led", several=False),
    ),
)

UNTOUCHED = {
    "words": "\nStaff feel valued.\nThey say so unasked.",
    "source": "focus group",
    "who": "",
    "kind": "area",
    "main": "theme,7",
    "also": ("theme,2", "theme,9"),
    "marks": ("strength",),
    "day": "",
    "peers": ("U0PRIYA001", "U0ZOE00003"),
    "lead": "",
}


def form_full_of(words: str) -> Form:
    """A form with `words` wherever somebody's words may stand."""
    some = words.strip()[:60] or "Empty"
    return Form(
        "finding",
        "Add a finding",
        (
            text(words),
            TextField(name="words", label=some, value=words, hint=words, placeholder=some, lines=True),
            TextField(name="line", label="Line", value=words),
            ChoiceField(
                name="kind",
                label=some,
                choices=(Choice(some, "1"), Choice(words.strip() or "Empty", "2")),
                chosen=("2",),
                several=True,
                open=True,
            ),
            ChoiceField(name="main", label="Main", choices=(Choice(some, some),), chosen=(some,)),
        ),
        carried={"words": words[:300]},
    )


def words_in_form(form: Form) -> Iterator[str]:
    """Labels, hints, placeholders, values and choices that a person must be able to read, in any order."""
    yield form.title
    yield form.submit
    for part in form.parts:
        match part:
            case Text():
                yield part.plain
            case TextField():
                yield from (part.label, part.hint, part.placeholder, part.value)
            case ChoiceField():
                yield from (part.label, part.hint, *(choice.label for choice in part.choices))
            case PeopleField():
                yield from (part.label, part.hint)
