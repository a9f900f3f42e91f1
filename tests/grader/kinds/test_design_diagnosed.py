"""In which order changes of wrong weights are tried, how many are paid for, and what is told of units."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import msgspec
import numpy as np
import pytest

from grader.kinds.design import PARITY, SIGMOID, STEP_UNITS, diagnose
from grader.kinds.design.changes import other_networks, single_changes, whole_changes
from grader.kinds.design.deciding import DesignFacts
from grader.kinds.design.question import DesignParams, task_of
from grader.kinds.design.weights import read_weights
from grader.model.outcome import Diagnosis, Feedback, Finding
from grader.networks.automaton.decide import Decided
from grader.networks.automaton.product import Found

RIGHT = {"U": [[1], [1]], "W": [[1, -1], [1, -1]], "b": [-1, -2], "V": [[1, -1]], "c": [-1]}
WORK = 1_000
"""What each search is said to take here."""


def told(kind, search="open"):
    return Decided(kind, Found(search, 1, 3, (), False, WORK, ()))


PROVED, TRIED, WRONG, OPEN = told("right", "same"), told("right"), told("wrong", "differs"), told("open")


@pytest.fixture
def facts_of(plain):
    def make(weights=RIGHT, base=PARITY, **changed):
        task = task_of(msgspec.convert({**base, **changed}, DesignParams))
        read = read_weights(task, {name: plain(value) for name, value in weights.items()})
        return DesignFacts(task, read, read.values(), WRONG)

    return make


@pytest.fixture
def asked_of(monkeypatch):
    """Answers in place of all searches, and what was searched."""

    def make(answers):
        asked, answers = [], iter(answers)

        def decided(task, values, sizes, network=None, target=None, limits=None):
            asked.append((values, network, target))
            assert limits == diagnose.EACH
            return next(answers)

        def decide(student, target, limits=None):
            asked.append(student.machine.initial.fractions())
            assert limits == diagnose.EACH
            return next(answers)

        monkeypatch.setattr(diagnose, "decided", decided)
        monkeypatch.setattr(diagnose, "decide", decide)
        return asked

    return make


# Seven units that pass bits on: from 0 they come to 128 states.
REGISTER = {
    "U": [[int(i == 0)] for i in range(7)],
    "W": [[int(j == i - 1) for j in range(7)] for i in range(7)],
    "b": [-1] * 7,
    "V": [[1] * 7],
    "c": [-1],
}


@pytest.fixture
def facts_for(facts_of):
    """Wrong weights for which a part has more than three changes to try."""
    return lambda part: facts_of(REGISTER if part == "_other_start" else RIGHT)


PARTS = ("_whole", "_other_start", "_in_another_network", "_nothing_fed_back", "_single")


@pytest.mark.parametrize("found", list(itertools.product([False, True], repeat=len(PARTS))))
@pytest.mark.parametrize("is_constant", [False, True])
def test_likelier_mistakes_come_first_and_what_forgets_earns_nothing(
    facts_of, monkeypatch, found, is_constant
):
    parts = {name: (Diagnosis(name, "one"),) * is_found for name, is_found in zip(PARTS, found, strict=True)}
    for name, one in parts.items():
        monkeypatch.setattr(diagnose, name, lambda *given, one=one: iter(one))
    said = Feedback("unit-constant", "h is never on.")
    monkeypatch.setattr(diagnose, "_about_units", lambda *given: iter((said,)))
    params = msgspec.convert(
        {**PARITY, "slip_credit": "1/3"}, DesignParams, dec_hook=lambda _, x: Fraction(x)
    )
    finding = diagnose.diagnose(params, facts_of()._replace(is_constant=is_constant))
    whole, start, network, forgets, single = parts.values()
    if whole or start:
        wanted = (*whole, *start)
    elif network:
        wanted = network
    else:
        wanted = () if forgets or is_constant else single
    if wanted:
        assert finding == Finding(diagnoses=wanted, fraction=Fraction(1, 3), feedback=(said,))
    else:
        assert finding == Finding(diagnoses=forgets, feedback=(said,))


def test_two_mistakes_are_told_at_most(facts_of, monkeypatch):
    for name in PARTS:
        monkeypatch.setattr(diagnose, name, lambda *given: iter(()))
    every = [Diagnosis(name, "one") for name in "abc"]
    monkeypatch.setattr(diagnose, "_whole", lambda *given: iter(every))
    assert diagnose.diagnose(msgspec.convert(PARITY, DesignParams), facts_of()).diagnoses == tuple(every[:2])


def tries(part, facts):
    """How a part is called, and what it tries, one by one."""
    task = facts.task
    if part == "_whole":
        effects = [one.effect for one in whole_changes(task, facts.weights, facts.values)]
        return [(one.values, one.network) for at, one in enumerate(effects) if one not in effects[:at]]
    if part == "_in_another_network":
        return [(facts.values, one.effect.network) for one in other_networks(task, facts.values)]
    return [(values, None) for _, _, values in single_changes(facts.weights, facts.values)]


@pytest.mark.parametrize("part", ["_whole", "_in_another_network", "_single"])
def test_every_change_is_tried_once(facts_of, asked_of, part):
    facts = facts_of()
    asked = asked_of(itertools.repeat(WRONG))
    assert list(getattr(diagnose, part)(facts, diagnose._Budget(facts))) == []
    assert [one[:2] for one in asked] == tries(part, facts)


def test_a_sign_of_zeros_is_not_tried_again(facts_of, asked_of):
    facts = facts_of(RIGHT | {"b": [0, 0], "c": [0]})
    asked = asked_of(itertools.repeat(WRONG))
    list(diagnose._whole(facts, diagnose._Budget(facts)))
    assert (
        len(asked)
        == len(tries("_whole", facts))
        < len(list(whole_changes(facts.task, facts.weights, facts.values)))
    )


@pytest.mark.parametrize("part", ["_whole", "_in_another_network", "_single", "_other_start"])
def test_a_change_is_named_only_if_it_is_proved_right(facts_for, asked_of, part):
    facts = facts_for(part)
    for answer in (WRONG, OPEN, TRIED):
        asked_of(itertools.repeat(answer))
        assert list(getattr(diagnose, part)(facts, diagnose._Budget(facts))) == []
    asked = asked_of(itertools.chain([WRONG, OPEN, TRIED], itertools.repeat(PROVED)))
    found = list(getattr(diagnose, part)(facts, diagnose._Budget(facts)))
    if part in ("_single", "_other_start"):
        assert (len(found), len(asked)) == (1, 4)
    else:
        assert len(found) == len(asked) - 3


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("affordable", [1, 2])
@pytest.mark.parametrize("part", ["_whole", "_in_another_network", "_single", "_other_start"])
def test_work_is_paid_change_by_change_until_nothing_is_left(
    facts_for, asked_of, monkeypatch, part, affordable, more
):
    """A change costs its search, and a thousandth of a second with 3 us for each of the 71 or 11 numbers."""
    facts = facts_for(part)
    cost = WORK + 1_000_000 + 3_000 * (71 if part == "_other_start" else 11)
    monkeypatch.setattr(diagnose, "ALL_CHANGES", affordable * cost + more)
    asked = asked_of(itertools.repeat(WRONG))
    list(getattr(diagnose, part)(facts, diagnose._Budget(facts)))
    assert len(asked) == affordable + more
    spent = diagnose._Budget(facts)
    spent.left = 0
    assert not list(getattr(diagnose, part)(facts, spent))
    assert len(asked) == affordable + more


def test_all_changes_together_take_as_long_as_a_search_of_a_second(facts_of):
    budget = diagnose._Budget(facts_of())
    count = 0
    while budget.allows():
        budget.pay(WRONG)
        count += 1
    assert count == math.ceil(10**9 / (WORK + 10**6 + 33_000))


@pytest.mark.parametrize(
    "weights", [RIGHT, RIGHT | {"b": [-1, -1]}, RIGHT | {"W": [[0, 1], [1, 0]]}, REGISTER], ids=range(4)
)
def test_starts_are_the_states_that_words_lead_to_shortest_first_and_64_at_most(facts_of, asked_of, weights):
    asked = asked_of(itertools.repeat(WRONG))
    facts = facts_of(weights)
    list(diagnose._other_start(facts, diagnose._Budget(facts)))
    U, W, b = (np.array(weights[name]) for name in ("U", "W", "b"))
    start = (0,) * len(b)
    level, met, wanted = [start], {start}, []
    while level:
        after = []
        for h, x in itertools.product(level, (0, 1)):
            new = tuple(int(one) for one in (U[:, 0] * x + W @ np.array(h) + b >= 0))
            if new not in met:
                met.add(new)
                after.append(new)
        wanted += after
        level = after
    assert asked == wanted[:64]
    assert (len(wanted) > 64) is (weights is REGISTER)


def test_a_network_without_memory_has_no_other_start(facts_of, asked_of):
    own = {
        "inputs": {"x": "n_in"},
        "parameters": {"V": "1 x n_in"},
        "equations": ["y(t) = step(V @ x(t))"],
    }
    asked = asked_of([])
    facts = facts_of({"V": [[1]]}, network=own)
    assert list(diagnose._other_start(facts, diagnose._Budget(facts))) == []
    assert asked == []


TWO_BACK = {
    "inputs": {"x": "n_in"},
    "parameters": {"U": "n_h x n_in", "W": "n_h x n_h", "A": "n_h x n_h", "b": "n_h", "V": "1 x n_h"},
    "equations": ["h(t) = step(U @ x(t) + W @ h(t-1) + A @ h(t-2) + b)", "y(t) = V @ h(t)"],
}
ZEROS, SOME = [[0, 0], [0, 0]], [[0, 0], [0, 1]]


@pytest.mark.parametrize(
    ("W", "A", "told"),
    [
        (ZEROS, ZEROS, "W and A are zero:"),
        (ZEROS, SOME, "W is zero:"),
        (SOME, ZEROS, "A is zero:"),
        (SOME, SOME, None),
    ],
)
def test_what_multiplies_the_step_before_and_is_zero_is_named(facts_of, W, A, told):
    weights = {"U": [[1], [1]], "W": W, "A": A, "b": [0, 0], "V": [[1, 1]]}
    found = list(diagnose._nothing_fed_back(facts_of(weights, network=TWO_BACK)))
    assert [one.message for one in found] == (
        [] if told is None else [f"{told} nothing of the step before comes back."]
    )


@pytest.mark.parametrize(("place", "rank"), [("b", 0), ("entry 2 of b", 1), ("row 2 of W", 2)])
def test_one_number_is_told_as_where_it_stands(facts_of, asked_of, monkeypatch, place, rank):
    facts = facts_of()
    name = place.split()[-1]
    ranks = {**facts.weights.ranks, name: rank}
    facts = facts._replace(weights=facts.weights._replace(ranks=ranks))
    monkeypatch.setattr(diagnose, "single_changes", lambda *given: iter([(name, 2, {})]))
    asked_of([PROVED])
    (found,) = diagnose._single(facts, diagnose._Budget(facts))
    assert found == Diagnosis("one-number-off", f"With one other number in {place} it would be right.")


def constant_units(U, W, b, letters=(0, 1)):
    """Units of steps that are the same after each step of each word, by a plain search."""
    n = len(b)
    level, met, after = [(0,) * n], {(0,) * n}, set()
    while level:
        h = level.pop()
        for x in letters:
            new = tuple(
                int(U[i][0] * x + sum(w * one for w, one in zip(W[i], h, strict=True)) + b[i] >= 0)
                for i in range(n)
            )
            after.add(new)
            if new not in met:
                met.add(new)
                level.append(new)
    return [{state[i] for state in after} for i in range(n)]


def test_units_that_never_change_are_those_of_a_plain_search(facts_of):
    rng = np.random.default_rng(5)
    seen = set()
    for _ in range(40):
        n = int(rng.integers(1, 4))
        U, W = rng.integers(-1, 2, (n, 1)).tolist(), rng.integers(-1, 2, (n, n)).tolist()
        b = rng.integers(-2, 2, n).tolist()
        facts = facts_of({"U": U, "W": W, "b": b, "V": [[1] * n], "c": [-1]})
        states = constant_units(U, W, b)
        wanted = {}
        for value, word in ((0, "never on"), (1, "always on")):
            names = [f"h[{i + 1}]" for i, one in enumerate(states) if one == {value}]
            if names:
                together = " and ".join(", ".join(names).rsplit(", ", 1))
                wanted[word] = f"{together} {'is' if len(names) == 1 else 'are'} {word}, whatever comes in."
        found = list(diagnose._about_units(facts))
        assert {one.message for one in found} == set(wanted.values())
        assert {one.code for one in found} <= {"unit-constant"}
        seen |= {one.message.split(",")[0].partition(" ")[2] for one in found}
    assert len(seen) > 2


def told_of(facts):
    return [one.message for one in diagnose._about_units(facts)]


def test_only_units_that_are_0_or_1_at_the_step_before_are_constant(facts_of):
    """One is 1/2 throughout and one is 1; what was two steps ago and the inputs are no units."""
    own = {**TWO_BACK, "equations": ["h(t) = U @ x(t) + W @ h(t-1) + A @ h(t-2) + b", "y(t) = V @ h(t)"]}
    weights = {
        "U": [[0], [0], [0]],
        "W": [[0] * 3] * 3,
        "A": [[0] * 3] * 3,
        "b": ["1/2", 1, 2],
        "V": [[1, 1, 1]],
    }
    facts = facts_of(weights, network=own)
    assert told_of(facts) == ["h[2] is always on, whatever comes in."]
    late = {
        "inputs": {"x": "number"},
        "parameters": {"w": "number"},
        "equations": ["s(t) = step(w - 1 + s(t-1))", "y(t) = s(t) * x(t-1)"],
        "sizes": {"s": "number", "y": "number"},
    }
    for w, word in ((1, "always on"), (0, "never on")):
        facts = facts_of(
            {"w": w}, network=late, alphabet={"x": [1]}, target=[{"state": "a", "next": ["a"], "output": [0]}]
        )
        assert told_of(facts) == [f"s is {word}, whatever comes in."]


def test_nothing_is_told_of_units_whose_states_are_not_all_known(facts_of):
    weights = {"U": [[1], [0]], "W": [[2, 0], [0, 0]], "b": [1, 0], "V": [[1, 1]], "c": [0]}
    own = {**STEP_UNITS, "equations": ["h(t) = U @ x(t) + W @ h(t-1) + b", "y(t) = V @ h(t) + c"]}
    assert told_of(facts_of(weights, network=own)) == []
    assert told_of(facts_of(RIGHT | {"U": [[0], [0]], "W": [[0, 0], [0, 0]]}, SIGMOID)) == []
