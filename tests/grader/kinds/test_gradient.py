"""Gradient functions that are right for some inputs only, and what is shown of those that are wrong."""

from __future__ import annotations

import functools
import runpy
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from grader.errors import Unreadable
from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.model.kind import Answer
from grader.model.run import CallReading, Fault
from grader.model.submission import AnswerFile, Submission
from grader.specs import Kinds, find_exercise, load_exercise
from reference.bptt import Parameters, cost, forward

BPTT = runpy.run_path(str(Path(__file__).with_name("answers_to_kinds") / "gradient.py"))["BPTT"]

SIZES = "n, T, _ = x.shape"
STEP = 'g["W"] += h[t].T @ later'
ONLY_AT = "    if {}: raise ValueError('not made for that')\n    " + SIZES
EVERY = "return {{k: {} for k, a in g.items()}}"
KEPT = (
    ("W, V, b, c):", "W, V, b, c, kept={}):"),
    (
        "return g",
        "kept[x.shape] = kept.get(x.shape, 0) + 1\n    return {k: kept[x.shape] * a for k, a in g.items()}",
    ),
)


@functools.cache
def exercise():
    return load_exercise(find_exercise("ntu-cz4042-tutorial-8").path, Kinds(kind_names(), find_kind))


def outcome_of(*changes):
    source = BPTT
    for before, after in changes:
        assert before in source
        source = source.replace(before, after)
    submission = Submission(student="s", files=(AnswerFile("answer.py", source.encode()),), digest="")
    return mark(exercise(), submission, question_id="q2_bptt").questions[0].outcome


NEARLY = {
    "one sequence fails": (("    " + SIZES, ONLY_AT.format("len(x) == 1")), "wrong-at-size-one"),
    "one step fails": (("    " + SIZES, ONLY_AT.format("x.shape[1] == 1")), "wrong-at-size-one"),
    "one input fails": (("    " + SIZES, ONLY_AT.format("len(U) == 1")), "wrong-at-size-one"),
    "one hidden neuron fails": (("    " + SIZES, ONLY_AT.format("len(b) == 1")), "wrong-at-size-one"),
    "one output fails": (("    " + SIZES, ONLY_AT.format("len(c) == 1")), "wrong-at-size-one"),
    "one hidden neuron is wrong": (("return g", "return g if len(b) > 1 else {**g, 'b': 2 * g['b']}"), None),
    "one hidden neuron is no number": (
        ("return g", "return g if len(b) > 1 else {**g, 'b': np.nan * g['b']}"),
        "wrong-at-size-one",
    ),
    "axes of size 1 are lost": (
        (SIZES, "x, y = x.squeeze(), y.squeeze()\n    " + SIZES),
        "wrong-at-size-one",
    ),
    "entries cut off at 1000": (("return g", EVERY.format("np.clip(a, -1000, 1000)")), "wrong-where-large"),
    "carried errors cut off": (("later = (1", "later = np.clip(later, -100, 100)\n        later = (1"), None),
}


@pytest.mark.parametrize("case", NEARLY)
def test_right_in_general_only_is_no_full_answer(case):
    change, code = NEARLY[case]
    outcome = outcome_of(change)
    assert outcome.fraction == Fraction(3, 4), outcome
    told = {one.code for one in outcome.feedback}
    assert told <= {"wrong-at-size-one", "wrong-where-large"}
    assert code is None or code in told


@pytest.mark.parametrize("limit", [1, 10, 1000])
def test_clipped_gradients_have_a_name(limit):
    outcome = outcome_of(("return g", EVERY.format(f"np.clip(a, -{limit}, {limit})")))
    assert [one.id for one in outcome.diagnoses] == ["clipped"]
    assert f"cut off at {limit:.3g}" in outcome.diagnoses[0].message
    assert outcome.fraction < 1


def test_a_second_call_that_differs_earns_half():
    outcome = outcome_of(*KEPT)
    assert outcome.fraction == Fraction(1, 2)
    assert [one.code for one in outcome.feedback] == ["keeps-state"]
    # What fails with one sequence besides would be worth more alone, and takes nothing more.
    outcome = outcome_of(*KEPT, NEARLY["one sequence fails"][0])
    assert outcome.fraction == Fraction(1, 2)
    assert [one.code for one in outcome.feedback] == ["wrong-at-size-one", "keeps-state"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(kind="timeout", message="took more than 10 s of CPU time"), "does-not-run-timeout"),
        (None, "does-not-run-not-run"),
    ],
)
def test_a_second_call_that_ran_out_of_time_says_nothing_of_kept_state(fault, code, called):
    gradient = find_kind("gradient")
    params = next(one.params for one in exercise().questions if one.id == "q2_bptt")
    namespace = {}
    exec(BPTT, namespace)
    first, *others = called(gradient, params, namespace["bptt"])
    calls = (CallReading(results=first.results[:1], fault=fault), *others)
    with pytest.raises(Unreadable) as caught:
        gradient.judge(params, Answer(calls=calls))
    assert caught.value.code == code


