"""A question as a QTI 2.1 assessment item.

The rules are those of the specification's schema, imsqti_v2p1.xsd of 31 July 2012, and of the expressions
that its Information Model allows in response processing: what is computed from no answer is no value, and a
condition without a value does not hold.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import NamedTuple

from grader.lms.exchange.file_parts import PictureFiles
from grader.lms.exchange.held import (
    Blanks,
    Choices,
    Essay,
    NumberToFill,
    OptionsToOrder,
    RowsToMatch,
    Shape,
    WordsToFill,
)
from grader.lms.exchange.item import Item, decimal
from grader.lms.exchange.qti_elements import (
    MOST,
    RESPONSE,
    SCORE,
    Part,
    all_or_nothing,
    blocks,
    either,
    line,
    qti,
    same_as_key,
    shared,
    value,
    variable,
)

POINTS_PLACES = 6


class Interaction(NamedTuple):
    """How a question is answered and scored.

    Args:
        declarations: Declarations of its responses.
        body: The elements below the prompt.
        processing: How it is scored; None where a person does that.
    """

    declarations: tuple[ET.Element, ...]
    body: tuple[ET.Element, ...]
    processing: ET.Element | None


def qti_item(item: Item, identifier: str, pictures: PictureFiles) -> ET.Element:
    """The `assessmentItem`.

    Args:
        item: The question.
        identifier: Of the item.
        pictures: Takes the pictures that it shows.
    """
    interaction = _interaction(item.held.shape, pictures)
    points = decimal(item.points, POINTS_PLACES)
    body = [block for text in item.texts for block in blocks(text, pictures)]
    root = qti(
        "assessmentItem",
        {"identifier": identifier, "title": item.name, "adaptive": "false", "timeDependent": "false"},
        *interaction.declarations,
        _outcome(SCORE, "0", {"normalMaximum": points}),
        _outcome(MOST, points),
        qti("itemBody", {}, *body, *interaction.body),
    )
    if interaction.processing is not None:
        root.append(interaction.processing)
    return root


def _outcome(identifier: str, start: str, more: Mapping[str, str] | None = None) -> ET.Element:
    attributes = {"identifier": identifier, "cardinality": "single", "baseType": "float", **(more or {})}
    return qti("outcomeDeclaration", attributes, qti("defaultValue", {}, qti("value", {}, text=start)))


def _interaction(shape: Shape, pictures: PictureFiles) -> Interaction:
    match shape:
        case Choices():
            return _choices(shape, pictures)
        case RowsToMatch():
            return _grid(shape, pictures)
        case OptionsToOrder():
            return _order(shape, pictures)
        case Blanks():
            return _blanks(shape, pictures)
        case Essay():
            return _essay(shape, pictures)


def _choices(shape: Choices, pictures: PictureFiles) -> Interaction:
    ids = _numbered("option", shape.options)
    shuffle = "true" if shape.is_shuffled else "false"
    several = {"shuffle": shuffle, "maxChoices": "1" if shape.is_single else "0"}
    asked = qti("choiceInteraction", {"responseIdentifier": RESPONSE, **several})
    for id, text in shape.options.items():
        fixed = {"fixed": "true"} if id in shape.pinned else {}
        asked.append(_with_line("simpleChoice", {"identifier": ids[id], **fixed}, text, pictures))
    cardinality = "single" if shape.is_single else "multiple"
    declared = _declared(RESPONSE, cardinality, "identifier", [ids[id] for id in shape.right])
    if not shape.is_shared:
        is_right = same_as_key() if shape.right else qti("isNull", {}, variable())
        return Interaction((declared,), (asked,), all_or_nothing(is_right))
    parts = []
    for id in shape.options:
        chosen, left = (qti("member", {}, value("identifier", ids[id]), variable()) for _ in range(2))
        is_right, is_wrong = chosen, qti("not", {}, left)
        if id not in shape.right:
            is_right, is_wrong = qti("not", {}, left), chosen
            # `member` of nothing is nothing, and so is `not` of that: an option left alone is right here.
            is_right = qti("or", {}, qti("isNull", {}, variable()), is_right)
        parts.append(Part(is_right, wrong=is_wrong if shape.is_negative else None))
    return Interaction(
        (declared,), (asked,), shared(parts, qti("isNull", {}, variable()) if shape.right else None)
    )


def _grid(shape: RowsToMatch, pictures: PictureFiles) -> Interaction:
    rows, columns = _numbered("row", shape.rows), _numbered("column", shape.columns)
    asked = qti(
        "matchInteraction", {"responseIdentifier": RESPONSE, "shuffle": "false", "maxAssociations": "0"}
    )
    for ids, texts, most in ((rows, shape.rows, "1"), (columns, shape.columns, "0")):
        side = qti("simpleMatchSet")
        for id, text in texts.items():
            attributes = {"identifier": ids[id], "matchMax": most}
            side.append(_with_line("simpleAssociableChoice", attributes, text, pictures))
        asked.append(side)
    pairs = {id: f"{rows[id]} {columns[column]}" for id, column in shape.right.items()}
    declared = _declared(RESPONSE, "multiple", "directedPair", list(pairs.values()))
    if not shape.is_shared:
        return Interaction((declared,), (asked,), all_or_nothing(same_as_key()))
    parts = []
    for id, right in pairs.items():
        others = [f"{rows[id]} {column}" for column in columns.values() if f"{rows[id]} {column}" != right]
        wrong = either([_has(pair) for pair in others]) if shape.is_negative and others else None
        parts.append(Part(_has(right), wrong=wrong))
    return Interaction((declared,), (asked,), shared(parts))


def _has(pair: str) -> ET.Element:
    return qti("member", {}, value("directedPair", pair), variable())


def _order(shape: OptionsToOrder, pictures: PictureFiles) -> Interaction:
    ids = _numbered("option", shape.options)
    asked = qti("orderInteraction", {"responseIdentifier": RESPONSE, "shuffle": "true"})
    for id, text in shape.options.items():
        asked.append(_with_line("simpleChoice", {"identifier": ids[id]}, text, pictures))
    declared = _declared(RESPONSE, "ordered", "identifier", [ids[id] for id in shape.right])
    if not shape.is_shared:
        return Interaction((declared,), (asked,), all_or_nothing(same_as_key()))
    parts = (
        Part(qti("match", {}, qti("index", {"n": str(n)}, variable()), value("identifier", ids[id])))
        for n, id in enumerate(shape.right, start=1)
    )
    return Interaction((declared,), (asked,), shared(parts))


def _blanks(shape: Blanks, pictures: PictureFiles) -> Interaction:
    declarations: list[ET.Element] = []
    parts: list[Part] = []
    body: list[ET.Element] = []
    if shape.form:
        body += blocks(shape.form, pictures)
    for blank in shape.blanks:
        body += blocks(blank.meaning, pictures)
        row = qti("p")
        for entry in blank.entries:
            name = f"{RESPONSE}_{len(parts) + 1}"
            base, key = (
                ("float", decimal(entry.value))
                if isinstance(entry, NumberToFill)
                else ("string", entry.forms[0])
            )
            declarations.append(_declared(name, "single", base, [key]))
            parts.append(_part(entry, name))
            label = qti("span", {}, text=f"{entry.name} = ")
            field = qti("textEntryInteraction", {"responseIdentifier": name, "expectedLength": "12"})
            field.tail = " "
            row.extend((label, field))
        body.append(row)
    return Interaction(tuple(declarations), tuple(body), shared(parts))


def _part(entry: NumberToFill | WordsToFill, name: str) -> Part:
    if isinstance(entry, WordsToFill):
        forms = [
            qti("stringMatch", {"caseSensitive": "false"}, variable(name), value("string", form))
            for form in entry.forms
        ]
        return Part(either(forms))
    half = None if entry.half is None else _near(entry, name, decimal(entry.half))
    return Part(_near(entry, name, decimal(entry.margin)), half)


def _near(entry: NumberToFill, name: str, margin: str) -> ET.Element:
    within = {"toleranceMode": "absolute", "tolerance": f"{margin} {margin}"}
    return qti("equal", within, variable(name), value("float", decimal(entry.value)))


def _essay(shape: Essay, pictures: PictureFiles) -> Interaction:
    body = []
    if shape.rubric:
        items = [_with_line("li", {}, one, pictures) for one in shape.rubric]
        body.append(qti("rubricBlock", {"view": "scorer"}, qti("ul", {}, *items)))
    # Some six letters a word: how large the field is drawn, not a limit.
    length = str(6 * shape.max_words)
    body.append(qti("extendedTextInteraction", {"responseIdentifier": RESPONSE, "expectedLength": length}))
    return Interaction((_declared(RESPONSE, "single", "string", []),), tuple(body), None)


def _declared(identifier: str, cardinality: str, base_type: str, right: list[str]) -> ET.Element:
    attributes = {"identifier": identifier, "cardinality": cardinality, "baseType": base_type}
    values = [qti("value", {}, text=one) for one in right]
    return qti("responseDeclaration", attributes, *([qti("correctResponse", {}, *values)] if values else []))


def _with_line(name: str, attributes: dict[str, str], text: str, pictures: PictureFiles) -> ET.Element:
    element = qti(name, attributes)
    line(element, text, pictures)
    return element


def _numbered(word: str, ids: Mapping[str, str]) -> dict[str, str]:
    """Identifiers that reveal nothing and are valid in XML, whatever the author's ids are."""
    return {id: f"{word}_{number}" for number, id in enumerate(ids, start=1)}
