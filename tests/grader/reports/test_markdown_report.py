from __future__ import annotations

from types import ModuleType

from grader.model.outcome import Verdict
from grader.reports import View, find_format


def rendered(report: object, view: View | None = None) -> str:
    return find_format("markdown").render(report, view or View())


def test_table_has_a_row_for_each_question(sample: ModuleType):
    lines = rendered(sample.everything()).splitlines()
    assert "| 1\\(b\\) | b | partial | 1.333 / 4 |" in lines
    assert "| 1\\(g\\) | g | undecided | open / 2.5 |" in lines
    assert lines[0] == "## Running sums"


def test_staff_feedback_is_not_in_it(sample: ModuleType):
    assert "secret" not in rendered(sample.everything())


def test_nothing_a_student_writes_is_markup(sample: ModuleType):
    hostile = sample.question("a", Verdict.INCORRECT, "0", "````\n</details><img src=x> @everyone")
    text = rendered(sample.report(hostile, output="```\n# big\n"))
    fences = [line for line in text.splitlines() if line.startswith("`") and line.strip("`") in ("", "text")]
    assert fences[0] == "`````text"
    assert fences.count("`````") == 1
    assert fences[-1] == "````"


def test_report_that_is_too_long_keeps_its_table(sample: ModuleType):
    many = [sample.question(f"q{n}", Verdict.INCORRECT, "0", "x" * 60_000) for n in range(30)]
    text = rendered(sample.report(*many))
    assert len(text.encode()) < 1_000_000
    assert "| q29 | incorrect |" in text
    assert "Details are left out" in text
