"""Elements as HTML text: letter by letter what `xml.etree` makes of them."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise
from grader.reports.html.elements import as_html, element, paragraphs, printed_paragraphs
from grader.reports.html.exercise_page import exercise_blocks
from grader.serve.controls import controls
from grader.specs import Kinds, load_exercise
from grader.specs.catalog import installed_files

HOSTILE = "</textarea><script>alert('1')</script> & &amp; \" ' < > (printed)"
VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
"""Of the HTML standard: elements that have no end."""

SOME = ("mit-6390-recitation-8", "gated-networks")


def of_the_library(root: ET.Element) -> str:
    return ET.tostring(root, encoding="unicode", method="html")


def exercise(name: str) -> Exercise:
    return load_exercise(installed_files()[name], Kinds(kind_names(), find_kind))


@pytest.mark.parametrize("name", SOME)
def test_an_exercise_is_printed_as_the_library_prints_it(name: str) -> None:
    found = exercise(name)
    typed = [each for one in found.questions for each in controls(one, dict.fromkeys("abc", HOSTILE))]
    root = element("main", {}, *exercise_blocks(found, found.questions, shows_hints=True), *typed)
    assert as_html(root) == of_the_library(root)


@pytest.mark.parametrize("tag", [*VOID, "p", "textarea", "script", "style", "math", "option"])
def test_any_element_with_any_text_is_printed_as_the_library_prints_it(tag: str) -> None:
    inner = ET.Element(tag, {"value": HOSTILE, "alt": ""})
    inner.text, inner.tail = HOSTILE, HOSTILE
    inner.append(ET.Element("b"))
    root = element("div", {"class": HOSTILE}, HOSTILE, inner, None, "after")
    assert as_html(root) == of_the_library(root)


@pytest.mark.parametrize("name", SOME)
def test_what_is_printed_once_stands_on_a_page_as_if_it_were_made_for_it(name: str) -> None:
    for question in exercise(name).questions:
        once = element("div", {}, "before", printed_paragraphs(question.prompt), "after")
        anew = element("div", {}, "before", *paragraphs(question.prompt), "after")
        assert as_html(once) == as_html(anew) == of_the_library(anew)


@pytest.mark.parametrize("tag", VOID)
def test_what_has_no_end_is_printed_without_one(tag: str) -> None:
    assert as_html(element("p", {}, element(tag), "after")) == f"<p><{tag}>after</p>"
