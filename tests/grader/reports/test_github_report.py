"""Annotations, read back by the runner's own rules, which are written out here.

actions/runner, src/Runner.Common/ActionCommand.cs: `TryParseV2` and its escape mappings; what is not taken by
it goes to `TryParse`, which looks for "##[" anywhere.
"""

from __future__ import annotations

import re
from types import ModuleType
from typing import NamedTuple

import msgspec
import pytest

from grader.model.outcome import Verdict
from grader.model.report import Report
from grader.reports import AnswerPlace, View, find_format

# actions/runner, Worker/ActionCommandManager.cs and its extensions; a student may try each of them.
REGISTERED = {
    *("error", "warning", "notice", "debug", "group", "endgroup", "echo", "stop-commands", "add-mask"),
    *("set-env", "set-output", "save-state", "add-path", "add-matcher", "remove-matcher"),
    "internal-set-repo-path",
}
DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
PROPERTY = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))
HOSTILE = "::error::a%0A::set-env name=X::y\r\n##[error]b, c: d%2C100 %\n::stop-commands::t"


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    data: str


def unescaped(text: str, mappings: tuple[tuple[str, str], ...]) -> str:
    for replacement, token in mappings:
        text = text.replace(replacement, token)
    return text


def parsed(line: str) -> Command | None:
    line = line.lstrip()
    if not line.startswith("::") or (end := line.find("::", 2)) < 0:
        return None
    name, _, rest = line[2:end].partition(" ")
    if name not in REGISTERED:
        return None
    pairs = [pair.split("=", 1) for pair in rest.strip().split(",") if "=" in pair]
    properties = {key: unescaped(value, PROPERTY) for key, value in pairs}
    return Command(name, properties, unescaped(line[end + 2 :], DATA))


def commands(report: Report, view: View | None = None) -> list[Command]:
    text = find_format("github").render(report, view or View())
    # A runner ends a line at a carriage return, too.
    lines = re.split(r"\r\n|\r|\n", text)
    found = [command for line in lines if (command := parsed(line))]
    assert not [line for line in lines if parsed(line) is None and "##[" in line]
    return found


def test_each_unsolved_question_has_one_and_a_solved_one_none(sample: ModuleType):
    report = sample.everything()
    wanted = {one.id: one.outcome.verdict for one in report.questions if one.outcome.verdict != "correct"}
    found = commands(report)
    assert len(found) == len(wanted) < len(report.questions)
    for question, verdict in wanted.items():
        [one] = [one for one in found if f" {question}: {verdict}," in one.properties["title"]]
        is_open = verdict in (Verdict.UNDECIDED, Verdict.SKIPPED)
        assert one.name == ("warning" if is_open else "error")
    assert "secret" not in repr(found)


def test_nothing_that_was_handed_in_is_a_command_or_a_property(sample: ModuleType):
    question = sample.question("a", Verdict.INCORRECT, "0", HOSTILE)
    question = msgspec.structs.replace(question, label=HOSTILE)
    view = View(places={"a": AnswerPlace(HOSTILE, 7)})
    report = sample.report(question, output=HOSTILE, student=HOSTILE, notes=(HOSTILE,))
    [one] = commands(report, view)
    assert one.name == "error"
    assert one.properties.keys() == {"file", "line", "title"}
    # A file is found under its whole name only.
    assert one.properties["file"] == HOSTILE
    assert one.properties["line"] == "7"
    assert not any(parsed(line) for line in one.data.splitlines())


@pytest.mark.parametrize("count", [10, 11, 40])
def test_no_more_than_github_shows(sample: ModuleType, count: int):
    """Ten of a kind are shown for a step; the rest must not be lost without a word."""
    many = [sample.question(f"q{n}", Verdict.INCORRECT, "0", "wrong") for n in range(count)]
    found = commands(sample.report(*many))
    assert len(found) == 10
    if count > 10:
        assert found[-1].data.startswith(f"{count - 9} more questions")


def test_message_is_no_longer_than_the_runner_keeps(sample: ModuleType):
    [one] = commands(sample.report(sample.question("a", Verdict.INCORRECT, "0", "x" * 9000)))
    assert len(one.data) == 4096
