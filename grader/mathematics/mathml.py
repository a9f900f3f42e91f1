"""A formula as MathML, for pages."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET

from grader.mathematics.signs import BARS, OPENING, OPERATIONS, RELATIONS
from grader.mathematics.tree import NAMESPACE, name_of, parse

SIGNS = frozenset("+-−±∓")
BEFORE_A_SIGN = OPENING | RELATIONS | OPERATIONS | frozenset(",;−/")
THIN = "0.1667em"


def mathml(tex: str, is_display: bool = False) -> str:
    """The `<math>` element, safe to put into a page as it is.

    Args:
        tex: Without the `$` around it.
        is_display: Whether it has a line of its own.

    Raises:
        MathError: If it cannot be read, or holds what is not allowed.
    """
    ET.register_namespace("", NAMESPACE.strip("{}"))
    return ET.tostring(laid_out(tex, is_display), encoding="unicode")


def laid_out(tex: str, is_display: bool = False) -> ET.Element:
    """The `math` element with the layout that browsers do not work out by themselves.

    Bars do not stretch, a sign belongs to its number, and there is space around tanh.

    Args:
        tex: Without the `$` around it.
        is_display: Whether it has a line of its own.

    Raises:
        MathError: If it cannot be read, or holds what is not allowed.
    """
    root = copy.deepcopy(parse(tex, is_display))
    for element in list(root.iter()):
        _lay_out(element)
    return root


def _lay_out(element: ET.Element) -> None:
    text = element.text or ""
    if name_of(element) == "mo" and text in BARS and element.get("stretchy") != "true":
        element.set("stretchy", "false")
    if name_of(element) not in ("mrow", "math", "mtd", "msqrt", "mstyle"):
        return
    _join_letters(element)
    before: ET.Element | None = None
    for child in list(element):
        if before is not None and _is_sign_of_a_number(before, child):
            child.set("form", "prefix")
        if (
            before is not None
            and (_is_function(before) or _is_function(child))
            and _are_side_by_side(before, child)
        ):
            element.insert(list(element).index(child), ET.Element(f"{NAMESPACE}mspace", {"width": THIN}))
        before = child


def _join_letters(row: ET.Element) -> None:
    """Join upright letters that follow one another: they are the letters of one word."""
    word: ET.Element | None = None
    for child in list(row):
        is_letter = name_of(child) == "mi" and child.get("mathvariant") == "normal"
        if is_letter and word is not None:
            word.text = (word.text or "") + (child.text or "")
            row.remove(child)
        else:
            word = child if is_letter else None


def _is_sign_of_a_number(before: ET.Element, sign: ET.Element) -> bool:
    is_sign = name_of(sign) == "mo" and (sign.text or "") in SIGNS
    return is_sign and name_of(before) == "mo" and (before.text or "") in BEFORE_A_SIGN


def _is_function(element: ET.Element) -> bool:
    """Whether it is a word such as tanh, with a power or without."""
    if name_of(element) in ("msup", "msub"):
        element = element[0]
    return name_of(element) == "mi" and len(element.text or "") > 1


def _are_side_by_side(before: ET.Element, after: ET.Element) -> bool:
    """Whether neither is a sign, a space, a text or a group: nothing parts the two."""
    return not {name_of(before), name_of(after)} & {"mo", "mspace", "mtext", "mrow"}
