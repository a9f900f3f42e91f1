"""An exercise's texts in a QTI item: XHTML with formulas in MathML, pictures as files beside it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from grader.lms.exchange.pictures import PictureFiles, data_of
from grader.mathematics.prose import FormulaInText, pieces
from grader.mathematics.tree import NAMESPACE as MATHML
from grader.mathematics.tree import MathError, parse
from grader.reports.html.elements import paragraphs, prose

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
# A page is used by keyboard; QTI leaves that to the platform.
OF_PAGES = ("tabindex",)


def unreadable_formula(texts: Iterator[str]) -> str | None:
    """The first formula that cannot be written as MathML; None if all can.

    Args:
        texts: Of a question.
    """
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
    made = _in_qti(prose(" ".join(text.split())), pictures)
    parent.text = made.text
    parent.extend(made)


def _in_qti(source: ET.Element, pictures: PictureFiles, space: str = QTI) -> ET.Element:
    inner = MATHML if source.tag == "math" else space
    kept = {name: value for name, value in source.attrib.items() if name not in OF_PAGES}
    if source.tag == "img" and (data := data_of(kept["src"])):
        kept["src"] = pictures.folder + pictures.add(*data)
    made = ET.Element(f"{inner}{source.tag}", kept)
    made.text, made.tail = source.text, source.tail
    made.extend(_in_qti(child, pictures, inner) for child in source)
    return made
