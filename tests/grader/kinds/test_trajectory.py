"""What is right and what is told about a training function, by its losses and the weights it hands back."""

from __future__ import annotations

import functools
import runpy
from fractions import Fraction
from pathlib import Path

import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.model.submission import AnswerFile, Submission
from grader.specs import Kinds, find_exercise, load_exercise

TRAIN = runpy.run_path(str(Path(__file__).with_name("answers_to_kinds") / "trajectory.py"))["TRAIN"]


@functools.cache
def exercise():
    return load_exercise(find_exercise("ntu-cz4042-tutorial-8").path, Kinds(kind_names(), find_kind))


def judged_outcome(*changes):
    source = TRAIN
    for before, after in changes:
        assert before in source
        source = source.replace(before, after)
    submission = Submission(student="s", files=(AnswerFile("answer.py", source.encode()),), digest="")
    return mark(exercise(), submission, question_id="q2_train").questions[0].outcome


def outcome_of(*changes):
    outcome = judged_outcome(*changes)
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


@pytest.mark.parametrize("limit", [0.5, 1, 10, 100])
@pytest.mark.parametrize(
    "clip",
    [
        "g = {{k: np.clip(a, -{0}, {0}) for k, a in g.items()}}",
        "size = sum((a ** 2).sum() for a in g.values()) ** 0.5; "
        "g = {{k: a * min(1, {0} / size) for k, a in g.items()}}",
    ],
)
def test_clipped_gradients_are_seen_at_any_customary_limit(limit, clip):
    place = "        for k in p:\n            m[k]"
    outcome = judged_outcome((place, f"        {clip.format(limit)}\n{place}"))
    assert outcome.fraction < 1
    assert "clipped" in {one.id for one in outcome.diagnoses}


@pytest.mark.parametrize(
    "condition", ["len(x) == 1", "x.shape[1] == 1", "len(params['b']) == 1", "len(x) == 1 and n_epochs == 2"]
)
def test_a_training_that_fails_at_size_one_keeps_three_quarters(condition):
    fraction, told = outcome_of(("    n, T", f"    assert not ({condition})\n    n, T"))
    assert fraction == Fraction(3, 4)
    assert told.keys() == {"wrong-at-size-one"}
    assert "1 sequences" not in told["wrong-at-size-one"]


def test_right_trainings_are_told_nothing():
    assert outcome_of() == (1, {})
