from __future__ import annotations

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


def test_cases_have_the_attributes_of_xunit2_only(sample: ModuleType):
    for case in suite(sample).findall("testcase"):
        assert set(case.attrib) == {"classname", "name", "time"}
        assert {child.tag for child in case} <= {"properties", "failure", "error", "skipped"}


def test_points_are_properties(sample: ModuleType):
    found = suite(sample)
    said = {one.get("name"): one.get("value") for one in found.findall("properties/property")}
    assert said["student"] == "ada"
    assert said["points"] == "5.333"


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
