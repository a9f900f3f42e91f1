"""What is told of decided weights: for each way in which they can be known, and what single outputs earn."""

from __future__ import annotations

import itertools
from fractions import Fraction
from types import SimpleNamespace

import msgspec
import pytest

from grader.explaining import keeping_failures
from grader.kinds.design import PARITY, SIGMOID, STEP_UNITS, judge
from grader.kinds.design.deciding import DesignFacts
from grader.kinds.design.question import DesignParams, task_of
from grader.kinds.design.weights import read_weights
from grader.model.kind import Answer
from grader.networks.automaton.decide import Decided
from grader.networks.automaton.entries import DividesByZero
from grader.networks.automaton.product import Found
from grader.networks.automaton.target import Moves, TableTarget

RIGHT = {"U": [[1], [1]], "W": [[1, -1], [1, -1]], "b": [-1, -2], "V": [[1, -1]], "c": [-1]}


@pytest.fixture
def given(plain):
    """Weights as an answer and their question."""

    def make(weights=RIGHT, base=PARITY, **changed):
        params = msgspec.convert({**base, **changed}, DesignParams)
        return params, Answer(fields={name: plain(value) for name, value in weights.items()})

    return make


@pytest.fixture
def judged_as(given, monkeypatch):
    """What the judge tells where the search and the rest have found this."""

    def make(kind, *, boxes=0, length=7, has_ties=False, word=(), **facts):
        found = Found(
            {"wrong": "differs", "open": "open"}.get(kind, "same"), 5, length, word, has_ties, 1, ()
        )
        if kind == "right, open":
            found, kind = Found("open", 5, length, (), has_ties, 1, ()), "right"
        params, answer = given()
        task = task_of(params)
        weights = read_weights(task, answer.fields)
        facts = {"values": weights.values(), **facts}
        fixed = DesignFacts(task, weights, decided=Decided(kind, found, boxes, word), **facts)
        monkeypatch.setattr("grader.kinds.design.judge.decided_facts", lambda *given: fixed)
        return judge.judge(params, answer).outcome

    return make


@pytest.mark.parametrize("search", ["right", "right, open"])
@pytest.mark.parametrize(
    ("boxes", "has_ties", "is_rounded", "is_near"), list(itertools.product([0, 3], *[[False, True]] * 3))
)
def test_right_weights_are_told_how_they_are_known(judged_as, search, boxes, has_ties, is_rounded, is_near):
    facts = {"is_rounded": is_rounded, **({"values": {}} if is_near else {})}
    outcome = judged_as(search, boxes=boxes, has_ties=has_ties, **facts)
    is_proved = bool(boxes) or (search == "right" and not has_ties)
    told = {
        "rationalised": is_near,
        "on-the-threshold": has_ties,
        "right-up-to-rounding": is_rounded,
        "right-up-to-length": not is_proved,
    }
    assert [one.code for one in outcome.feedback] == [code for code, is_told in told.items() if is_told]
    assert (outcome.verdict, outcome.fraction) == ("correct", 1)
    assert outcome.basis.code == ("proved" if is_proved and not is_rounded else "tested on 7")
    assert outcome.basis.of == ("inputs" if is_proved and not is_rounded else "length")
    wanted = {"sizes": {"n_h": 2}, "states_compared": 5} | ({"boxes": boxes} if boxes else {})
    if not is_proved or is_rounded:
        wanted["words_up_to"] = 7
    elif not boxes:
        wanted["deciding_steps"] = 7
    assert outcome.facts == wanted


def test_what_is_open_is_undecided_and_staff_are_told_how_far_it_was_looked(judged_as):
    outcome = judged_as("open", length=1)
    assert (outcome.verdict, outcome.fraction, outcome.basis) == ("undecided", 0, None)
    student, staff = outcome.feedback
    assert (student.audience, staff.audience) == ("student", "staff")
    assert "all words of up to 1 letter;" in staff.message
    assert outcome.facts == {"sizes": {"n_h": 2}, "states_compared": 5, "words_up_to": 1}


