"""Which entries of numbers, vectors and matrices are right."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, TypeAlias

from grader.answers.rounding import Slip, credit_of, slip_feedback
from grader.formula.marking.judge import JudgedField
from grader.kinds.numeric.formulas import judge_formulas
from grader.kinds.numeric.question import NumericParams, wanted_table
from grader.kinds.numeric.reading import Entry, at_sizes, place, read_entries, slips_of
from grader.model.evidence import LOCATION, PROVED, Evidence
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback, Outcome, verdict_for

NumericFacts: TypeAlias = dict[str, tuple[Entry, ...]]
"""The entries that were read, by field, row by row."""


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
