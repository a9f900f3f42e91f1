from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.model.evidence import tried_on
from grader.model.outcome import Verdict
from grader.reports import View, find_format

GOLDEN = Path(__file__).parent / "golden"
ANEW = bool(os.environ.get("RNNGRADE_GOLDEN"))
VIEWS = {
    "wide": View(width=80),
    "narrow_ascii": View(width=45, unicode=False, hints=1),
    "color": View(width=80, color=True),
}


def rendered(report, **view) -> str:
    return find_format("terminal").render(report, View(**view))


@pytest.mark.parametrize("name", VIEWS)
def test_report_looks_as_it_did(sample, name: str):
    """Set RNNGRADE_GOLDEN=1 to write the files anew: the test then fails, so that somebody reads them."""
    told = find_format("terminal").render(sample.everything(), VIEWS[name])
    path = GOLDEN / f"{name}.txt"
    if ANEW:
        path.write_text(told, encoding="utf-8")
        pytest.fail(f"{path.name} was written anew")
    assert told == path.read_text(encoding="utf-8")


def test_every_verdict_is_a_word(sample):
    told = rendered(sample.everything()) + rendered(sample.waiting())
    assert all(verdict.value in told for verdict in Verdict)


def test_staff_feedback_is_not_shown(sample):
    assert "secret" not in rendered(sample.everything())


@pytest.mark.parametrize("width", [1, 40, 61, 80, 300])
def test_lines_fit_the_width(sample, width: int):
    told = rendered(sample.everything(), width=width)
    assert max(map(len, told.splitlines())) <= max(min(width, 100), 40)


def test_ascii_view_is_ascii(sample):
    assert rendered(sample.everything(), unicode=False).isascii()


def test_nothing_a_student_wrote_is_markup_or_moves_the_cursor(sample):
    bad = "[bold red]x[/] \x1b[2J\r :smile: \u202eabc \x9b1m"
    counterexample = {
        "inputs": [["\x1b[2J"]],
        "expected": [[1]],
        "got": [["[red]\x07"]],
        "first_wrong_step": 1,
    }
    question = sample.question("a", Verdict.INCORRECT, "0", bad, evidence={"counterexample": counterexample})
    told = rendered(sample.report(question, student=bad, output=bad))
    assert "[bold red]x[/]" in told
    assert ":smile:" in told
    assert not set(told) & set("\x1b\r\x07\x9b\u202e")


def test_what_holds_for_all_questions_is_said_once(sample):
    message = "SyntaxError in answer.py, line 3: nothing after it was read."
    questions = [sample.question(name, Verdict.MISSING, "0", message) for name in "abc"]
    solved = sample.question("d", Verdict.CORRECT, "1")
    told = rendered(sample.report(*questions, solved), width=100)
    assert told.count("SyntaxError") == 1
    assert told.index("SyntaxError") < told.index("1(a)")
    other = sample.question("e", Verdict.INCORRECT, "0", "y differs.")
    assert rendered(sample.report(*questions, other), width=100).count("SyntaxError") == 3


def test_questions_that_need_no_more_than_a_headline_stand_in_one_list(sample):
    broken = [sample.question(name, Verdict.INVALID, "0", "SyntaxError in line 3.") for name in "abc"]
    lines = rendered(sample.report(*broken), width=100).splitlines()
    first = next(i for i, text in enumerate(lines) if text.startswith("! invalid"))
    assert [text.startswith("! invalid") for text in lines[first - 1 : first + 4]] == [
        False,
        *3 * [True],
        False,
    ]
    own = sample.question("d", Verdict.INVALID, "0", "SyntaxError in line 3.", "Of d alone.")
    blocks = rendered(sample.report(*broken, own), width=100).split("\n\n")
    assert sum("! invalid" in block for block in blocks) == 2