def test_wrong_weights_are_shown_on_the_word_that_was_found(judged_as):
    """The weights are right; on any word both rows of outputs are the parity."""
    outcome = judged_as("wrong", word=(1, 0, 1), length=9)
    assert (outcome.verdict, outcome.fraction, outcome.basis.code) == ("incorrect", 0, "proved")
    counterexample, steps = outcome.feedback
    assert (counterexample.code, counterexample.level) == ("counterexample", "counterexample")
    assert counterexample.message == "For x = 1, 0, 1, y(3) should be 0; yours is 0."
    assert (steps.code, steps.level) == ("step-by-step", "working")
    assert steps.message == (
        "Step by step: h(1) = (1, 0), y(1) = 1; h(2) = (1, 0), y(2) = 1; h(3) = (1, 1), y(3) = 0."
    )
    facts = outcome.facts
    assert (facts["deciding_steps"], facts["counterexample"]["first_wrong_step"]) == (3, 3)
    assert facts["units"] == {"h": [[1, 0], [1, 0], [1, 1]], "y": [[1], [1], [0]]}
    drawn = facts["unrolled"]
    assert (drawn["wrong"], drawn["right"]) == ("y(3)", ["y(1)", "y(2)"])
    assert drawn["values"]["h"] == [[1, 0], [1, 0], [1, 1]]
    assert drawn["values"]["x"] == [[1], [0], [1]]
    numbers = {one["by"]: one["numbers"] for one in drawn["links"]}
    assert numbers == {name: RIGHT[name] for name in "UWV"}
    assert not {"outputs_right", "words_up_to", "boxes"} & facts.keys()


def test_what_never_changes_is_told(judged_as):
    told = judged_as("wrong", word=(1,), is_constant=True).feedback
    assert [one.code for one in told] == ["counterexample", "step-by-step", "constant-output"]


@pytest.mark.parametrize(("length", "has_word"), [(48, True), (49, False)])
def test_a_word_of_up_to_48_letters_is_written_out(judged_as, length, has_word):
    message = judged_as("wrong", word=(0,) * length).feedback[0].message
    assert message.endswith(f"y({length}) should be 0; yours is 0.")
    assert message.startswith("For x = 0, 0, " if has_word else "After 49 steps y(49)")


@pytest.mark.parametrize(("longer", "is_told"), [(3, True), (4, False)])
def test_steps_are_written_out_up_to_500_letters(given, longer, is_told):
    """One step with 30 outputs of 14 digits, some of 15: h(1) = 0, y(1) = (10000000000000, ...)."""
    outputs = [10 ** (14 if i < longer else 13) for i in range(30)]
    assert len(f"h(1) = 0, y(1) = ({', '.join(map(str, outputs))})") == 497 + longer
    own = {**STEP_UNITS, "equations": [STEP_UNITS["equations"][0], "y(t) = V @ h(t) + c"]}
    table = [{"state": "a", "next": ["a", "a"], "output": [[1] * 30, [2] * 30]}]
    weights = {"U": [[1]], "W": [[0]], "b": [-1], "V": [[0]] * 30, "c": outputs}
    outcome = judge.judge(*given(weights, network=own, target=table)).outcome
    assert ("step-by-step" in [one.code for one in outcome.feedback]) is is_told


@pytest.mark.fails_to_explain
@pytest.mark.parametrize("broken", ["traced", "_messages", "_drawn"])
def test_a_mark_stands_whatever_fails_to_be_shown(given, monkeypatch, broken):
    def fails(*given):
        raise ArithmeticError

    monkeypatch.setattr(judge, broken, fails)
    params, answer = given(RIGHT | {"c": [5]})
    with keeping_failures() as failures:
        outcome = judge.judge(params, answer).outcome
    assert len(failures) == 1
    assert (outcome.verdict, outcome.fraction, outcome.basis.code) == ("incorrect", 0, "proved")
    assert bool(outcome.feedback) is (broken == "_drawn")
    assert ("counterexample" in outcome.facts) is (broken != "traced")
    assert "unrolled" not in outcome.facts or broken == "_messages"


def test_a_network_that_divides_by_zero_cannot_be_read(given, monkeypatch):
    def divides(*given):
        raise DividesByZero

    monkeypatch.setattr("grader.kinds.design.judge.decided_facts", divides)
    with pytest.raises(judge.Unreadable, match="divides by zero") as told:
        judge.judge(*given())
    assert told.value.code == "not-finite"


@pytest.mark.parametrize(("b", "c", "name"), [("-1", "-1/2", "h"), ("-1/2", "-1", "y"), ("-1", "-1", "y")])
def test_the_last_sum_at_its_threshold_is_told(given, b, c, name):
    """The output should never be on; at x = 1 it is, since a sum of 0 counts as on."""
    table = [{"state": "a", "next": ["a", "a"], "output": [0, 0]}]
    weights = {"U": [[1]], "W": [[0]], "b": [b], "V": [[1]], "c": [c]}
    outcome = judge.judge(*given(weights, target=table)).outcome
    (tie,) = [one.message for one in outcome.feedback if one.code == "tie"]
    assert tie.startswith(f"At step 1 a sum in {name} is exactly at the threshold")
    assert tie.endswith(": step(0) is 1.")


