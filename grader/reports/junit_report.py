"""The report as JUnit XML, for continuous integration: one test case a question.

Points stand in properties of the suite, since the schema of a test case has no place for them.

Source: jenkinsci/xunit-plugin, junit-10.xsd, which is stricter than what other readers take.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from grader.model.outcome import Verdict
from grader.model.report import QuestionReport, Report
from grader.model.share import points_text
from grader.reports import PLAIN, View
from grader.reports.printable import one_line, printable
from grader.reports.wording import (
    UNDECIDED_MESSAGE,
    addressed_to,
    cause_text,
    hint_texts,
    sentence,
)

FORMAT = "junit"
SUFFIX = ".xml"

FAILED = (Verdict.PARTIAL, Verdict.INCORRECT, Verdict.INVALID)
SKIPPED = (Verdict.MISSING, Verdict.SKIPPED, Verdict.PENDING)
# Controls are escaped before; these two are never characters, and XML has no way to write them.
NOT_XML = re.compile("[\ufffe\uffff]")


def render(report: Report, view: View = PLAIN) -> str:
    """The report as XML.

    Args:
        report: The report.
        view: How many hints to show.
    """
    verdicts = [question.outcome.verdict for question in report.questions]
    counts = {
        "errors": str(verdicts.count(Verdict.UNDECIDED)),
        "failures": str(sum(verdict in FAILED for verdict in verdicts)),
        "skipped": str(sum(verdict in SKIPPED for verdict in verdicts)),
        "tests": str(len(verdicts)),
        "time": f"{report.usage.wall_s:.3f}",
    }
    suites = ET.Element("testsuites", {"name": "rnngrade"})
    suite = ET.SubElement(suites, "testsuite", {"name": _text(report.exercise), **counts})
    properties = ET.SubElement(suite, "properties")
    _property(properties, "student", report.student)
    _property(properties, "points", points_text(report.points))
    _property(properties, "max_points", points_text(report.max_points))
    for question in report.questions:
        _property(properties, f"{question.id}.label", question.label)
        _property(properties, f"{question.id}.points", points_text(question.points))
        _property(properties, f"{question.id}.max_points", points_text(question.max_points))
    for question in report.questions:
        _case(suite, question, report.exercise, view)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _case(suite: ET.Element, question: QuestionReport, exercise: str, view: View) -> None:
    case = ET.SubElement(
        suite, "testcase", {"classname": _text(exercise), "name": _text(question.id), "time": "0.000"}
    )
    verdict = question.outcome.verdict
    tag = "failure" if verdict in FAILED else "skipped" if verdict in SKIPPED else "error"
    if verdict is Verdict.CORRECT:
        return
    lines = _lines(question, view)
    # The message is all that a list of failures shows.
    reason = {"type": verdict.value, "message": _text(" ".join(lines[0].split()) if lines else verdict.value)}
    ET.SubElement(case, tag, reason).text = NOT_XML.sub("?", printable("\n".join(lines)))


def _lines(question: QuestionReport, view: View) -> list[str]:
    outcome = question.outcome
    lines = [UNDECIDED_MESSAGE] if outcome.verdict is Verdict.UNDECIDED else []
    lines += [sentence(feedback) for feedback in addressed_to(view.audience, outcome.feedback)]
    return [*lines, *map(cause_text, outcome.diagnoses), *hint_texts(question, view.hints)]


def _property(properties: ET.Element, name: str, value: str) -> None:
    ET.SubElement(properties, "property", {"name": name, "value": _text(value)})


def _text(value: str) -> str:
    return NOT_XML.sub("?", one_line(value))
