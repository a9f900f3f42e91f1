"""A log in which a report is printed obeys no student, and nothing of his looks like a line of the report.

The rules of the systems that read logs are written out here.
"""

from __future__ import annotations

from types import ModuleType

import msgspec
import pytest

from grader.cli._output import one_line as note_line
from grader.model.evidence import RecordedFacts
from grader.model.exercise import Limits
from grader.model.outcome import Feedback
from grader.model.report import Report
from grader.model.run import Read
from grader.model.submission import AnswerFile
from grader.model.text import disarmed
from grader.reports import View, find_format
from grader.reports.question_text import printed_text, question_text
from grader.sandbox import run
from grader.submissions import build_submission

COMMANDS = (
    "::error::forged",
    "::add-mask::points",
    ":: warning file=a.py,line=1::forged",
    "::stop-commands::token",
    "##[add-mask]points",
    "##[error]forged",
    "##vso[task.complete result=Succeeded;]",
    "##teamcity[testFinished name='forged']",
)
REPORT_LINES = (
    "✓ correct  9(z)  z_i  5 / 5",
    "+ correct  9(z)  z_i  5 / 5",
    "sandbox: full · 34 of 34 points (100 %)",
)


def is_obeyed(line: str) -> bool:
    """Whether GitHub's runner, Azure's agent or TeamCity takes a line for a command.

    GitHub, actions/runner `ActionCommand.TryParseV2`: after its leading spaces the line starts with "::" and
    has a second "::"; `TryParse`: "##[" anywhere. Azure and TeamCity: their own mark, taken anywhere here.
    """
    trimmed = line.lstrip()
    if trimmed.startswith("::") and "::" in trimmed[2:]:
        return True
    return any(mark in line.lower() for mark in ("##[", "##vso[", "##teamcity["))


@pytest.mark.parametrize("command", COMMANDS)
def test_rules_bite_and_no_place_of_a_command_is_obeyed(command: str):
    assert is_obeyed(f"  {command}")
    for start in range(len(command)):
        assert not is_obeyed(disarmed(f"text {command}\n{command}")[start:])


@pytest.mark.parametrize(
    "text", ["x[::2]", "std::vector", "a::b", "# 1", "## heading", "12:30", "[[1]]", "::"]
)
def test_what_is_no_command_stays(text: str):
    assert disarmed(text) == text


def said(sample: ModuleType, text: str) -> Report:
    """A report in which a student's text stands wherever one can."""
    report = sample.everything()
    feedback = (Feedback("does-not-run-exception", text),)
    questions = tuple(
        msgspec.structs.replace(
            question,
            outcome=msgspec.structs.replace(
                question.outcome,
                feedback=feedback,
                evidence=(RecordedFacts(plain={"got": text, "note": [text]}),),
            ),
        )
        for question in report.questions
    )
    return msgspec.structs.replace(
        report, questions=questions, output=f"{text}\n{text}\n\n{text}", student=text, notes=(text,)
    )


@pytest.mark.parametrize("form", ["terminal", "markdown", "junit"])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_line_of_a_report_is_obeyed(sample: ModuleType, form: str, command: str):
    for before in range(0, 90, 7):
        text = f"{'a' * before} {command} {'b' * 30} {command}"
        for width in (40, 57, 100):
            told = find_format(form).render(said(sample, text), View(hints=2, width=width))
            assert not any(map(is_obeyed, told.splitlines()))


@pytest.mark.parametrize("command", COMMANDS)
def test_no_line_for_a_platform_is_obeyed(sample: ModuleType, command: str):
    report = said(sample, f"{'a' * 80} {command}\n{command}")
    told = [printed_text(report), *map(question_text, report.questions), note_line(f"not read: {command}")]
    assert not any(is_obeyed(line) for text in told for line in text.splitlines())


@pytest.mark.parametrize("line", REPORT_LINES)
def test_no_line_of_a_student_looks_like_one_of_the_report(sample: ModuleType, line: str):
    for before in range(0, 90, 7):
        text = f"{'a' * before} {line} {line}"
        report = msgspec.structs.replace(said(sample, text), student="ada")
        for unicode in (True, False):
            told = find_format("terminal").render(report, View(width=57, unicode=unicode)).splitlines()
            assert not [row for row in told if row.startswith(line[:13])]
            printed = told[told.index("What your code printed:") + 1 : -2]
            assert all(row.strip().startswith("│" if unicode else "|") for row in printed)


@pytest.mark.parametrize("command", COMMANDS)
def test_what_comes_back_from_the_sandbox_is_disarmed(command: str):
    code = f"print({command!r})\nvalue = {command!r}\nraise ValueError({command!r})"
    submission = build_submission("eve", [AnswerFile("answer.py", code.encode())])
    result = run(submission, [Read("value")], Limits(wall_s=60.0))
    told = msgspec.json.encode(result).decode()
    assert result.faults
    assert result.output
    assert command not in told
