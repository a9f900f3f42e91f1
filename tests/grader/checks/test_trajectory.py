"""What is right and what is told about a training function, by its losses and the weights it hands back."""

from __future__ import annotations

import functools
from fractions import Fraction

from grader.checks import find_kind, kind_names
from grader.checks.trajectory import TRAIN
from grader.grading import mark
from grader.model.submission import AnswerFile, Submission
from grader.specs import Kinds, find_exercise, load_exercise


@functools.cache
def exercise():
    return load_exercise(find_exercise("ntu-cz4042-tutorial-8").path, Kinds(kind_names(), find_kind))


def outcome_of(*changes):
    source = TRAIN
    for before, after in changes:
        assert before in source
        source = source.replace(before, after)
    submission = Submission(student="s", files=(AnswerFile("answer.py", source.encode()),), digest="")
    outcome = mark(exercise(), submission, question_id="q2_train").questions[0].outcome
    return outcome.fraction, {one.code: one.message for one in outcome.feedback}


def test_the_weights_of_the_lowest_logged_loss_are_right():
    logged = "losses.append((e ** 2).sum() / (n * T))"
    keep = "\n        best = {k: a.copy() for k, a in p.items()} if losses[-1] == min(losses) else best"
    fraction, told = outcome_of((logged, logged + keep), ("return p,", "return best,"))
    assert (fraction, told) == (1, {})


def test_an_ignored_learning_factor_is_told():
    fraction, told = outcome_of(("    n, T", "    lr = 0.01\n    n, T"))
    assert fraction == Fraction(3, 4)
    assert told == {"ignores-lr": "It trains with 0.01 whatever lr is: use the argument lr."}


def test_half_the_cost_of_two_outputs_is_told_both_ways():
    _, told = outcome_of(("/ (n * T))", "/ (2 * n * T))"))
    assert "half the cost is logged" in told["other-scale"]
    assert "averaged over outputs" in told["other-scale"]


def test_state_kept_from_call_to_call_earns_half():
    fraction, told = outcome_of(
        ("n_epochs, lr)", "n_epochs, lr, m={}, v={})"),
        ("    m = {k: 0 * a for k, a in p.items()}\n", ""),
        (
            "    v = {k: 0 * a for k, a in p.items()}",
            "    for k in p: m.setdefault(k, 0.0); v.setdefault(k, 0.0)",
        ),
    )
    assert fraction == Fraction(1, 2)
    assert told.keys() == {"keeps-state"}