def outputs_of(table, V, c):
    """A network without memory that shows x, in V and c as many outputs as there are rows."""
    return (
        {"U": [[1]], "W": [[0]], "b": [-1], "V": V, "c": c},
        {"target": [{"state": "a", "next": ["a", "a"], "output": table}]},
    )


# What an output is wanted to be at x = 0 and x = 1, and a row of V and c that gives it.
ROWS = {(0, 1): ([1], -1), (1, 0): ([-1], 0), (0, 0): ([0], -1), (1, 1): ([0], 0)}


@pytest.mark.parametrize("wanted", list(itertools.product(ROWS, repeat=2)))
def test_outputs_earn_one_by_one_and_one_that_never_changes_only_costs(given, wanted):
    """Counted by hand, for every pair of outputs that is wanted and every pair that is given."""
    table = [list(column) for column in zip(*wanted, strict=True)]
    for found in itertools.product(ROWS, repeat=2):
        weights, changed = outputs_of(table, *map(list, zip(*(ROWS[one] for one in found), strict=True)))
        outcome = judge.judge(*given(weights, **changed)).outcome
        right = [one == other for one, other in zip(found, wanted, strict=True)]
        if all(right):
            assert (outcome.verdict, outcome.fraction) == ("correct", 1)
            continue
        is_constant = all(one[0] == one[1] for one in found)
        counting = [
            is_right for is_right, one in zip(right, wanted, strict=True) if not is_right or one[0] != one[1]
        ]
        share = Fraction(0) if is_constant else Fraction(sum(counting), len(counting))
        assert outcome.fraction == share < 1, (wanted, found)
        shown = {"y[1]": right[0], "y[2]": right[1]}
        assert outcome.facts.get("outputs_right") == (None if is_constant else shown)


def test_outputs_of_several_variables_are_named_by_what_they_are(given):
    own = {
        **STEP_UNITS,
        "parameters": {**STEP_UNITS["parameters"], "A": "2 x n_h"},
        "equations": [*STEP_UNITS["equations"], "z(t) = A @ h(t)"],
        "output": ["y", "z"],
    }
    weights = {"U": [[1]], "W": [[0]], "b": [-1], "V": [[1]], "c": [-1], "A": [[2], [-1]]}
    table = [{"state": "a", "next": ["a", "a"], "output": [[0, 0, 0], [1, 2, 1]]}]
    outcome = judge.judge(*given(weights, network=own, target=table, sizes={"n_out": 1})).outcome
    assert outcome.facts["outputs_right"] == {"y": True, "z[1]": True, "z[2]": False}
    assert outcome.fraction == Fraction(2, 3)


@pytest.mark.parametrize(("changes_at", "is_constant"), [(None, True), (0, False), (998, False), (999, True)])
def test_a_thousand_states_of_a_target_are_looked_at_for_a_change(changes_at, is_constant):
    """In a row; the second output never changes."""
    rows = [
        Moves((min(i + 1, 1500),) * 2, ((Fraction(int(i == changes_at)), Fraction(3)),) * 2)
        for i in range(1501)
    ]
    assert judge.MOST_WANTED_STATES == 1000
    task = SimpleNamespace(target=TableTarget(rows))
    assert judge._is_wanted_constant(task, 0) is is_constant
    assert judge._is_wanted_constant(task, 1)


def test_an_output_that_changes_with_the_letter_alone_changes():
    row = Moves((0, 0), ((Fraction(0),), (Fraction(1),)))
    assert not judge._is_wanted_constant(SimpleNamespace(target=TableTarget([row])), 0)


def test_real_units_that_stand_on_their_threshold_are_told_so(given):
    """sigmoid(0) - sigmoid(0) is zero, as far as floats know."""
    weights = {"U": [[1], [1]], "W": [[0, 0], [0, 0]], "b": [0, 0], "V": [[1, -1]], "c": [0]}
    table = [{"state": "a", "next": ["a", "a"], "output": [1, 1]}]
    outcome = judge.judge(*given(weights, SIGMOID, target=table)).outcome
    assert (outcome.verdict, outcome.basis.code) == ("correct", "tested on 1")
    assert [one.code for one in outcome.feedback] == ["on-the-threshold", "right-up-to-length"]