def test_long_counterexample_shows_the_wrong_step_and_stays_copyable(sample):
    steps = [[number] for number in range(40)]
    wrong = [*steps[:29], [99], *steps[30:]]
    shown = {"inputs": steps, "expected": steps, "got": wrong, "first_wrong_step": 30}
    question = sample.question("a", Verdict.INCORRECT, evidence={"counterexample": shown})
    told = rendered(sample.report(question))
    assert "→   30   [29]   [29]     [99]" in told
    assert "⋮" in told
    assert "[39]]" in told
    assert len(told.splitlines()) < 30


@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"inputs": {"x": [[1]]}, "expected": 3, "got": None},
        {"inputs": {"x": [[1]]}, "expected": [1, 2], "got": [1]},
        {"inputs": {"x": [[1]]}, "expected": {"U": [[1]]}, "got": {"U": [[2]]}, "first_wrong_step": None},
        {"inputs": [], "expected": [], "got": [], "first_wrong_step": 0},
        {"inputs": None, "expected": "nan", "got": float("inf"), "first_wrong_step": "x"},
        {"inputs": [[1e300] * 2000], "expected": [[1]], "got": [[2]], "first_wrong_step": 7},
        [1, 2],
    ],
)
def test_odd_evidence_never_breaks_a_report(sample, shown: object):
    question = sample.question("a", Verdict.INCORRECT, evidence={"counterexample": shown})
    assert "incorrect" in rendered(sample.report(question))


def test_printed_output_is_capped(sample):
    told = rendered(sample.report(output="line\n" * 5000))
    assert told.count("line") == 20
    assert "more characters are left out" in told


def test_almost_everything_is_not_100_percent(sample):
    questions = [sample.question("a", Verdict.PARTIAL, "999/1000")]
    assert "99 %" in rendered(sample.report(*questions))


def test_hints_are_never_shown_for_what_is_solved(sample):
    question = sample.question("a", Verdict.CORRECT, "1", hints=("secret hint",))
    told = rendered(sample.report(question), hints=3)
    assert "secret hint" not in told
    assert "--hints" not in told


def test_arrays_asked_by_name_stand_in_rows_with_the_wrong_ones_marked(sample):
    example = {
        "inputs": {"x": [[0.5]]},
        "expected": {"W": [[0.123456789]], "b": [2.0]},
        "got": {"W": [[0.123456788]], "b": [2.0]},
        "keys_right": {"W": False, "b": True},
    }
    question = sample.question("a", Verdict.PARTIAL, "1/2", evidence={"counterexample": example})
    rows = [line.split() for line in rendered(sample.report(question)).splitlines()]
    assert ["→", "W", "[[0.123456789]]", "[[0.123456788]]"] in rows
    assert ["b", "[2]", "[2]"] in rows


@pytest.mark.parametrize(("every", "apart"), [(1, "one an epoch"), (50, "one every 50 epochs")])
def test_losses_are_told_by_what_lies_between_two(sample, every, apart):
    """100 losses, one an epoch, were told to be "over 99 epochs"."""
    evidence = {"losses": [100.0 - k for k in range(100)], "every": every}
    question = sample.question("a", Verdict.CORRECT, "1", evidence=evidence, basis=tried_on(1, "curve"))
    told = rendered(sample.report(question))
    assert f"Your losses, {apart}, on a logarithmic axis:" in told
    assert "99" not in told.split("Your losses")[1].split("axis")[0]
    assert "judged from the one curve" in told
    assert "instance" not in told


def test_in_a_notebook_the_report_is_the_same_text(sample, monkeypatch: pytest.MonkeyPatch):
    """Rich puts what it prints onto a notebook's page, where it finds one, and writes nothing."""
    from grader.reports.question_text import question_text

    report = sample.everything()
    usual = find_format("terminal").render(report), question_text(report.questions[1])
    monkeypatch.setattr("rich.console._is_jupyter", lambda: True)
    assert (find_format("terminal").render(report), question_text(report.questions[1])) == usual
