"""Numbers, vectors and matrices: exact, or to so many decimal places, entry by entry."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from grader.answers.rounding import credit_of, told
from grader.kinds.numeric.question import NumericParams, place, slips_of, wanted_table
from grader.model.evidence import PROVED, Untyped
from grader.model.kind import Answer, Asks, Kind, KindExample
from grader.model.outcome import Feedback, Outcome, verdict_for


def asks(params: NumericParams) -> Asks:
    """One field for each value."""
    return Asks(fields=tuple(params.values))


def judge(params: NumericParams, answer: Answer) -> Outcome:
    """Mark each entry by itself; each counts the same."""
    feedback: list[Feedback] = []
    evidence: dict[str, Any] = {}
    credits: list[Fraction] = []
    for name, value in params.values.items():
        shape, wanted = wanted_table(value, name)
        if name not in answer.fields:
            credits += [Fraction(0)] * len(wanted)
            feedback.append(Feedback("missing-field", f"{name} is not given."))
            continue
        slips = slips_of(answer.fields[name], shape, wanted, params.places, name)
        credits += [credit_of(slip) for slip in slips]
        feedback += told(slips, [place(name, shape, i) for i in range(len(wanted))])
        evidence[name] = [slip.value for slip in slips]
    fraction = sum(credits, Fraction(0)) / len(credits)
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=PROVED,
        feedback=tuple(feedback),
        evidence=(
            Untyped(table={"entries": evidence, "entries_right": sum(credit == 1 for credit in credits)}),
        ),
    )


EXACT = {"values": {"g": [6, "1/3"]}}
FORGOTTEN = {
    **EXACT,
    "mistakes": [{"id": "start-forgotten", "values": {"g": [2, "1/3"]}, "message": "s0 is forgotten."}],
}
ROUNDED = {"values": {"y": "0.270726"}, "places": 2}

CHECK = Kind(
    params=NumericParams,
    asks=asks,
    judge=judge,
    examples=(
        KindExample("A list, a third as text", EXACT, "q = dict(g=[6, '1/3'])", "correct"),
        KindExample("A column of computed numbers", EXACT, "q = dict(g=[[6.0], [1 / 3]])", "correct"),
        KindExample(
            "Fractions",
            EXACT,
            "from fractions import Fraction as F\nq = dict(g=(F(12, 2), F(1, 3)))",
            "correct",
        ),
        KindExample("Two places", ROUNDED, "q = dict(y=0.27)", "correct"),
        KindExample("More places than asked", ROUNDED, "q = dict(y='.2707')", "correct"),
        KindExample("One entry wrong", EXACT, "q = dict(g=[5, '1/3'])", "partial", code="wrong"),
        KindExample("A declared mistake", FORGOTTEN, "q = dict(g=[2, '1/3'])", "partial", code="wrong"),
        KindExample("A sign", EXACT, "q = dict(g=[-6, '1/3'])", "partial", code="sign"),
        KindExample("Too coarse for an exact value", EXACT, "q = dict(g=[6, 0.33])", "partial", code="wrong"),
        KindExample("Off by one", ROUNDED, "q = dict(y=0.28)", "partial", code="off-by-one"),
        KindExample("Too few places", ROUNDED, "q = dict(y=0.3)", "incorrect", code="too-few-places"),
        KindExample("A percentage", ROUNDED, "q = dict(y=27)", "incorrect", code="percent"),
        KindExample("A decimal comma", ROUNDED, "q = dict(y='0,27')", "correct"),
        KindExample("A column as in MATLAB", EXACT, "q = dict(g='[6; 1/3]')", "correct"),
        KindExample(
            "Decimals or thousands",
            {"values": {"y": "1.234"}},
            "q = dict(y='1,234')",
            "incorrect",
            code="comma-decimal",
        ),
        KindExample("Not a number", ROUNDED, "q = dict(y=float('nan'))", "invalid"),
        KindExample("Too many numbers", EXACT, "q = dict(g=[6, '1/3', 6])", "invalid"),
    ),
)
