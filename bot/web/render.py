"""What a peer sees in the rehearsal room: cards and forms as HTML that works with a keyboard and a screen reader.

Every word is escaped by `Markup.format`, and nothing here is script or style: the page's own script finds buttons by
their `data-` attributes. Nothing is too long for a web page, so nothing is divided.
"""

import re
from collections.abc import Iterable, Mapping
from typing import assert_never

from markupsafe import Markup
from multidict import MultiMapping

from bot.wording import People, Values, as_choice, chosen_values, is_web_address, nothing_to_choose
from handlers.chat import (
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceField,
    Divider,
    Element,
    Fields,
    Form,
    FormPart,
    PeopleField,
    Span,
    Style,
    Table,
    Text,
    TextField,
)

Field = TextField | ChoiceField | PeopleField

NOTHING = Markup("")

_HALF_PAIR = re.compile("[\ud800-\udfff]")

# ---------------------------------------------------------------- cards


def render_card(card: Card) -> str:
    """The card as an `<article>`. Its buttons carry `data-action`, `data-value`, `data-opens` (the form they open) and,
    where a question comes first, `data-confirm`, `data-confirm-title`, `data-confirm-yes` and `data-confirm-no`."""
    return _sendable(Markup('<article class="card">{}</article>').format(_together(map(_element, card.elements))))


def _sendable(page: Markup) -> str:
    """Half a surrogate pair, which no encoding can send, becomes the sign for an unreadable letter."""
    return _HALF_PAIR.sub("\ufffd", page)


def _together(parts: Iterable[Markup]) -> Markup:
    return NOTHING.join(parts)


def _element(element: Element) -> Markup:
    match element:
        case Text():
            return _text(element)
        case Bullets():
            points = (Markup("<li>{}</li>").format(_spans(point)) for point in element.items)
            return Markup("<ul>{}</ul>").format(_together(points))
        case Fields():
            facts = (Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*map(_words, pair)) for pair in element.pairs)
            return Markup('<dl class="facts">{}</dl>').format(_together(facts))
        case Table():
            return _table(element)
        case Divider():
            return Markup("<hr>")
        case Buttons() if element.only_for:
            return Markup("")
        case Buttons():
            return Markup('<div class="buttons">{}</div>').format(_together(map(_button, element.buttons)))
        case _:
            assert_never(element)


def _text(words: Text) -> Markup:
    match words.style:
        case Style.BODY:
            return Markup('<p dir="auto">{}</p>').format(_spans(words))
        case Style.HEADING:
            return Markup('<h3 dir="auto">{}</h3>').format(_spans(words))
        case Style.NOTE:
            return Markup('<p class="note" dir="auto"><small>{}</small></p>').format(_spans(words))
        case Style.QUOTE:
            return Markup('<blockquote dir="auto"><p>{}</p></blockquote>').format(_spans(words))
        case _:
            assert_never(words.style)


def _spans(words: Text) -> Markup:
    return _together(map(_span, words.spans))


def _span(span: Span) -> Markup:
    shown = _words(span.text)
    if span.bold:
        shown = Markup("<strong>{}</strong>").format(shown)
    if span.italic:
        shown = Markup("<em>{}</em>").format(shown)
    if _is_safe(span.link):
        shown = Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(span.link, shown)
    return shown


def _words(words: str) -> Markup:
    return Markup("<br>").join(words.split("\n"))


def _is_safe(link: str) -> bool:
    """Addresses elsewhere, and pages of this room itself (`/wall`, but not `//host`, which is elsewhere)."""
    return is_web_address(link) or (link.startswith("/") and not link.startswith(("//", "/\\")))


