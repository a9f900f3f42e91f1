"""A formula in one line, as one would type it: `zₜ¹ = Wˢˢ sₜ₋₁ + Wˢˣ xₜ`.

In ASCII that is `z_t^1 = W^ss s_(t-1) + W^sx x_t`. The tree becomes a row of pieces; what each is says
where spaces go, as in TeX. A product keeps a space between factors, a fraction the brackets that it needs;
a minus is the hyphen that a program takes.
"""

from __future__ import annotations

import functools
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from grader.mathematics import signs
from grader.mathematics.tree import MathError, name_of, parse

Role: TypeAlias = Literal[
    "letter", "number", "scripted", "fraction", "function", "sum", "operation", "relation", "sign", "slash",
    "open", "close", "comma", "space", "wide",
]  # fmt: skip
SIMPLE = re.compile(r"\w+'*|\d+\.\d+")
# h(t-1), x[t+1]: a step, not a sum.
STEP = re.compile(r"(?<=[(\[])(\w) ([+-]) (\d+)(?=[)\]])")
WIDE_SPACE_EM = 0.9


class LinePiece(NamedTuple):
    """A part of a line, and what it is."""

    role: Role
    text: str


def one_line(tex: str, *, is_ascii: bool = False) -> str:
    """The formula in one line.

    Args:
        tex: Without the `$` around it.
        is_ascii: Whether it is for a terminal without Unicode.

    Raises:
        MathError: If it cannot be read, holds what is not allowed, or has no form in one line.
    """
    line = _joined(_pieces(parse(tex), is_ascii))
    line = STEP.sub(r"\1\2\3", line).strip()
    return line if is_ascii else unicodedata.normalize("NFC", line)


def _pieces(element: ET.Element, is_ascii: bool) -> list[LinePiece]:
    name = name_of(element)
    match name:
        case "math" | "mrow" | "mstyle" | "mpadded" | "mtd":
            return _row(element, is_ascii)
        case "mi" | "mn" | "mo" | "mtext":
            return _token(name, element.text or "", is_ascii)
        case "mspace":
            width = element.get("width", "").removesuffix("em")
            is_wide = width.replace(".", "").isdigit() and float(width) > WIDE_SPACE_EM
            return [LinePiece("wide" if is_wide else "space", " ")]
        case "msub" | "munder":
            return _scripted(element[0], [("_", element[1])], is_ascii)
        case "msup":
            return _scripted(element[0], [("^", element[1])], is_ascii)
        case "msubsup" | "munderover":
            return _scripted(element[0], [("_", element[1]), ("^", element[2])], is_ascii)
        case "mover":
            return _accented(element, is_ascii)
        case "mfrac":
            above, below = (_in_brackets(_joined(_pieces(child, is_ascii))) for child in element)
            return [LinePiece("fraction", f"{above}/{below}")]
        case "msqrt":
            inner = _joined(_row(element, is_ascii))
            return [LinePiece("scripted", f"sqrt({inner})" if is_ascii else f"√{_in_brackets(inner)}")]
        case "mtable":
            return [LinePiece("letter", _table(element, is_ascii))]
    raise MathError(f"has no form in one line ({name})")


def _row(element: ET.Element, is_ascii: bool) -> list[LinePiece]:
    pieces: list[LinePiece] = []
    is_inside = False
    for child in element:
        # Bars do not say whether they open or close: they take turns.
        bar = child if name_of(child) == "mo" else child[0] if name_of(child) in ("msup", "msub") else None
        if bar is not None and (bar.text or "") in signs.BARS:
            text = "".join(piece.text for piece in _pieces(child, is_ascii))
            pieces.append(LinePiece("close" if is_inside else "open", text))
            is_inside = not is_inside
            continue
        new = _pieces(child, is_ascii)
        if _continues_word(child, pieces):
            pieces[-1] = LinePiece("letter", pieces[-1].text + new[0].text)
        else:
            pieces += new
    return pieces


def _continues_word(child: ET.Element, pieces: Sequence[LinePiece]) -> bool:
    """Whether an upright letter stands after another, as in a name of several letters."""
    is_upright = name_of(child) == "mi" and child.get("mathvariant") == "normal"
    return is_upright and bool(pieces) and pieces[-1].role == "letter" and pieces[-1].text.isalpha()


def _token(name: str, text: str, is_ascii: bool) -> list[LinePiece]:
    text = signs.plain_letters(text)
    shown = signs.in_ascii(text) if is_ascii else text
    if shown is None:
        raise MathError(f"{text} has no name in plain ASCII")
    if name == "mtext":
        return [*_space_if(text[:1]), LinePiece("letter", shown.strip()), *_space_if(text[-1:])]
    return [LinePiece(_role(name, text), shown)]


