"""The controls of a question's form, made from what it asks, and the answer that was typed into them.

A control is one or several named parts of a form: a text, the cells of a grid ("g.0.1"), what is picked of
each place ("order.2"). What was typed is kept by these names, so that a form is shown again as it was left.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from typing import Any

from grader.model.control import (
    Control,
    FormulaControl,
    GridControl,
    Line,
    NumbersControl,
    Pick,
    PickEach,
    Shape,
    WordsControl,
    YesNo,
)
from grader.model.exercise import Question
from grader.model.text import counted
from grader.reports.html.elements import element, prose
from grader.serve.frame import verbatim

Typed = Mapping[str, str]

CODE = "code"
"""The control of a question for a function; no field is called so there."""

LONGEST = 20_000
"""Characters that one part takes. No control says so: what is pasted would be cut without a word."""

BETWEEN = "\n"
"""Between the ids of several options that are picked; no id has it."""

NOTHING_PICKED = "(none)"


def part_name(question: Question, part: str) -> str:
    """The name under which a part is sent: a page's form has the parts of all its questions."""
    return f"field.{question.id}/{part}"


def controls(question: Question, typed: Typed) -> Iterator[ET.Element]:
    """One control for each field of a question, filled with what was typed."""
    if question.asks.function is not None:
        yield _code(question, typed.get(CODE, ""))
        return
    for name, control in controls_of(question).items():
        yield _drawn(question, name, control, typed)


def prompt_of(question: Question) -> str:
    """The prompt above the controls, without what the controls themselves show."""
    check, params = question.check, question.params
    alone = question.prompt.removesuffix(check.shown(params)).rstrip()
    return f"{alone}\n\n{check.shown_with_controls(params)}".strip()


def controls_of(question: Question) -> dict[str, Control]:
    """The control of each field; numbers in any arrangement where the kind names none."""
    own = question.check.controls(question.params)
    asked = (*question.asks.fields, *question.asks.optional)
    return {name: own.get(name, NumbersControl()) for name in asked}


def _code(question: Question, typed: str) -> ET.Element:
    signature = signature_of(question)
    shown = typed or skeleton(question)
    area = _area(f"{question.id}-{CODE}", part_name(question, CODE), shown, rows=14)
    label = element(
        "label", {"for": area.attrib["id"]}, "Your code, with ", element("code", {}, f"def {signature}")
    )
    return element("p", {}, label, area)


def signature_of(question: Question) -> str:
    """How the function is called that a question asks for."""
    return question.signature or f"{question.asks.function}(...)"


def skeleton(question: Question) -> str:
    """What stands in the field of a question for code before anything is typed."""
    return f"def {signature_of(question)}:\n    ...\n"


def _drawn(question: Question, name: str, control: Control, typed: Typed) -> ET.Element:
    id, sent_as = f"{question.id}-{name}", part_name(question, name)
    is_optional = name in question.asks.optional and name not in question.asks.fields
    title = (element("code", {}, name), " (optional)" if is_optional else "")
    below = _meaning(question, name, id)
    match control:
        case Line() | Shape() | NumbersControl() | FormulaControl() | WordsControl():
            area = _area(id, sent_as, typed.get(name, ""), _rows(control, typed.get(name, "")))
            if below is not None:
                area.set("aria-describedby", f"{id}-hint")
            return element("p", {}, element("label", {"for": id}, *title), " ", below, area)
        case GridControl():
            return _group(id, title, below, _grid(name, sent_as, control, typed))
        case YesNo():
            picks = {"yes": "yes", "no": "no", "": "I do not say"}
            choices = _choices(id, sent_as, picks, {typed.get(name, "")}, "radio")
            return _group(id, title, below, *choices)
        case Pick():
            given = set(typed.get(name, "").split(BETWEEN)) - {""}
            choices = _choices(id, sent_as, control.options, given, "radio" if control.is_one else "checkbox")
            if not control.is_one:
                none = _choices(id, sent_as, {NOTHING_PICKED: "none of them"}, given, "checkbox")
                choices = [*choices, *none]
            return _group(id, title, below, *choices)
        case PickEach():
            return _group(id, title, below, *_selects(id, sent_as, name, control, typed))


def _rows(control: Control, typed: str) -> int:
    if isinstance(control, (Line, Shape)):
        return 1
    if isinstance(control, WordsControl) and control.most_words:
        return 8
    return max(2, min(12, typed.count("\n") + 1))


def _meaning(question: Question, name: str, id: str) -> ET.Element | None:
    if not (meaning := question.fields.get(name, "")):
        return None
    below = prose(meaning, "span")
    below.set("class", "quiet")
    below.set("id", f"{id}-hint")
    return below


def _group(
    id: str, title: tuple[ET.Element, str], below: ET.Element | None, *parts: ET.Element
) -> ET.Element:
    return element("fieldset", {"id": id}, element("legend", {}, *title), below, *parts)


def _area(id: str, sent_as: str, typed: str, rows: int) -> ET.Element:
    attributes = {
        "id": id,
        "name": sent_as,
        "rows": str(rows),
        "spellcheck": "false",
        "autocapitalize": "off",
        "autocomplete": "off",
    }
    # The first newline after <textarea> is dropped by browsers.
    made = element("textarea", attributes)
    made.text = f"\n{verbatim(typed)}"
    return made


