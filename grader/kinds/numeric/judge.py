"""Which entries of numbers, vectors and matrices are right; where they depend on sizes each is a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Annotated, TypeAlias

from grader.answers.layouts import readings
from grader.answers.rounding import Slip, credit_of, slip_feedback
from grader.errors import Unreadable
from grader.formula.compare import Sameness, compare
from grader.formula.marking.explain import explain
from grader.formula.marking.judge import JudgedField, judge_formula, outcome_of
from grader.formula.marking.question import Comparing, KnownFormula
from grader.formula.marking.reading import formula_text, read_back
from grader.formula.parse import parse_formula
from grader.formula.points import Domain
from grader.formula.tree import Formula
from grader.kinds.numeric.question import NumericParams, wanted_formulas, wanted_table
from grader.kinds.numeric.reading import Entry, at_sizes, place, read_entries, slips_of
from grader.model.evidence import LOCATION, PROVED, Evidence
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback, Finding, Outcome, verdict_for
from grader.model.value import Items, Text, Value

NumericFacts: TypeAlias = dict[str, tuple[Entry, ...]]
"""The entries that were read, by field, row by row."""


EXAMPLE = "n_h*(n_in + 1)"
SEPARATOR = re.compile(r"[,;](?![^(]*\))")


class NumericEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows of numbers: what each entry is to the right one, and how many are right."""

    entries: Annotated[dict[str, list[Slip]], LOCATION]
    entries_right: Annotated[int, LOCATION]


def judge(
    params: NumericParams, answer: Answer
) -> Judgement[NumericFacts] | Judgement[tuple[JudgedField, ...]]:
    """Mark each entry by itself; each counts the same.

    Raises:
        Unreadable: If a field that was given has another shape, or an entry is no number.
    """
    if params.is_symbolic:
        return judge_formulas(params, answer)
    feedback: list[Feedback] = []
    credits: list[Fraction] = []
    read: NumericFacts = {}
    found: dict[str, list[Slip]] = {}
    for name, value in params.values.items():
        shape, wanted = wanted_table(value, name, params)
        if name not in answer.fields:
            credits += [Fraction(0)] * len(wanted)
            feedback.append(Feedback("missing-field", f"{name} is not given."))
            continue
        read[name] = read_entries(at_sizes(params, answer.fields[name]), shape, name)
        found[name] = slips_of(read[name], wanted, params.places)
        credits += map(credit_of, found[name])
        feedback += slip_feedback(found[name], [place(name, shape, i) for i in range(len(wanted))])
    fraction = sum(credits, Fraction(0)) / len(credits)
    outcome = Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=PROVED,
        feedback=tuple(feedback),
        evidence=(NumericEvidence(entries=found, entries_right=credits.count(Fraction(1))),),
    )
    return Judgement(outcome, read)


def judge_formulas(params: NumericParams, answer: Answer) -> Judgement[tuple[JudgedField, ...]]:
    """Mark each entry by itself; each counts the same.

    Raises:
        Unreadable: If no field that was given can be read.
    """
    fields: list[JudgedField] = []
    unreadable: list[Unreadable] = []
    for name, value in params.values.items():
        shape, wanted = wanted_formulas(params, value, name)
        entries = [place(name, shape, i) for i in range(len(wanted))]
        if name not in answer.fields:
            said = (Feedback("missing-field", f"{name} is not given."),)
            fields += [JudgedField(one, "missing", said if not i else ()) for i, one in enumerate(entries)]
            continue
        try:
            given = _entries(answer.fields[name], shape, name)
            fields += [
                _judged(params, one, text, right, is_alone=not shape)
                for one, text, right in zip(entries, given, wanted, strict=True)
            ]
        except Unreadable as error:
            reason = error if error.where else Unreadable(error.message, error.hint, name, error.code)
            unreadable.append(reason)
            failed = (Feedback(reason.code, str(reason)),)
            fields += [
                JudgedField(one, "unreadable", failed if not i else ()) for i, one in enumerate(entries)
            ]
    if unreadable and len(unreadable) == len(answer.fields):
        raise unreadable[0]
    return Judgement(outcome_of(fields), tuple(fields))


def _judged(params: NumericParams, name: str, text: str, right: Formula, *, is_alone: bool) -> JudgedField:
    given = parse_formula(text, params.names, side_by_side=is_alone)
    judged = judge_formula(_comparing(params), name, given, right, text)
    said = read_back(name, text, params.names, side_by_side=is_alone)
    return judged._replace(feedback=(*said, *judged.feedback))


def _entries(value: Value, shape: tuple[int, ...], name: str) -> list[str]:
    """The texts of the formulas in a field, row by row.

    Raises:
        Unreadable: If they are not so many as are asked.
    """
    if not shape:
        return [formula_text(value, name, EXAMPLE)]
    size = " x ".join(map(str, shape))
    for one in (value, *readings(value), _cut(value)):
        rows = _rows(one, shape)
        if len(shape) == 2 and len(rows) != shape[0]:
            continue
        cells = [list(row.items) if isinstance(row, Items) else [row] for row in rows]
        if all(len(row) == shape[-1] for row in cells):
            return [formula_text(cell, name, EXAMPLE) for row in cells for cell in row]
    raise Unreadable(f"{size} formulas were wanted", f'such as ["{EXAMPLE}", ...]', name, "shape")


def _rows(value: Value, shape: tuple[int, ...]) -> list[Value]:
    """The rows: a list alone is that of a vector or of a matrix with one row, in double brackets, too."""
    if not isinstance(value, Items):
        return [value] if len(shape) == 1 else []
    if len(shape) == 1:
        return list(value.items) if len(value.items) == 1 else [value]
    is_flat = not any(isinstance(one, Items) for one in value.items)
    return [value] if shape[0] == 1 and is_flat else list(value.items)


def _cut(value: Value) -> Value:
    """A text such as (n, 2*n) as the list of its parts."""
    if not isinstance(value, Text):
        return value
    plain = value.text.strip()
    if plain[:1] + plain[-1:] in ("()", "[]"):
        plain = plain[1:-1]
    return Items(tuple(Text(part.strip()) for part in SEPARATOR.split(plain)))


def explain_formulas(params: NumericParams, fields: Sequence[JudgedField]) -> Finding:
    """A counterexample for each wrong entry, and the declared mistakes that give it."""
    return explain(_comparing(params), fields)


def _comparing(params: NumericParams) -> Comparing:
    return Comparing(Domain(whole=frozenset(params.sizes)), known=lambda entry: _known(params, entry))


def _known(params: NumericParams, entry: str) -> Iterator[KnownFormula]:
    for mistake in params.mistakes:
        for name, value in mistake.values.items():
            shape, wanted = wanted_formulas(params, value, name)
            _, right = wanted_formulas(params, params.values[name], name)
            for i, formula in enumerate(wanted):
                is_other = compare(formula, right[i], Domain()).sameness is not Sameness.SAME
                if place(name, shape, i) == entry and is_other:
                    credit = Fraction(mistake.credit)
                    yield KnownFormula(mistake.id, mistake.message, formula, credit=credit)