def _space_if(end: str) -> list[LinePiece]:
    return [LinePiece("space", " ")] if end.isspace() else []


def _role(name: str, text: str) -> Role:
    if name == "mn":
        return "number"
    if len(text) > 1 and text.isalpha():
        return "function"
    roles: tuple[tuple[Role, frozenset[str]], ...] = (
        ("relation", signs.RELATIONS),
        ("operation", signs.OPERATIONS),
        ("sum", signs.SUMS),
        ("open", signs.OPENING),
        ("close", signs.CLOSING),
        ("comma", frozenset(",;.?!")),
        ("sign", frozenset("∂∇¬√")),
        ("slash", frozenset("/")),
    )
    return next((role for role, those in roles if text in those), "letter")


def _scripted(
    base: ET.Element, scripts: Sequence[tuple[Literal["_", "^"], ET.Element]], is_ascii: bool
) -> list[LinePiece]:
    *before, last = _pieces(base, is_ascii) or [LinePiece("letter", "")]
    text = last.text
    for mark, script in scripts:
        text += _script(mark, _joined(_pieces(script, is_ascii)), is_ascii)
    return [*before, LinePiece("scripted" if last.role in ("letter", "number") else last.role, text)]


def _script(mark: Literal["_", "^"], text: str, is_ascii: bool) -> str:
    table = signs.SUBSCRIPTS if mark == "_" else signs.SUPERSCRIPTS
    tight = text.replace(" ", "")
    if set(tight) <= {"'", "′"}:
        return tight
    if not is_ascii and all(sign in table for sign in tight):
        return "".join(table[sign] for sign in tight)
    return mark + (tight if SIMPLE.fullmatch(tight) else f"({tight})")


def _accented(element: ET.Element, is_ascii: bool) -> list[LinePiece]:
    accent = signs.plain_letters(element[1].text or "")
    inner = _joined(_pieces(element[0], is_ascii))
    if accent not in signs.ACCENTS:
        return _scripted(element[0], [("^", element[1])], is_ascii)
    if is_ascii or len(inner) > 1:
        return [LinePiece("scripted", f"{signs.ACCENT_NAMES[accent]}({inner})")]
    return [LinePiece("letter", inner + signs.ACCENTS[accent])]


def _in_brackets(text: str) -> str:
    """The text in brackets, unless it is one thing already."""
    return text if not re.search(r"[\s/+*-]", text) else f"({text})"


def _table(element: ET.Element, is_ascii: bool) -> str:
    rows = [[_joined(_pieces(cell, is_ascii)) for cell in row] for row in element]
    between = ", " if any(" " in cell for row in rows for cell in row) else " "
    return "; ".join(between.join(row) for row in rows)


def _joined(pieces: Sequence[LinePiece]) -> str:
    line, previous = "", LinePiece("open", "")
    for piece in _with_signs(pieces):
        if piece.role in ("space", "wide"):
            gap = "" if not line or line.endswith("  ") else " " if piece.role == "space" else "  "
            line = line.rstrip() + gap if line else line
            previous = piece
            continue
        if _has_space(previous, piece) and line and not line.endswith(" "):
            line += " "
        elif piece.role in ("close", "comma"):
            line = line.rstrip()
        line += piece.text
        previous = piece
    return line


def _with_signs(pieces: Sequence[LinePiece]) -> Iterator[LinePiece]:
    """The pieces; a plus or minus with nothing before it is a sign."""
    previous: Role = "open"
    for piece in pieces:
        if piece.role == "operation" and previous in ("open", "operation", "relation", "comma", "slash"):
            piece = LinePiece("sign", piece.text)
        yield piece
        if piece.role not in ("space", "wide"):
            previous = piece.role


VALUES = ("letter", "number", "scripted", "fraction", "function", "sum", "sign")


@functools.cache
def _has_space(before: LinePiece, after: LinePiece) -> bool:
    """Whether a space stands between two pieces."""
    if before.role in ("open", "sign", "slash") or after.role in ("close", "comma", "slash"):
        return False
    if {before.role, after.role} & {"relation", "operation", "comma"}:
        # "target:" before a formula of its own
        return after.text != ":"
    if after.role == "open":
        return before.role in ("fraction", "sum") or (
            before.role == "letter" and before.text in ("in", "for all")
        )
    if after.role not in VALUES:
        return False
    if before == LinePiece("letter", "d") and after.role in ("letter", "scripted"):
        return False  # as in dw, and in the name dW
    if before.role == "number" and after.role == "letter":
        return len(after.text) > 1
    return before.role in ("close", *VALUES)