def _grid(name: str, sent_as: str, grid: GridControl, typed: Typed) -> ET.Element:
    columns = grid.columns or 1
    body = [
        element(
            "tr",
            {},
            *(
                element(
                    "td",
                    {},
                    _cell(name, sent_as, grid, (row, column), typed.get(f"{name}.{row}.{column}", "")),
                )
                for column in range(columns)
            ),
        )
        for row in range(grid.rows)
    ]
    table = element("table", {"class": "grid"}, element("tbody", {}, *body))
    size = f"{grid.rows} x {columns} numbers" if grid.columns else counted(grid.rows, "number")
    example = "[1 2; 3 4]" if grid.columns else "1, 2, 3"
    note = f"{size}; or all of them in the first cell, as {example} or as your program prints them."
    return element("div", {}, table, element("span", {"class": "quiet"}, note))


def _cell(name: str, sent_as: str, grid: GridControl, at: tuple[int, int], value: str) -> ET.Element:
    row, column = at
    where = f"{name} row {row + 1} column {column + 1}" if grid.columns else f"{name} number {row + 1}"
    attributes = {"name": f"{sent_as}.{row}.{column}", "aria-label": where, "autocomplete": "off"}
    if at == (0, 0):
        # A whole table may be put here, and what takes one line only would lose the ends of its rows.
        area = {"rows": "1", "cols": "7", "spellcheck": "false"}
        made = element("textarea", {**attributes, **area})
        made.text = f"\n{verbatim(value)}"
        return made
    made = element("input", {**attributes, "value": "", "size": "7", "maxlength": "2000"})
    made.set("value", verbatim(value))
    return made


def _choices(
    id: str, sent_as: str, options: Mapping[str, str], chosen: set[str], kind: str
) -> list[ET.Element]:
    made = []
    for number, (value, text) in enumerate(options.items()):
        own = f"{id}-{number}-{value}"
        attributes = {"type": kind, "id": own, "name": sent_as, "value": value}
        if value in chosen:
            attributes["checked"] = ""
        label = prose(text, "label")
        label.set("for", own)
        made.append(element("div", {"class": "choice"}, element("input", attributes), label))
    return made


def _selects(id: str, sent_as: str, name: str, control: PickEach, typed: Typed) -> Iterator[ET.Element]:
    for place, text in control.places.items():
        own = f"{id}-{place}"
        label = prose(text, "label")
        label.set("for", own)
        options = {"": "choose", **control.options}
        choices = [
            _option(value, shown, typed.get(f"{name}.{place}", "")) for value, shown in options.items()
        ]
        yield element(
            "p", {}, label, " ", element("select", {"id": own, "name": f"{sent_as}.{place}"}, *choices)
        )


def _option(value: str, text: str, chosen: str) -> ET.Element:
    # Browsers show no elements within an option: formulas stand there as they would on a terminal.
    attributes = {"value": value, **({"selected": ""} if value == chosen else {})}
    return element("option", attributes, "".join(prose(text, "span").itertext()))


def typed_in(question: Question, form: Any) -> dict[str, str]:
    """What was typed for a question, by part; anything else that was sent is dropped.

    Args:
        question: The question.
        form: What the browser sent, with `getlist`.
    """
    return {part: text[:LONGEST] for part, text in _sent_parts(question, form)}


def too_long(question: Question, form: Any) -> list[str]:
    """The parts in which more was typed than is read."""
    return [part for part, text in _sent_parts(question, form) if len(text) > LONGEST]


def is_in(question: Question, form: Any) -> bool:
    """Whether a question's controls are in a form; options of which none is picked send nothing."""
    own = part_name(question, "")
    sends_nothing = question.asks.function is None and all(
        isinstance(one, Pick) for one in controls_of(question).values()
    )
    return sends_nothing or any(name.startswith(own) for name in form)


def content(question: Question, typed: Typed) -> dict[str, str]:
    """What was typed, as the controls send it back unchanged; what is empty is left out."""
    unasked = skeleton(question) if question.asks.function is not None else None
    shown = {part: verbatim(typed.get(part, "")) for part in _parts(question)}
    return {part: text for part, text in shown.items() if text and text != unasked}


def _sent_parts(question: Question, form: Any) -> Iterator[tuple[str, str]]:
    for part in _parts(question):
        # A form that has one question only may leave out which.
        found = form.getlist(part_name(question, part)) or form.getlist(f"field.{part}")
        values = [one for one in found if isinstance(one, str)]
        if values:
            # Half a character, which no file can hold, is a question mark.
            whole = BETWEEN.join(values).encode("utf-8", "replace").decode()
            # Browsers send a line's end as two signs and count it as one.
            yield part, whole.replace("\r\n", "\n")


def most_fields(question: Question) -> int:
    """How many fields a browser sends at most for a question; each option is one."""
    picks = [one for one in controls_of(question).values() if isinstance(one, Pick)]
    return len(list(_parts(question))) + sum(len(one.options) for one in picks)


def _parts(question: Question) -> Iterator[str]:
    if question.asks.function is not None:
        yield CODE
        return
    for name, control in controls_of(question).items():
        match control:
            case GridControl():
                yield from (
                    f"{name}.{row}.{column}"
                    for row in range(control.rows)
                    for column in range(control.columns or 1)
                )
            case PickEach():
                yield from (f"{name}.{place}" for place in control.places)
            case _:
                yield name
