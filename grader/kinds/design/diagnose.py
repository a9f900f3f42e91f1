"""Step 6: mistakes in the weights of a network, each by a change that is proved to make them right."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from grader.kinds.design.changes import Mended, other_networks, remembering, single_changes, whole_changes
from grader.kinds.design.deciding import DesignFacts, decided, student_of
from grader.kinds.design.question import DesignParams
from grader.model.outcome import Diagnosis, Feedback, Finding
from grader.model.text import joined
from grader.networks.automaton.decide import Decided, decide
from grader.networks.automaton.entries import Entries
from grader.networks.automaton.product import Found, SearchLimits, compare
from grader.networks.automaton.target import Moves, TableTarget

# Each change is a search of its own: together they take no longer than deciding did.
EACH = SearchLimits(states=5_000, work=100_000_000)
# In about nanoseconds: all together, one at least, and for each number of the network.
ALL_CHANGES, OF_ONE, OF_NUMBER = 1_000_000_000, 1_000_000, 3_000
MOST_STARTS = 64
MOST_TOLD = 2


def diagnose(params: DesignParams, facts: DesignFacts) -> Finding:
    """The mistakes that explain wrong weights; one that is recognised earns the question's `slip_credit`."""
    about_units = tuple(_about_units(facts))
    budget = _Budget(facts)
    found = (*_whole(facts, budget), *_other_start(facts, budget))
    if not found:
        found = tuple(_in_another_network(facts, budget))
    forgets = tuple(_nothing_fed_back(facts))
    # Without memory, or with an output that never changes, an answer is far from any task, even where one
    # number would do.
    if not found and not forgets and not facts.is_constant:
        found = tuple(_single(facts, budget))
    if not found:
        return Finding(diagnoses=forgets, feedback=about_units)
    return Finding(diagnoses=found[:MOST_TOLD], fraction=params.slip_credit, feedback=about_units)


class _Budget:
    """Work that is left for changes, in about nanoseconds; counted, never timed."""

    def __init__(self, facts: DesignFacts) -> None:
        self.left = ALL_CHANGES
        numbers = sum(len(row) for rows in facts.weights.numbers.values() for row in rows)
        self.each = OF_ONE + OF_NUMBER * numbers

    def allows(self) -> bool:
        return self.left > 0

    def pay(self, found: Decided) -> None:
        self.left -= found.search.work + self.each


def _whole(facts: DesignFacts, budget: _Budget) -> Iterator[Diagnosis]:
    tried: list[Mended] = []
    for change in whole_changes(facts.task, facts.weights, facts.values):
        if not budget.allows():
            return
        mended = change.effect
        if mended in tried:
            continue  # the sign of a zero
        tried.append(mended)
        found = decided(facts.task, mended.values, facts.weights.sizes, mended.network, mended.target, EACH)
        budget.pay(found)
        if found.kind == "right" and found.is_proved:
            yield Diagnosis(change.id, change.message)


def _in_another_network(facts: DesignFacts, budget: _Budget) -> Iterator[Diagnosis]:
    for change in other_networks(facts.task, facts.values):
        if not budget.allows():
            return
        found = decided(facts.task, facts.values, facts.weights.sizes, change.effect.network, limits=EACH)
        budget.pay(found)
        if found.kind == "right" and found.is_proved:
            yield Diagnosis(change.id, change.message)


def _single(facts: DesignFacts, budget: _Budget) -> Iterator[Diagnosis]:
    for name, row, values in single_changes(facts.weights, facts.values):
        if not budget.allows():
            return
        found = decided(facts.task, values, facts.weights.sizes, limits=EACH)
        budget.pay(found)
        if found.kind == "right" and found.is_proved:
            place = {0: name, 1: f"entry {row} of {name}", 2: f"row {row} of {name}"}
            text = f"With one other number in {place[facts.weights.ranks[name]]} it would be right."
            yield Diagnosis("one-number-off", text)
            return


def _other_start(facts: DesignFacts, budget: _Budget) -> Iterator[Diagnosis]:
    """Whether the weights do the task from another state on that the network comes to."""
    task = facts.task
    student = student_of(task, facts.values, facts.weights.sizes)
    if not student.machine.entries:
        return
    for state in _reached(facts)[:MOST_STARTS]:
        if not budget.allows():
            return
        other = student_of(task, facts.values, facts.weights.sizes)
        other.machine.initial = state
        found = decide(other, task.target, EACH)
        budget.pay(found)
        if found.kind == "right" and found.is_proved:
            text = "The weights do the task from another state on, but not from where the network starts."
            yield Diagnosis("right-from-another-start", text)
            return


def _reached(facts: DesignFacts) -> list[Entries]:
    """States that the network comes to, in the order of the words that lead there."""
    levels = _alone(facts).reached[1:]
    return [level.selected(np.array([row])) for level in levels for row in range(level.runs)]


def _alone(facts: DesignFacts) -> Found:
    """The network's own states, whatever is wanted."""
    student = student_of(facts.task, facts.values, facts.weights.sizes)
    letters = len(student.letters)
    anything = TableTarget([Moves((0,) * letters, ((),) * letters)])
    return compare(replace(student, readings=()), anything, EACH)


def _nothing_fed_back(facts: DesignFacts) -> Iterator[Diagnosis]:
    names = [
        name
        for name in remembering(facts.task.network)
        if not any(number.value for row in facts.weights.numbers[name] for number in row)
    ]
    if names:
        are = "is" if len(names) == 1 else "are"
        text = f"{joined(names)} {are} zero: nothing of the step before comes back."
        yield Diagnosis("nothing-fed-back", text)


def _about_units(facts: DesignFacts) -> Iterator[Feedback]:
    """Units of steps that never change, where all states are known."""
    if facts.task.is_smooth:
        return
    alone = _alone(facts)
    if alone.kind != "same":
        return
    student = student_of(facts.task, facts.values, facts.weights.sizes)
    after = [student.step(level)[0] for level in alone.reached]
    rows = np.concatenate(
        [np.asarray(states.numerators / states.denominator, dtype=float) for states in after]
    )
    always: dict[str, list[str]] = {}
    for place, (name, lag, entry) in enumerate(student.machine.entries):
        values = set(rows[:, place].tolist())
        if lag == 1 and name in facts.task.network.by_name and len(values) == 1 and values <= {0.0, 1.0}:
            state = "never on" if values == {0.0} else "always on"
            always.setdefault(state, []).append(name if entry is None else f"{name}[{entry + 1}]")
    for state, names in always.items():
        are = "is" if len(names) == 1 else "are"
        yield Feedback("unit-constant", f"{joined(names)} {are} {state}, whatever comes in.")
