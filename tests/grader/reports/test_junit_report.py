from __future__ import annotations

import re
from types import ModuleType
from xml.etree import ElementTree as ET

from grader.reports import View, find_format


def suite(sample: ModuleType, **more: str) -> ET.Element:
    root = ET.fromstring(find_format("junit").render(sample.everything(**more)).encode())
    assert root.tag == "testsuites"
    (found,) = root
    return found


def test_counts_are_those_of_the_cases(sample: ModuleType):
    found = suite(sample)
    cases = found.findall("testcase")
    assert found.get("tests") == str(len(cases)) == "7"
    for kind, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert found.get(kind) == str(sum(case.find(tag) is not None for case in cases))
    assert [found.get(kind) for kind in ("failures", "errors", "skipped")] == ["3", "1", "2"]


# What an element may have: attributes, those of them that it must have, and children.
# Source: jenkinsci/xunit-plugin, src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd.
WORDS = ({"type", "message"}, set(), set())
MAY_HAVE = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": (
        {
            *("name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname"),
            *("id", "package", "file", "log", "url"),
        },
        {"name", "tests", "failures", "errors"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, {"name", "value"}, set()),
    "testcase": (
        {"name", "time", "classname", "group"},
        {"name"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": WORDS,
    "error": WORDS,
    "skipped": WORDS,
}
HOLDS_TEXT = {"failure", "error", "skipped"}
SUREFIRE_TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")


def require_fits(element: ET.Element) -> None:
    attributes, needed, children = MAY_HAVE[element.tag]
    assert needed <= set(element.attrib) <= attributes
    assert {child.tag for child in element} <= children
    assert element.tag in HOLDS_TEXT or not (element.text or "").strip()
    if element.tag in ("testsuites", "testsuite") and "time" in element.attrib:
        assert SUREFIRE_TIME.fullmatch(element.attrib["time"])
    for child in element:
        require_fits(child)


def test_the_file_fits_the_schema_of_jenkins(sample: ModuleType):
    for view in (View(), View(hints=9, audience="staff")):
        require_fits(ET.fromstring(find_format("junit").render(sample.everything(), view)))


def test_points_are_properties(sample: ModuleType):
    found = suite(sample)
    said = {one.get("name"): one.get("value") for one in found.findall("properties/property")}
    assert said["student"] == "ada"
    # 4 points each, of which a is right and b a third.
    assert (said["points"], said["a.points"], said["b.points"]) == ("5.333", "4", "1.333")
    assert (said["b.label"], said["b.max_points"]) == ("1(b)", "4")


def test_the_reason_stands_in_the_message_and_the_verdict_in_the_type(sample: ModuleType):
    said = {
        case.get("name"): (child.get("type"), child.get("message"))
        for case in suite(sample).findall("testcase")
        for child in case
    }
    assert said["b"] == ("partial", "Output 4 is not the sum.")
    assert said["d"] == ("missing", "Nothing was handed in for d.")
    assert said["g"][0] == "undecided"
    assert "a" not in said


def test_staff_feedback_is_not_in_it(sample: ModuleType):
    assert "secret" not in find_format("junit").render(sample.everything())


def test_hints_are_shown_as_far_as_asked(sample: ModuleType):
    text = find_format("junit").render(sample.everything(), View(hints=1))
    assert "Hint 1: What must a sum keep?" in text
    assert "Hint 2" not in text


def test_text_that_xml_cannot_hold_is_escaped(sample: ModuleType):
    messages = "bad \x00\x1b[31m\ufffe\ud800 ]]> <b>"
    report = sample.report(sample.question("a", sample.Verdict.INCORRECT, "0", messages), student="\x01<&\"'")
    text = find_format("junit").render(report)
    root = ET.fromstring(text.encode())
    failure = root.find(".//failure")
    assert failure is not None
    assert "]]> <b>" in (failure.text or "")
    assert "\\x1b" in (failure.text or "")
