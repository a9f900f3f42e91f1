"""From what a question asks to the controls of its form, and back to what was typed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping

from grader.model.exercise import Question
from grader.reports.html.elements import element, prose
from grader.serve.paper import CODE

LONGEST = 20_000
"""Characters that one control takes."""

WIDE = {"reason", "certificate", "words", "losses"}


def controls(question: Question, typed: Mapping[str, str]) -> Iterator[ET.Element]:
    """One control for each field of a question, filled with what was typed.

    Args:
        question: The question.
        typed: By control; what is not there is empty.
    """
    if question.asks.function is not None:
        yield _code(question, typed.get(CODE, ""))
        return
    for name in (*question.asks.fields, *question.asks.optional):
        yield _field(question, name, typed.get(name, ""))


def _code(question: Question, typed: str) -> ET.Element:
    signature = question.signature or question.asks.function or ""
    id = f"{question.id}-{CODE}"
    area = _area(id, CODE, typed or f"def {signature}:\n    ...\n", rows=14)
    area.set("class", "code")
    label = element("label", {"for": id}, "Your code, with ", element("code", {}, f"def {signature}"))
    return element("p", {}, label, area)


def _field(question: Question, name: str, typed: str) -> ET.Element:
    id = f"{question.id}-{name}"
    is_optional = name in question.asks.optional
    label = element("label", {"for": id}, element("code", {}, name), " (optional)" if is_optional else "")
    meaning = question.fields.get(name, "")
    below = prose(meaning, "span") if meaning else None
    if below is not None:
        below.set("class", "quiet")
        below.set("id", f"{id}-hint")
    # One row that grows: a matrix is pasted in as it stands in numpy, MATLAB, a spreadsheet or on paper.
    control = _area(id, name, typed, rows=4 if name in WIDE else max(2, min(12, typed.count("\n") + 1)))
    if below is not None:
        control.set("aria-describedby", f"{id}-hint")
    return element("p", {}, label, " ", below, control)


def _area(id: str, name: str, typed: str, rows: int) -> ET.Element:
    attributes = {
        "id": id,
        "name": f"field.{name}",
        "rows": str(rows),
        "maxlength": str(LONGEST),
        "spellcheck": "false",
        "autocapitalize": "off",
        "autocomplete": "off",
    }
    # The first newline after <textarea> is dropped by browsers.
    return element("textarea", attributes, f"\n{typed}")


def typed_in(question: Question, form: Mapping[str, object]) -> dict[str, str]:
    """What was typed for a question, by control; anything else that was sent is dropped."""
    asks = question.asks
    names = (CODE,) if asks.function is not None else (*asks.fields, *asks.optional)
    found = {}
    for name in names:
        value = form.get(f"field.{name}")
        if isinstance(value, str):
            found[name] = value[:LONGEST].replace("\r\n", "\n")
    return found
