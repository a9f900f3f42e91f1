"""The elements of a QTI item: an author's texts in XHTML and MathML, and conditions that count."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from grader.lms.exchange.file_parts import PictureFiles, data_of
from grader.mathematics.prose import FormulaInText, pieces
from grader.mathematics.tree import NAMESPACE as MATHML
from grader.mathematics.tree import MathError, parse
from grader.reports.html.elements import paragraphs, prose

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
# A page is used by keyboard; QTI leaves that to the platform.
OF_PAGES = ("tabindex",)
RESPONSE, SCORE, MOST = "RESPONSE", "SCORE", "MAXSCORE"


def unreadable_formula(texts: Iterator[str]) -> str | None:
    """The first formula that cannot be written as MathML; None if all can."""
    for text in texts:
        for one in pieces(text):
            if isinstance(one, FormulaInText):
                try:
                    parse(one.tex, one.is_display)
                except MathError:
                    return one.tex
    return None


def blocks(text: str, pictures: PictureFiles) -> Iterator[ET.Element]:
    """The paragraphs of a text.

    Args:
        text: An author's.
        pictures: Takes the pictures that it shows.
    """
    yield from (_in_qti(one, pictures) for one in paragraphs(text))


def line(parent: ET.Element, text: str, pictures: PictureFiles) -> None:
    """Put a text into an element, in one line.

    Args:
        parent: The element, still empty.
        text: An author's.
        pictures: Takes the pictures that it shows.
    """
    shown = _in_qti(prose(" ".join(text.split())), pictures)
    parent.text = shown.text
    parent.extend(shown)


def _in_qti(source: ET.Element, pictures: PictureFiles, space: str = QTI) -> ET.Element:
    inner = MATHML if source.tag == "math" else space
    kept = {name: value for name, value in source.attrib.items() if name not in OF_PAGES}
    if source.tag == "img" and (data := data_of(kept["src"])):
        kept["src"] = pictures.folder + pictures.add(*data)
    copy = ET.Element(f"{inner}{source.tag}", kept)
    copy.text, copy.tail = source.text, source.tail
    copy.extend(_in_qti(child, pictures, inner) for child in source)
    return copy


class Part(NamedTuple):
    """The conditions on one part of an answer, which counts as one.

    Args:
        right: When it is right.
        half: When it is half right, if not right.
        wrong: When it takes one off, if not right.
    """

    right: ET.Element
    half: ET.Element | None = None
    wrong: ET.Element | None = None


def qti(
    name: str, attributes: dict[str, str] | None = None, *children: ET.Element, text: str = ""
) -> ET.Element:
    """An element of QTI.

    Args:
        name: Of the element.
        attributes: By name.
        children: In it.
        text: In it.
    """
    element = ET.Element(f"{QTI}{name}", attributes or {})
    element.text = text or None
    element.extend(children)
    return element


def variable(identifier: str = RESPONSE) -> ET.Element:
    """The value of a response or an outcome."""
    return qti("variable", {"identifier": identifier})


def value(base_type: str, text: str) -> ET.Element:
    """A constant, as an expression of QTI."""
    return qti("baseValue", {"baseType": base_type}, text=text)


def all_or_nothing(is_right: ET.Element) -> ET.Element:
    """Response processing that gives all points or none."""
    return qti("responseProcessing", {}, _condition(_then("responseIf", is_right, variable(MOST))))


def same_as_key() -> ET.Element:
    """A condition: the answer is the declared correct response."""
    return qti("match", {}, variable(), qti("correct", {"identifier": RESPONSE}))


def shared(parts: Iterable[Part], nothing: ET.Element | None = None) -> ET.Element:
    """Response processing in which each part counts the same, never below 0 in all.

    Args:
        parts: What counts.
        nothing: When there are no points whatever the parts are.
    """
    counted = list(parts)
    steps = []
    for part in counted:
        ways = [_then("responseIf", part.right, _plus("1"))]
        if part.half is not None:
            ways.append(_then("responseElseIf", part.half, _plus("0.5")))
        if part.wrong is not None:
            ways.append(_then("responseElseIf", part.wrong, _plus("-1")))
        steps.append(_condition(*ways))
    if any(part.wrong is not None for part in counted):
        below = qti("lt", {}, variable(SCORE), value("float", "0"))
        steps.append(_condition(_then("responseIf", below, value("float", "0"))))
    if nothing is not None:
        steps.append(_condition(_then("responseIf", nothing, value("float", "0"))))
    share = qti("divide", {}, variable(SCORE), value("float", str(len(counted))))
    steps.append(_set(qti("product", {}, share, variable(MOST))))
    return qti("responseProcessing", {}, *steps)


def either(conditions: list[ET.Element]) -> ET.Element:
    """A condition: one of several conditions holds."""
    return conditions[0] if len(conditions) == 1 else qti("or", {}, *conditions)


def _plus(number: str) -> ET.Element:
    return qti("sum", {}, variable(SCORE), value("float", number))


def _set(to: ET.Element) -> ET.Element:
    return qti("setOutcomeValue", {"identifier": SCORE}, to)


def _then(name: str, condition: ET.Element, to: ET.Element) -> ET.Element:
    return qti(name, {}, condition, _set(to))


def _condition(*ways: ET.Element) -> ET.Element:
    return qti("responseCondition", {}, *ways)
