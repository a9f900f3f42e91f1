"""A decided mark stands whatever fails while it is explained; staff are told, the student is not."""

from __future__ import annotations

import importlib
import logging
import runpy
from pathlib import Path

import msgspec
import pytest

from grader.explaining import LOGGER, explained, keeping_failures
from grader.kinds import find_kind

pytestmark = pytest.mark.fails_to_explain

# A kind, one of its own example answers, and what is used to explain it. The verdict that must come out is
# the one declared beside the example.
FAILING = [
    ("shape", "Axes swapped", "grader.kinds.shape.diagnose.diagnose"),
    ("shape", "One entry left out", "grader.grading.names.misnamed"),
    ("linear_system", "A sum that forgets is refused", "grader.kinds.linear_system.diagnose.diagnose"),
    ("linear_system", "A sum that forgets is refused", "grader.linear.decision.shortest_counterexample"),
    ("linear_system", "A sum that forgets is refused", "grader.linear.marking.network_feedback"),
    ("linear_system", "A sum that forgets is refused", "grader.linear.marking.evidence"),
    ("linear_system", "The same, stored three times as large", "grader.linear.marking.map_of_state"),
    ("feasibility", "Yes, shown by weights", "grader.linear.marking.map_of_state"),
    ("feasibility", "Yes where it is impossible", "grader.kinds.feasibility.diagnose.diagnose"),
    ("realisation", "The direct path dropped", "grader.kinds.realisation.judge.feedback"),
    ("linear_system", "A matrix of another size", "grader.kinds.linear_system.diagnose.diagnose_unreadable"),
    ("realisation", "s0 forgotten", "grader.kinds.realisation.diagnose.diagnose"),
    ("trace", "W not transposed", "grader.kinds.trace.diagnose.diagnose"),
    ("trace", "W not transposed", "grader.kinds.trace.judge.slip_feedback"),
    ("code", "W not transposed", "grader.kinds.code.diagnose.diagnose"),
    ("code", "W not transposed", "grader.kinds.code.judge.counterexample"),
    ("code", "Every second call goes on", "grader.kinds.code.judge.feedback_on"),
    ("expression", "A sign", "grader.formula.marking.explain.clues"),
    ("expression", "A sign", "grader.formula.marking.explain._wrong_formula"),
    ("expression", "By an identity", "grader.formula.marking.judge.excluded_point"),
    ("gradient", "The error of one step only", "grader.kinds.gradient.diagnose.known_gradients"),
    ("optimizer", "No corrections", "grader.kinds.optimizer.diagnose.explain"),
    ("targets", "A wrong lag", "grader.kinds.targets.diagnose.fit_formula"),
    ("targets", "A wrong lag", "grader.kinds.targets.diagnose._counterexample"),
    ("generator", "A wrong lag", "grader.kinds.generator.judge._messages"),
    ("training", "A network that follows its input", "grader.kinds.training.judge.predict"),
    ("training", "Learned by half", "grader.kinds.training.judge._remarks"),
    ("training", "Learned by half", "grader.kinds.training.diagnose.known_targets"),
    ("trajectory", "Weights of its own", "grader.kinds.trajectory.judge._agreeing"),
    ("trajectory", "Made-up losses", "grader.kinds.trajectory.diagnose.explain"),
]


def examples_of(kind):
    """The kind's own examples; those with right functions are in the tests only."""
    functions = Path(__file__).parents[1] / "kinds" / "answers_to_kinds" / f"{kind}.py"
    more = runpy.run_path(str(functions))["EXAMPLES"] if functions.is_file() else ()
    return (*find_kind(kind).examples, *more)


def raises(*arguments, **named):
    raise ZeroDivisionError("while explaining")


@pytest.mark.parametrize(("kind", "title", "name"), FAILING, ids=[f"{k}: {n}" for k, _, n in FAILING])
def test_a_failing_explanation_costs_no_decided_mark(marked_alone, kind, title, name, monkeypatch):
    example = next(one for one in examples_of(kind) if one.title.startswith(title))
    params = msgspec.convert(example.params, find_kind(kind).params)
    usual = marked_alone(kind, params, example.answer)
    module, _, function = name.rpartition(".")
    monkeypatch.setattr(importlib.import_module(module), function, raises)
    found = marked_alone(kind, params, example.answer)
    assert (found.verdict, found.fraction) == (example.verdict, usual.fraction)
    staff = [one for one in found.feedback if one.audience == "staff"]
    assert [one.code for one in staff] == ["explanation-failed"]
    assert "ZeroDivisionError" in staff[0].message
    assert not any("ZeroDivisionError" in one.message for one in found.feedback if one.audience == "student")


def test_a_failure_is_raised_where_nobody_keeps_it():
    with pytest.raises(ZeroDivisionError):
        explained(raises)


def test_what_was_found_before_another_failed_is_kept():
    with keeping_failures() as failures:
        assert [explained(lambda: 1), explained(raises), explained(lambda: 2)] == [1, None, 2]
    assert len(failures) == 1


def test_failure_is_logged_for_who_listens_and_silent_for_who_does_not(caplog, capfd):
    with keeping_failures():
        explained(raises)
    (record,) = [one for one in caplog.records if one.name == LOGGER]
    assert "while explaining" in record.getMessage()
    logging.getLogger(LOGGER).propagate = False
    try:
        with keeping_failures():
            explained(raises)
    finally:
        logging.getLogger(LOGGER).propagate = True
    assert "".join(capfd.readouterr()) == ""