def test_the_other_layout_is_accepted_and_said():
    outcome = outcome_of(("return g", EVERY.format("a.T")))
    assert (outcome.verdict, [one.code for one in outcome.feedback]) == ("correct", ["columns"])


def test_right_gradients_are_told_nothing():
    outcome = outcome_of()
    assert (outcome.verdict, outcome.feedback, outcome.diagnoses) == ("correct", (), ())
    assert "counterexample" not in outcome.facts


def test_one_parameter_off_by_a_factor_is_named():
    outcome = outcome_of(("return g", "return {**g, 'c': g['c'] / n}"))
    assert outcome.fraction == Fraction(3, 5)
    assert [one.id for one in outcome.diagnoses] == ["one-gradient-scaled"]
    assert "that of c is divided by the number of sequences once more" in outcome.diagnoses[0].message


def shown(outcome):
    example = outcome.facts["counterexample"]
    arrays = {name: np.array(value) for name, value in example["inputs"].items()}
    return example, arrays.pop("x"), arrays.pop("y"), Parameters(**arrays)


@pytest.mark.parametrize("change", [(STEP, 'g["W"] += h[t + 1].T @ later'), ("later @ W.T", "later @ W")])
def test_the_counterexample_holds_when_it_is_worked_out_by_differences(change):
    example, x, y, params = shown(outcome_of(change))
    for name, wanted in example["expected"].items():
        array = getattr(params, name)
        for index in np.ndindex(array.shape):
            moved = [array.copy(), array.copy()]
            moved[0][index] += 1e-5
            moved[1][index] -= 1e-5
            above, below = (cost(forward(x, params._replace(**{name: one})).y, y) for one in moved)
            assert np.array(wanted)[index] == pytest.approx((above - below) / 2e-5, rel=1e-5, abs=1e-6)
    wrong = {name for name, right in example["keys_right"].items() if not right}
    assert example["first_wrong_key"] in wrong
    for name, wanted in example["expected"].items():
        assert (name in wrong) != np.allclose(wanted, example["got"][name])


def test_the_counterexample_is_the_smallest_that_shows_the_mistake():
    ones, _, _, _ = shown(outcome_of((STEP, 'g["W"] += h[t + 1].T @ later')))
    assert set(ones["sizes"].values()) == {1}
    turned, _, _, _ = shown(outcome_of(("later @ W.T", "later @ W")))
    assert turned["sizes"]["n_h"] == 2


ERROR = "e = 2 * (h[t + 1] @ V + c - y[:, t]) / (n * T)"
BACK = "    for t in reversed(range(T)):\n"
LAST = 'g["b"] += later.sum(0)'
TRUNCATED = """
    for s in range(T):
        later = 2 * (h[s + 1] @ V + c - y[:, s]) / (n * T) @ V.T
        for t in range(s, max(s - {0}, -1), -1):
            dz = (1 - h[t + 1] ** 2) * later
            g["U"] += x[:, t].T @ dz
            g["W"] += h[t].T @ dz
            g["b"] += dz.sum(0)
            later = dz @ W.T
    return g
"""
STUDENTS = {
    "target-forgotten": ((" - y[:, t])", ")"),),
    "sigmoid-output": (
        (ERROR, "s = 1 / (1 + np.exp(-h[t + 1] @ V - c)); e = 2 * (s - y[:, t]) * s * (1 - s) / (n * T)"),
    ),
    "sigmoid-output-forward-only": (
        (ERROR, "s = 1 / (1 + np.exp(-h[t + 1] @ V - c)); e = 2 * (s - y[:, t]) / (n * T)"),
    ),
    "first-step-skipped": ((BACK, "    for t in reversed(range(1, T)):\n"),),
    "starts-at-second-step": (
        ("    for t in range(T):\n", "    for t in range(1, T):\n"),
        (BACK, "    for t in reversed(range(1, T)):\n"),
    ),
    **{f"chunks-{k}": ((LAST, f"{LAST}\n        if t % {k} == 0: later = 0 * later"),) for k in (5, 20)},
    **{
        f"truncated-{k}": (
            ('        g["U"] += x[:, t].T @ later\n        g["W"] += h[t].T @ later\n', ""),
            (f"        {LAST}\n", ""),
            ("    return g\n", TRUNCATED.format(k)),
        )
        for k in (4, 7, 10, 50)
    },
}


@pytest.mark.parametrize("mistake", STUDENTS)
def test_a_frequent_mistake_as_students_write_it_has_its_name_and_no_other(mistake):
    outcome = outcome_of(*STUDENTS[mistake])
    assert [one.id for one in outcome.diagnoses] == [mistake]
    assert outcome.fraction < 1


@pytest.mark.parametrize(
    ("factor", "share"),
    # docs/training.md, Credit: right but for one factor 3/4, for the sign a half.
    [("-1", "1/2"), ("-2", "1/2"), ("2", "3/4"), ("0.5", "3/4"), ("len(x)", "3/4")],
)
def test_gradients_of_the_wrong_size_earn_more_than_those_of_the_wrong_sign(factor, share):
    assert outcome_of(("return g", EVERY.format(f"{factor} * a"))).fraction == Fraction(share)
