"""Wrong numbers compared with what the mistakes declared in the exercise file give."""

from __future__ import annotations

from grader.answers.rounding import credit_of
from grader.formula.marking.judge import JudgedField
from grader.kinds.numeric.judge import NumericFacts, explain_formulas
from grader.kinds.numeric.question import NumericMistake, NumericParams, wanted_table
from grader.kinds.numeric.reading import slips_of
from grader.model.outcome import Diagnosis, Finding


def diagnose(params: NumericParams, read: NumericFacts | tuple[JudgedField, ...]) -> Finding:
    """The declared mistakes that give every number; more than one where they give the same.

    Args:
        params: The question.
        read: The entries that the judge read; of formulas what it decided.
    """
    if isinstance(read, tuple):
        return explain_formulas(params, read)
    found = [mistake for mistake in params.mistakes if _explains(params, mistake, read)]
    if not found:
        return Finding()
    starts = ("", *["Or, which gives the same here: "] * (len(found) - 1))
    return Finding(
        diagnoses=tuple(
            Diagnosis(mistake.id, start + mistake.message)
            for mistake, start in zip(found, starts, strict=True)
        ),
        fraction=min(mistake.credit for mistake in found),
    )


def _explains(params: NumericParams, mistake: NumericMistake, read: NumericFacts) -> bool:
    """Whether a mistake gives every number of an answer, by the rule for right ones."""
    for name, value in {**params.values, **mistake.values}.items():
        if name not in read:
            return False
        _, given = wanted_table(value, name, params)
        if any(credit_of(slip) < 1 for slip in slips_of(read[name], given, params.places)):
            return False
    return True
