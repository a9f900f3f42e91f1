"""What is told of the known mistakes that explain an answer."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from grader.model.evidence import Untyped
from grader.model.outcome import Diagnosis, Feedback, Finding
from grader.networks.misconception import Explanation

# More is no help to a person; the evidence names all.
MOST_NAMED = 4


def finding(explanations: Sequence[Explanation], credit: Fraction, earned: Fraction) -> Finding:
    """The explanations as diagnoses, and the credit.

    Args:
        explanations: At least one; none can be told from the others here.
        credit: The question's, given if every explanation earns it.
        earned: What the answer earns without it.
    """
    earns = all(mistake.earns_credit for one in explanations for mistake in one.mistakes)
    evidence = {
        "explanations": [[mistake.id for mistake in one.mistakes] for one in explanations],
        "slip_credit": str(credit if earns else Fraction(0)),
    }
    return Finding(
        diagnoses=tuple(Diagnosis(one.id, one.message) for one in explanations[:MOST_NAMED]),
        fraction=credit if earns else None,
        feedback=(
            *_consistent_with(explanations),
            *(_credited(explanations, credit) if earns and credit > earned else ()),
        ),
        evidence=(Untyped(table={"diagnosis": evidence}),),
    )


def _consistent_with(explanations: Sequence[Explanation]) -> tuple[Feedback, ...]:
    if len(explanations) == 1:
        return ()
    text = (
        f"Your answer is consistent with {len(explanations)} explanations, which this question cannot tell "
        f"apart. {'Look at each' if len(explanations) <= MOST_NAMED else f'{MOST_NAMED} of them are named'}."
    )
    return (Feedback("consistent-with", text),)


def _credited(explanations: Sequence[Explanation], credit: Fraction) -> tuple[Feedback, ...]:
    mistakes = "One mistake explains" if len(explanations[0].mistakes) == 1 else "Two mistakes explain"
    text = f"{mistakes} the whole answer: it earns {credit} of the points, not only what is right in it."
    return (Feedback("slip-credit", text),)
