"""Turns a question into a form that platforms can hold, or says why that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from grader.answers.rounding import MARGIN, decimals_of
from grader.formula.evaluate import evaluate
from grader.kinds.choice.question import ChoiceParams
from grader.kinds.count.question import CountParams, right_formula
from grader.kinds.numeric.question import NumericParams, wanted_table
from grader.kinds.numeric.reading import place
from grader.kinds.shape.question import ShapeParams, axis_size
from grader.kinds.text.question import TextParams
from grader.lms.exchange.held import (
    Blank,
    Blanks,
    Choices,
    Essay,
    Held,
    NotHeld,
    NumberToFill,
    OptionsToOrder,
    RowsToMatch,
    WordsToFill,
)
from grader.model.evidence import LEVELS, Level
from grader.model.exercise import Question
from grader.model.share import points_text

FLAGS = {"true": "True", "false": "False"}
HALF_UNIT = Fraction(1, 2)

RUNS_CODE = "it asks for a function, and the platform runs no code"
MANY_WEIGHTS = "many different weights are right, and the platform compares with one key"
MANY_FORMULAS = "every formula that comes to the same is right, and the platform compares texts"
OWN_NUMBERS = (
    "what was rounded on the way, or follows from a slip, is right too, and the platform compares with one "
    "number; ask for it with kind 'numeric' where that is fair"
)
REASONS = {
    "code": RUNS_CODE,
    "realisation": RUNS_CODE,
    "targets": RUNS_CODE,
    "generator": RUNS_CODE,
    "optimizer": RUNS_CODE,
    "trajectory": RUNS_CODE,
    "linear_system": MANY_WEIGHTS,
    "design": MANY_WEIGHTS,
    "training": MANY_WEIGHTS,
    "curve": "it is held against a training, and the platform trains nothing",
    "expression": MANY_FORMULAS,
    "feasibility": "a reason may be given in several ways, and the platform checks none of them",
    "trace": OWN_NUMBERS,
}


def held_of(question: Question, reveal: Level) -> Held | NotHeld:
    """A question in a form that platforms can hold.

    Args:
        question: The question.
        reveal: The reveal level of its exercise.
    """
    params: Any = question.params
    if isinstance(params, ChoiceParams):
        return Held(_choice(params, reveal))
    if read := READERS.get(type(params)):
        return read(question, params)
    if question.kind == "gradient":
        return NotHeld(RUNS_CODE if question.signature else OWN_NUMBERS)
    return NotHeld(REASONS.get(question.kind, "the platform has nothing that marks it in the same way"))


def _choice(params: ChoiceParams, reveal: Level) -> Choices | RowsToMatch | OptionsToOrder:
    shared, negative = params.credit == "each", params.negative
    if params.style == "true-false":
        right = {id: "true" if id in params.right else "false" for id in params.options}
        return RowsToMatch(params.options, FLAGS, right, shared, negative)
    if params.style == "matching":
        return RowsToMatch(params.items, params.options, params.pairs, shared, negative)
    if params.style == "ordering":
        return OptionsToOrder(params.options, params.right, shared)
    is_told = LEVELS.index(reveal) >= LEVELS.index("counterexample")
    return Choices(
        params.options,
        params.right,
        is_single=params.style == "one",
        is_shared=shared,
        is_negative=negative,
        why=params.why if is_told else {},
        is_shuffled=params.shuffle,
        pinned=params.pinned,
    )


def _numbers(question: Question, params: NumericParams) -> Held | NotHeld:
    if params.is_symbolic:
        return NotHeld(MANY_FORMULAS + "; give each of `sizes` a number to ask for numbers")
    blanks = []
    for name, value in params.values.items():
        shape, wanted = wanted_table(value, name, params)
        if params.places is None and any(decimals_of(one) is None for one in wanted):
            return NotHeld(
                f"{name} is a fraction without a finite decimal, and the platform reads decimals only; "
                "give `places`"
            )
        unit = Fraction(0) if params.places is None else Fraction(1, 10**params.places)
        margin, half = (unit * HALF_UNIT + MARGIN, unit + MARGIN) if unit else (Fraction(0), None)
        entries = tuple(
            NumberToFill(place(name, shape, index), one, margin, half) for index, one in enumerate(wanted)
        )
        blanks.append(Blank(question.fields[name], entries))
    lost = ("known mistakes earn nothing and are not named",) if params.mistakes else ()
    return Held(Blanks(tuple(blanks), "Write decimals with a point."), lost)


def _counts(question: Question, params: CountParams) -> Held | NotHeld:
    if params.orders:
        return NotHeld(MANY_FORMULAS)
    if not params.lengths:
        return NotHeld(MANY_FORMULAS + "; give `sizes` to ask for numbers")
    blanks = []
    for name in params.counts:
        total = evaluate(right_formula(params, name), {})
        if not isinstance(total, Fraction):
            return NotHeld(f"the right count of {name} is no number")
        blanks.append(Blank(question.fields[name], (NumberToFill(name, total, Fraction(0)),)))
    lost = ["a total that follows from wrong parts is wrong"] if len(blanks) > 1 else []
    if params.slip_credit:
        lost.append("known mistakes earn nothing and are not named")
    return Held(Blanks(tuple(blanks), "Write whole numbers, without signs between thousands."), tuple(lost))


def _shapes(question: Question, params: ShapeParams) -> Held | NotHeld:
    if params.is_symbolic:
        return NotHeld(MANY_FORMULAS + "; give `sizes` to ask for numbers")
    blanks = []
    for name, axes in params.axes.items():
        sizes = tuple(axis_size(axis, params.lengths, name) for axis in axes)
        blanks.append(Blank(question.fields[name], (WordsToFill(name, shape_forms(sizes)),)))
    form = "Write a shape as `3 x 4`, rows first; a column as `3 x 1`, or `3` alone."
    return Held(Blanks(tuple(blanks), form), ("worked-out sizes such as 2*3 x 4 are not read",))


def shape_forms(sizes: tuple[int, ...]) -> tuple[str, ...]:
    """How people write a shape, the usual form first.

    Args:
        sizes: Along each axis; a column has 1 as its second.
    """
    texts = tuple(map(str, sizes))
    forms = [between.join(texts) for between in (" x ", "x", " × ", "×", " by ")]
    forms += [f"{a}{comma.join(texts)}{b}" for comma in (", ", ",") for a, b in ("()", "[]")]
    if len(sizes) == 1:
        forms.append(f"({texts[0]},)")
    if len(sizes) == 2 and sizes[1] == 1:
        forms += [texts[0], f"({texts[0]},)", f"({texts[0]})", f"[{texts[0]}]"]
    return tuple(dict.fromkeys(forms))


def _words(question: Question, params: TextParams) -> Held:
    rubric = tuple(f"{points_text(item.points)}: {item.text}" for item in params.rubric)
    return Held(Essay(params.min_words, params.max_words, rubric), ("marked by hand on the platform",))


READERS: dict[type[Any], Callable[[Question, Any], Held | NotHeld]] = {
    NumericParams: _numbers,
    CountParams: _counts,
    ShapeParams: _shapes,
    TextParams: _words,
}
