"""Which known mistake explains wrong steps of Adam, and the smallest step that shows it."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import UNSET

from grader.answers.arrays import as_lists
from grader.kinds.optimizer.judge import OptimizerEvidence, OptimizerFacts
from grader.kinds.optimizer.moves import (
    Alike,
    OptimizerMoves,
    after,
    entries_alike,
    moves_between,
    moves_of,
    moves_of_forms,
    parts_alike,
)
from grader.kinds.optimizer.question import SHAPES, AskedStep, Form, OptimizerParams, asked_steps, split
from grader.model.mistake import Mistake
from grader.model.outcome import Diagnosis, Finding
from grader.training.adam import RIGHT_FORMS, Rule
from grader.training.adam_mistakes import ADAM_MISTAKES
from grader.training.calls import WrongCall
from grader.training.networks import NAMES
from grader.training.task import FloatArray
from reference.adam import AdamState


def diagnose(params: OptimizerParams, facts: OptimizerFacts) -> Finding:
    """Every known mistake that makes these steps, and a counterexample."""
    if facts.moves is None:
        return _finding(tuple(one for one in ADAM_MISTAKES if one.id == "t-from-zero"), None)
    if facts.form is None:
        return _finding(explain(facts.moves, facts.seed), _first_wrong(facts, facts.moves))
    return _finding((), _other_wrong(facts, RIGHT_FORMS[facts.form]))


def _finding(found: tuple[Mistake[Rule], ...], shown: WrongCall | None) -> Finding:
    return Finding(
        diagnoses=tuple(Diagnosis(one.id, one.message) for one in found),
        evidence=(OptimizerEvidence(counterexample=UNSET if shown is None else shown),),
    )


@functools.lru_cache(maxsize=8)
def known_moves(seed: int) -> tuple[tuple[Mistake[Rule], OptimizerMoves], ...]:
    """What each known mistake makes of the steps with the usual settings."""
    with np.errstate(all="ignore"):
        return tuple((one, moves_of(one.effect, asked_steps(seed)[:-1])) for one in ADAM_MISTAKES)


def explain(got: OptimizerMoves, seed: int) -> tuple[Mistake[Rule], ...]:
    """Every known mistake that makes these steps."""
    return tuple(one for one, made in known_moves(seed) if all(parts_alike(got, made)))


def _first_wrong(facts: OptimizerFacts, moves: OptimizerMoves) -> WrongCall | None:
    """The first step with the usual settings that ends elsewhere than Adam's; the smallest come first."""
    rows = zip(*_by_step(entries_alike(moves, moves_of_forms(facts.seed)[facts.nearest])), strict=True)
    for step, end, alike in zip(asked_steps(facts.seed)[:-1], facts.ends, rows, strict=True):
        if not all(one.all() for one in alike):
            return _wrong_call(step, end, RIGHT_FORMS[facts.nearest], facts.array_form, AdamState(*alike))
    return None


def _by_step(alike: Alike) -> list[list[npt.NDArray[np.bool_]]]:
    """The three parts of `Alike`, each with one array for each step, in the order of the steps."""
    return [[row for group in part for row in group] for part in alike]


def _other_wrong(facts: OptimizerFacts, rule: Rule) -> WrongCall | None:
    """The step with other settings, and what was wanted."""
    if facts.other is None:
        return None
    step = asked_steps(facts.seed)[-1]
    alike = entries_alike(moves_between([step], [facts.other]), moves_of(rule, [step]))
    return _wrong_call(step, facts.other, rule, facts.array_form, AdamState(*(part[0][0] for part in alike)))


def _wrong_call(step: AskedStep, end: AdamState, rule: Rule, form: Form, alike: AdamState) -> WrongCall:
    """One step: what it was called with, what was wanted, what came, and which arrays are right.

    Args:
        step: The step.
        end: The state after it.
        rule: The form of Adam that it is held against.
        form: How the arrays were handed over.
        alike: Which entries of the end are right.
    """
    inputs = {"params": step.state.theta, "grads": step.g, "m": step.state.m, "v": step.state.v}
    expected, got, are_right = {}, {}, {}
    for name, *flat in zip(("params", "m", "v"), after(rule, step), end, alike, strict=True):
        wanted, came, right = (_arrays(one, step, form) for one in flat)
        for i, key in enumerate(_keys(name, form)):
            expected[key], got[key] = as_lists(wanted[i]), as_lists(came[i])
            are_right[key] = bool(right[i].all())
    return WrongCall(
        inputs={name: _handed(flat, step, form) for name, flat in inputs.items()}
        | {"t": step.t, **step.rates._asdict()},
        sizes=dict(zip(NAMES, map(list, step.shapes), strict=True)),
        step=step.t,
        expected=expected,
        got=got,
        keys_right=are_right,
        first_wrong_key=next((key for key, is_right in are_right.items() if not is_right), None),
    )


def _keys(name: str, form: Form) -> list[str]:
    """What the arrays are called in the student's code."""
    if form == "array":
        return [name]
    return [f"{name}[{key!r}]" for key in (NAMES if form == "dict" else range(len(SHAPES)))]


def _arrays(flat: FloatArray, step: AskedStep, form: Form) -> list[FloatArray]:
    return [flat] if form == "array" else list(split(flat, step.shapes))


def _handed(flat: FloatArray, step: AskedStep, form: Form) -> Any:
    arrays = [as_lists(array) for array in _arrays(flat, step, form)]
    if form == "dict":
        return dict(zip(NAMES, arrays, strict=True))
    return arrays if form == "list" else arrays[0]
