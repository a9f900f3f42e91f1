"""The made-up class: every wrong network answer that has a known cause is told it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.kinds.code.diagnose import cannot_tell
from grader.model.outcome import Verdict
from grader.specs import Kinds, find_exercise, load_exercise
from grader.submissions import collect

EXERCISE = load_exercise(find_exercise("ntu-cz4042-tutorial-8").path, Kinds(kind_names(), find_kind))
CLASS = Path(__file__).parents[2] / "submissions_example" / EXERCISE.id
QUESTIONS = ("q1a", "q1b", "q1a_code", "q1b_code")
# What has another cause, which the check itself tells.
OTHERWISE = {
    ("bela", "q1b"): "one place where two are asked",
    ("hiro", "q1b_code"): "ends the process",
    ("mateo", "q1a_code"): "outputs typed in",
    ("petra", "q1b"): "one slip, the rest follows",
    ("quentin", "q1a"): "cut off in place of rounded",
    ("quentin", "q1b"): "percentages",
}


@pytest.mark.parametrize("path", sorted(CLASS.iterdir()), ids=lambda path: path.stem)
def test_wrong_network_answers_are_told_their_cause(path: Path) -> None:
    report = mark(EXERCISE, collect(path))
    for question in report.questions:
        wrong = question.outcome.verdict in (Verdict.PARTIAL, Verdict.INCORRECT)
        if question.id in QUESTIONS and wrong:
            is_named = bool(question.outcome.diagnoses)
            assert is_named != ((path.stem, question.id) in OTHERWISE), question.id


@pytest.mark.parametrize("question_id", ["q1a_code", "q1b_code"])
def test_instances_tell_every_known_mistake_in_a_function_from_every_other(question_id: str) -> None:
    params = next(question.params for question in EXERCISE.questions if question.id == question_id)
    known = cannot_tell(params)  # type: ignore[arg-type]
    assert known.invisible == ()
    together = {one for one, others in known.alike.items() if others}
    # An Elman network with a Jordan network's W runs only where n_out = n_h = 1, and does the same there.
    assert together <= {"elman-for-jordan", "elementwise-feedback"}