def _table(table: Table) -> Markup:
    titles = _together(Markup('<th scope="col">{}</th>').format(_words(column)) for column in table.columns)
    rows = _together(map(_row, table.rows))
    return Markup(
        '<div class="table" role="region" aria-label="Table" tabindex="0">'
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(titles, rows)


def _row(cells: tuple[str, ...]) -> Markup:
    first = Markup('<th scope="row">{}</th>').format(_words(cells[0]))
    others = (Markup("<td>{}</td>").format(_words(cell)) for cell in cells[1:])
    return Markup("<tr>{}{}</tr>").format(first, _together(others))


def _button(button: Button) -> Markup:
    if button.url:
        return _link(button)
    named = {"data-action": button.action, "data-value": button.value, "data-opens": button.opens}
    if button.confirm:
        named |= {
            "data-confirm": button.confirm.question,
            "data-confirm-title": button.confirm.title,
            "data-confirm-yes": button.confirm.yes,
            "data-confirm-no": button.confirm.no,
        }
    if button.about:
        named |= {"aria-label": button.spoken}
    return Markup('<button type="button" class="button {}"{}>{}</button>').format(
        button.style.value, _attributes(named), button.label
    )


def _link(button: Button) -> Markup:
    if not _is_safe(button.url):
        return Markup("<span>{}: {}</span>").format(button.label, button.url)
    return Markup('<a class="button {}" href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(
        button.style.value, button.url, button.label
    )


def _attributes(named: Mapping[str, str | bool]) -> Markup:
    """` name="value"` for each that has one; `True` stands without a value."""
    given = ((name, value) for name, value in named.items() if value)
    return _together(
        Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value) for name, value in given
    )


# ---------------------------------------------------------------- forms


def render_form(form: Form, *, errors: Mapping[str, str] | None = None, people: People = ()) -> str:
    """The form as a `<form>`. `errors` stand beside their fields; `people` are those whom a people field offers.

    A form that comes back with errors is given as `as_typed(form, values)`.
    """
    wrong = errors or {}
    parts = _together(_form_part(part, form, wrong, people) for part in form.parts)
    return _sendable(
        Markup(
            '<form class="form" method="post" data-form="{}" aria-labelledby="form:{}">'
            '<h2 id="form:{}">{}</h2>{}{}{}<div class="buttons">'
            '<button type="submit" class="button primary">{}</button>'
            '<button type="button" class="button plain" data-cancel>Cancel</button></div></form>'
        ).format(form.name, form.name, form.name, form.title, _unseen(form), _summary(wrong), parts, form.submit)
    )


def _unseen(form: Form) -> Markup:
    """What the form carries, and the name and kind of each field: a browser leaves unticked boxes out."""
    hidden = [("form", form.name)]
    hidden += [(f"carried:{name}", value) for name, value in form.carried.items()]
    hidden += [("several" if _is_several(field) else "single", field.name) for field in form.fields]
    pair = Markup('<input type="hidden" name="{}" value="{}">')
    return _together(pair.format(name, value) for name, value in hidden)


def _is_several(field: Field) -> bool:
    return not isinstance(field, TextField) and field.several


def _summary(errors: Mapping[str, str]) -> Markup:
    """How many answers need mending, and what is wrong with the form as a whole (its error has no name)."""
    if not errors:
        return NOTHING
    wrong = len([name for name in errors if name])
    answers = "One answer needs" if wrong == 1 else f"{wrong} answers need"
    counted = f"{answers} mending. Nothing you typed is lost." if wrong else ""
    told = " ".join(sentence for sentence in (errors.get("", ""), counted) if sentence)
    return Markup('<p class="error" role="alert">{}</p>').format(_words(told))


def _form_part(part: FormPart, form: Form, errors: Mapping[str, str], people: People) -> Markup:
    if isinstance(part, Text):
        return _text(part)
    place = f"{form.name}:{part.name}"
    error = errors.get(part.name, "")
    match part:
        case TextField():
            return _labelled(part, place, error, _typed(part, place, error))
        case ChoiceField(choices=()):
            return _text(nothing_to_choose(part))
        case ChoiceField():
            return _choice(part, place, error)
        case PeopleField():
            return _people(part, place, error, people)
        case _:
            assert_never(part)


def _labelled(field: Field, place: str, error: str, control: Markup) -> Markup:
    return Markup('<div class="field"><label for="{}">{}{}</label>{}{}{}</div>').format(
        place, field.label, _required(field), _hint(field, place), control, _error(place, error)
    )


