"""Elements of a page, and the page as text: all text and all attributes are escaped when it is printed."""

from __future__ import annotations

import copy
import functools
import re
import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

from grader.mathematics.mathml import laid_out
from grader.mathematics.prose import FormulaInText, Picture, paragraphs_of, pieces, shown
from grader.mathematics.tree import NAMESPACE, MathError
from grader.reports.printable import printable

LONGEST_IN_LINE = 25
"""Signs of a formula within a sentence that a narrow page has room for; no browser breaks it."""

PRINTED = "(printed)"
"""Tag of an element whose text is HTML already; no element of a page is named so."""

NOT_ESCAPED = frozenset({"script", "style"})
WITHOUT_END: Collection[str] = ET.HTML_EMPTY

Child: TypeAlias = "ET.Element | str | None"
MARKED = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")


def element(name: str, attributes: dict[str, str] | None = None, *children: Child) -> ET.Element:
    """An element.

    Args:
        name: Of the element.
        attributes: By name.
        children: Elements, and text; None is left out.
    """
    made = ET.Element(name, {key: printable(value) for key, value in (attributes or {}).items()})
    for child in children:
        add(made, child)
    return made


def add(parent: ET.Element, child: Child) -> None:
    """Put one more child at the end.

    Args:
        parent: The element.
        child: An element or a text.
    """
    if child is None:
        return
    if not isinstance(child, str):
        parent.append(child)
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + printable(child)
    else:
        parent.text = (parent.text or "") + printable(child)


def list_of(items: Iterable[Child]) -> ET.Element | None:
    """An unordered list; None where there are no items."""
    entries = [element("li", {}, item) for item in items]
    return element("ul", {}, *entries) if entries else None


def table(headings: Iterable[str], rows: Iterable[Iterable[Child]], caption: str = "") -> ET.Element:
    """A table in a box that scrolls by itself where the page is narrow.

    Args:
        headings: Of the columns; an empty one is a plain cell.
        rows: Cells of each row.
        caption: What the table shows.
    """
    head = (element("th", {"scope": "col"}, one) if one else element("td") for one in headings)
    body = (element("tr", {}, *(element("td", {}, cell) for cell in row)) for row in rows)
    made = element(
        "table",
        {},
        element("caption", {}, caption) if caption else None,
        element("thead", {}, element("tr", {}, *head)),
        element("tbody", {}, *body),
    )
    return scrolling(made, caption)


def scrolling(child: ET.Element, label: str) -> ET.Element:
    """A box in which something wide scrolls by itself, by keyboard too.

    Args:
        child: What is wide.
        label: What it shows.
    """
    return element("div", {"class": "scrolls", "tabindex": "0", "role": "group", "aria-label": label}, child)


def prose(text: str, name: str = "p") -> ET.Element:
    """An author's text with its formulas and pictures; a formula that cannot be shown is left as written.

    Args:
        text: Never a student's.
        name: Of the element.
    """
    made = element(name)
    for one in pieces(text):
        if isinstance(one, str):
            for part in _marked_up(one):
                add(made, part)
        elif isinstance(one, Picture):
            add(made, _picture(one))
        else:
            add(made, _formula(one))
    return made


def paragraphs(text: str) -> Iterator[ET.Element]:
    """An author's text of several paragraphs.

    Args:
        text: Never a student's.
    """
    yield from (prose(one.strip()) for one in paragraphs_of(text))


def _formula(formula: FormulaInText) -> ET.Element:
    return copy.deepcopy(_laid_out(formula.tex, formula.is_display))


@functools.lru_cache(maxsize=1024)
def _laid_out(tex: str, is_display: bool) -> ET.Element:
    """A formula, to be copied: each element has one place on one page."""
    text = shown(FormulaInText(tex, is_display, 0), is_ascii=False)
    try:
        made = _without_namespace(laid_out(tex, is_display))
    except MathError:
        return element("code", {}, text)
    made.set("alttext", text)
    if is_display:
        # It scrolls by itself where the page is narrow, for who has no mouse, too.
        made.set("tabindex", "0")
    elif len(text) > LONGEST_IN_LINE:
        return element("span", {"class": "formula", "tabindex": "0"}, made)
    return made


def _picture(picture: Picture) -> Child:
    if not picture.source.startswith("data:image/"):
        return picture.words
    return element("img", {"class": "picture", "alt": picture.seen, "src": picture.source})


def _marked_up(words: str) -> Iterator[Child]:
    """Words with text between backticks as code and text between double stars as strong."""
    end = 0
    for match in MARKED.finditer(words):
        yield words[end : match.start()]
        end = match.end()
        yield element("code", {}, match[1]) if match[1] else element("strong", {}, match[2])
    yield words[end:]


def as_html(root: ET.Element) -> str:
    """The element as HTML text; parts that were `printed` before are inserted as they are."""
    parts: list[str] = []
    _print(root, parts)
    return "".join(parts)


def _print(one: ET.Element, parts: list[str]) -> None:
    """Print as `xml.etree` prints HTML, and insert parts that are printed already."""
    tag, text, tail = one.tag, one.text, one.tail
    if tag == PRINTED:
        parts.append(text or "")
    else:
        attributes = "".join(f' {key}="{_quoted(value)}"' for key, value in one.items())
        parts.append(f"<{tag}{attributes}>")
        if text:
            parts.append(text if tag in NOT_ESCAPED else _escaped(text))
        for child in one:
            _print(child, parts)
        if tag not in WITHOUT_END:
            parts.append(f"</{tag}>")
    if tail:
        parts.append(_escaped(tail))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace(">", "&gt;").replace('"', "&quot;")


def printed_paragraphs(text: str) -> ET.Element:
    """An author's text as `paragraphs`, printed once for all pages on which it stands.

    Args:
        text: Never a student's.
    """
    made = ET.Element(PRINTED)
    made.text = _printed(text)
    return made


@functools.lru_cache(maxsize=512)
def _printed(text: str) -> str:
    return "".join(map(as_html, paragraphs(text)))


def _without_namespace(formula: ET.Element) -> ET.Element:
    """A copy for a page, where `<math>` needs no namespace."""
    made = ET.Element(formula.tag.removeprefix(NAMESPACE), dict(formula.attrib))
    made.text, made.tail = formula.text, formula.tail
    made.extend(_without_namespace(child) for child in formula)
    return made
