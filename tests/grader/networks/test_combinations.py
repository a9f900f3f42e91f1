"""When a named mistake earns the question's credit, and what is said of several."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.model.evidence import facts
from grader.networks.equations.network import network
from grader.networks.mutants.catalogue import mutants
from grader.networks.mutants.combination import MOST_NAMED, Combination, finding
from grader.networks.mutants.mutant import Mutant

EARNS = [Mutant(f"mistake-{k}", f"The {k}th thing is wrong.") for k in range(8)]
EARNS_NOTHING = Mutant("another-network", "Another network is computed.", earns_credit=False)
HALF, NONE = Fraction(1, 2), Fraction(0)
ELMAN = network(
    {
        "inputs": {"x": "m"},
        "parameters": {"U": "m x n", "W": "n x n", "V": "n x k", "b": "n"},
        "equations": ["h(t) = tanh(U.T @ x(t) + W.T @ h(t-1) + b)", "y(t) = sigmoid(V.T @ h(t))"],
        "output": ["y"],
    }
)
MISTAKES = {one.id: one for one in mutants(ELMAN, "by-hand", 2)}


def explained(*mistakes):
    return Combination(tuple(mistakes))


@pytest.mark.parametrize(
    ("explanations", "fraction"),
    [
        ([explained(EARNS[0])], HALF),
        ([explained(EARNS[0], EARNS[1])], HALF),
        ([explained(EARNS_NOTHING)], None),
        # Where one of several explanations earns nothing the answer is not known to be a slip that earns.
        ([explained(EARNS[0]), explained(EARNS_NOTHING)], None),
        ([explained(EARNS[0], EARNS_NOTHING)], None),
    ],
)
def test_only_what_every_explanation_earns_is_given(explanations, fraction):
    found = finding(explanations, HALF, NONE, ELMAN)
    assert found.fraction == fraction
    assert facts(found.evidence)["diagnosis"]["slip_credit"] == ("1/2" if fraction else "0")
    assert ("slip-credit" in [one.code for one in found.feedback]) == (fraction is not None)


@pytest.mark.parametrize(
    ("earned", "is_told"), [(Fraction(1, 4), True), (HALF, False), (Fraction(3, 4), False)]
)
def test_credit_is_told_only_where_it_is_more_than_the_answer_earns_by_itself(earned, is_told):
    found = finding([explained(EARNS[0])], HALF, earned, ELMAN)
    assert ("slip-credit" in [one.code for one in found.feedback]) == is_told


@pytest.mark.parametrize("count", [1, 2, MOST_NAMED, MOST_NAMED + 1])
def test_no_more_than_a_few_explanations_are_named_and_all_are_counted(count):
    found = finding([explained(mistake) for mistake in EARNS[:count]], HALF, NONE, ELMAN)
    assert len(found.diagnoses) == min(count, MOST_NAMED)
    assert len(facts(found.evidence)["diagnosis"]["explanations"]) == count
    several = [one.message for one in found.feedback if one.code == "consistent-with"]
    assert len(several) == (count > 1)
    assert all(f"{count} explanations" in message for message in several)


@pytest.mark.parametrize(
    ("mistake", "yours", "wanted"),
    [
        ("h-sigmoid", "h(t) = sigmoid(U^T x(t) + W^T h(t-1) + b)", "h(t) = tanh(U^T x(t) + W^T h(t-1) + b)"),
        (
            "h-w-not-transposed",
            "h(t) = tanh(U^T x(t) + W h(t-1) + b)",
            "h(t) = tanh(U^T x(t) + W^T h(t-1) + b)",
        ),
        ("h-a-step-late-in-y", "y(t) = sigmoid(V^T h(t-1))", "y(t) = sigmoid(V^T h(t))"),
        ("y-linear", "y(t) = V^T h(t)", "y(t) = sigmoid(V^T h(t))"),
    ],
)
def test_the_equation_that_an_answer_follows_from_stands_beside_the_right_one(mistake, yours, wanted):
    (told,) = equations([explained(MISTAKES[mistake])])
    assert [line.split(":  ")[-1].strip() for line in told.message.splitlines()[1:]] == [yours, wanted]
    assert told.level == "working"


def test_two_changed_equations_are_both_shown():
    (told,) = equations([explained(MISTAKES["h-sigmoid"], MISTAKES["y-linear"])])
    assert [line.split()[1] for line in told.message.splitlines()[1:]] == ["h(t)", "h(t)", "y(t)", "y(t)"]


@pytest.mark.parametrize(
    "mistake", ["h-halftanh", "h-coarse", "x-reversed", "starts-from-one", "outputs-reversed"]
)
def test_no_equation_is_shown_that_nobody_would_write(mistake):
    assert not equations([explained(MISTAKES[mistake])])


def test_no_equation_is_shown_where_several_explain_the_answer():
    assert not equations([explained(MISTAKES["h-sigmoid"]), explained(MISTAKES["h-linear"])])


def equations(explanations):
    found = finding(explanations, HALF, NONE, ELMAN)
    return [one for one in found.feedback if one.code == "equation"]