def _grouped(field: Field, place: str, error: str, controls: Iterable[Markup]) -> Markup:
    return Markup('<fieldset class="field"{}><legend>{}{}</legend>{}{}{}</fieldset>').format(
        _described(field, place, error),
        field.label,
        _required(field),
        _hint(field, place),
        _together(controls),
        _error(place, error),
    )


def _required(field: Field) -> Markup:
    return Markup(' <span class="required">(required)</span>') if field.required else NOTHING


def _hint(field: Field, place: str) -> Markup:
    return Markup('<p class="hint" id="{}:hint">{}</p>').format(place, _words(field.hint)) if field.hint else NOTHING


def _error(place: str, error: str) -> Markup:
    return Markup('<p class="error" id="{}:error">{}</p>').format(place, _words(error)) if error else NOTHING


def _described(field: Field, place: str, error: str) -> Markup:
    """What a screen reader says of a field besides its label."""
    told = [f"{place}:{part}" for part, words in (("hint", field.hint), ("error", error)) if words]
    return _attributes({"aria-describedby": " ".join(told), "aria-invalid": "true" if error else ""})


def _typed(field: TextField, place: str, error: str) -> Markup:
    named = _attributes(
        {
            "id": place,
            "name": f"field:{field.name}",
            "maxlength": str(field.max_length),
            "placeholder": field.placeholder,
            "required": field.required,
        }
    )
    described = _described(field, place, error)
    if field.lines or "\n" in field.value:  # a browser swallows the first line break of a text area
        return Markup('<textarea rows="4"{}{}>\n{}</textarea>').format(named, described, field.value)
    return Markup('<input type="text" value="{}"{}{}>').format(field.value, named, described)


def _choice(field: ChoiceField, place: str, error: str) -> Markup:
    """Several are ticked in boxes; one is picked from radio buttons where the choice stands open, else from a list."""
    if field.several:
        return _grouped(field, place, error, _ticks(field, place, "checkbox"))
    if field.open:
        return _grouped(field, place, error, _ticks(field, place, "radio"))
    return _labelled(field, place, error, _list(field, place, error))


def _ticks(field: ChoiceField, place: str, kind: str) -> Iterable[Markup]:
    chosen = chosen_values(field)
    for number, choice in enumerate(field.choices):
        here = f"{place}:{number}"
        named: dict[str, str | bool] = {"id": here, "name": f"field:{field.name}", "checked": choice.value in chosen}
        named["required"] = field.required and kind == "radio"
        yield Markup('<div class="choice"><input type="{}" value="{}"{}><label for="{}">{}</label></div>').format(
            kind, choice.value, _attributes(named), here, choice.label
        )


def _list(field: ChoiceField, place: str, error: str) -> Markup:
    chosen = chosen_values(field)
    named = _attributes({"id": place, "name": f"field:{field.name}", "required": field.required})
    has_none = any(not choice.value for choice in field.choices)
    options = [] if has_none else [Markup('<option value="">Choose one</option>')]
    options += [
        Markup('<option value="{}"{}>{}</option>').format(
            choice.value, _attributes({"selected": choice.value in chosen}), choice.label
        )
        for choice in field.choices
    ]
    return Markup("<select{}{}>{}</select>").format(named, _described(field, place, error), _together(options))


def _people(field: PeopleField, place: str, error: str, people: People) -> Markup:
    if not people:
        return _text(nothing_to_choose(field))
    return _choice(as_choice(field, people), place, error)


def read_form(posted: MultiMapping[str]) -> Values:
    """What was typed and chosen, from a posted form: a text, or a tuple where several may be chosen."""
    single = {name: _unbroken(posted.get(f"field:{name}", "")) for name in posted.getall("single", [])}
    several = {name: tuple(posted.getall(f"field:{name}", [])) for name in posted.getall("several", [])}
    return {**single, **several}


def _unbroken(words: str) -> str:
    """Browsers send line breaks as two signs."""
    return words.replace("\r\n", "\n")


def read_carried(posted: MultiMapping[str]) -> Mapping[str, str]:
    """What the form carried unseen, from a posted form."""
    return {name.removeprefix("carried:"): posted[name] for name in posted if name.startswith("carried:")}
