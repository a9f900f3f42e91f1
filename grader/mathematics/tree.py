r"""TeX as a tree of MathML elements, made through a list of what is allowed.

latex2mathml parses, and promises nothing about what it passes on: `\text{<b>}` comes out unescaped, `\href`
as a link, an unknown command as its own name. So its result is read as XML, and only elements and attributes
that are listed here are taken; everything else is refused and never repaired.
"""

from __future__ import annotations

import functools
import re
import xml.etree.ElementTree as ET

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
MAX_CHARACTERS = 2_000
MAX_DEPTH = 60
TOKENS = ("mi", "mn", "mo", "mtext", "mspace")
LAID_OUT = ("math", "mrow", "mstyle", "mpadded", "mfrac", "msqrt", "mtable", "mtr", "mtd")
SCRIPTED = ("msub", "msup", "msubsup", "munder", "mover", "munderover")
ELEMENTS = frozenset((*TOKENS, *LAID_OUT, *SCRIPTED))
# How many parts they have; of others any number.
PARTS = {"msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3, "mfrac": 2}
# Of these no value can load, link or run anything.
ATTRIBUTES = frozenset(
    {
        *("display", "stretchy", "fence", "form", "mathvariant", "accent", "displaystyle", "scriptlevel"),
        *("columnalign", "minsize", "maxsize", "width", "movablelimits", "separator", "rowspacing"),
        *("columnspacing", "lspace", "rspace", "linethickness"),
    }
)
VALUE = re.compile(r"[A-Za-z0-9.+-]*( [A-Za-z0-9.+-]+)*")
TOO_MUCH = "is nested too deeply"
# Their limits stand below and above where a formula has a line of its own.
WITH_LIMITS = frozenset("∑∏⋃⋂") | {"max", "min", "lim", "sup", "inf"}
UNDER_AND_OVER = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}


class MathError(ValueError):
    """A formula that cannot be shown; the message says why, for its author."""


@functools.lru_cache(maxsize=1024)
def parse(tex: str, is_display: bool = False) -> ET.Element:
    """The `math` element of a formula. It is cached: do not change it.

    Args:
        tex: Without the `$` around it.
        is_display: Whether it has a line of its own.

    Raises:
        MathError: If it cannot be read, or holds what is not allowed.
    """
    if len(tex) > MAX_CHARACTERS:
        raise MathError(f"has {len(tex)} characters; at most {MAX_CHARACTERS} are read")
    root = _read(tex, "block" if is_display else "inline")
    _check(root, MAX_DEPTH)
    if is_display:
        _set_limits(root)
    return root


def name_of(element: ET.Element) -> str:
    """Its name without the namespace."""
    return element.tag.removeprefix(NAMESPACE)


def _read(tex: str, display: str) -> ET.Element:
    # 20 ms, and not needed to list exercises.
    from latex2mathml.converter import convert

    try:
        return ET.fromstring(convert(tex, display=display))
    except ET.ParseError:
        raise MathError(f"cannot be read: a sign such as & or < stands where it cannot ({tex})") from None
    except RecursionError:
        raise MathError(TOO_MUCH) from None
    # Whatever else its parser meets is a formula that it cannot read; its own errors have no common class.
    except Exception as error:
        reason = re.sub(r"(?<!^)(?=[A-Z])", " ", type(error).__name__.removesuffix("Error")).lower()
        raise MathError(f"cannot be read: {reason} ({tex})") from None


def _check(element: ET.Element, depth: int) -> None:
    if not depth:
        raise MathError(TOO_MUCH)
    name = name_of(element)
    if name not in ELEMENTS:
        raise MathError(f"holds what cannot be shown everywhere ({name})")
    if len(element) != PARTS.get(name, len(element)):
        raise MathError("lacks a part, such as what a fraction is divided by")
    for attribute, value in element.attrib.items():
        if attribute not in ATTRIBUTES or not VALUE.fullmatch(value):
            raise MathError(f"holds what cannot be shown everywhere ({attribute})")
    if command := re.search(r"\\[A-Za-z]+", element.text or ""):
        raise MathError(f"{command[0]} is not known")
    if (element.tail or "").strip():
        raise MathError("holds text outside of it")
    for child in element:
        _check(child, depth - 1)


def _set_limits(element: ET.Element) -> None:
    for child in element:
        _set_limits(child)
    name = name_of(element)
    if name in UNDER_AND_OVER and (element[0].text or "") in WITH_LIMITS:
        element.tag = NAMESPACE + UNDER_AND_OVER[name]
