"""A hand-made report with every verdict and every kind of evidence."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from grader.model.evidence import PROVED, PROVED_FOR_ALL_INPUTS, RecordedFacts, tried_on
from grader.model.outcome import Diagnosis, Feedback, Outcome, Verdict
from grader.model.report import QuestionReport, Report
from grader.model.run import Protection, Usage

LINEAR: dict[str, Any] = {
    "deciding_steps": 5,
    "counterexample": {
        "inputs": [[1, 0, 0], [0, "1/3", 0]],
        "expected": [[1, 0, 0, 1], [0, 0, 0, "4/3"]],
        "got": [[1, 0, 0, 1], [0, 0, 0, "1/3"]],
        "first_wrong_step": 2,
        "first_wrong_row": 4,
    },
}
FUNCTION: dict[str, Any] = {
    "counterexample": {
        "inputs": {"x": [[0.5]], "W": [[1.0]]},
        "expected": [[0.123456789012]],
        "got": [[0.123456789099]],
        "first_wrong_step": 1,
    }
}


def question(name: str, verdict: Verdict, fraction: str = "0", *messages: str, **more: Any) -> QuestionReport:
    hints = more.pop("hints", ())
    if "evidence" in more:
        more["evidence"] = (RecordedFacts(plain=more["evidence"]),)
    feedback = tuple(Feedback(message.split()[0].lower(), message) for message in messages)
    return QuestionReport(
        id=name,
        label=f"1({name})",
        max_points=Fraction(4),
        outcome=Outcome(verdict=verdict, fraction=Fraction(fraction), feedback=feedback, **more),
        hints=hints,
    )


def report(*questions: QuestionReport, **more: Any) -> Report:
    return Report(
        exercise="sums",
        exercise_digest="sha256:1",
        student=more.pop("student", "ada"),
        submission_digest="sha256:2",
        grader_version="0.1.0",
        seed=7,
        questions=questions,
        protection=Protection(level="limits", layers=("rlimit",)),
        usage=Usage(cpu_s=0.1234567, wall_s=0.5, max_rss_mib=30.0),
        title="Running sums",
        **more,
    )


def everything() -> Report:
    staff = Feedback("crash", "staff only: /srv/secret.py line 3", "staff")
    undecided = Outcome(verdict=Verdict.UNDECIDED, fraction=Fraction(0), feedback=(staff,))
    return report(
        question("a", Verdict.CORRECT, "1", "Accepted as it stands.", basis=PROVED),
        question(
            "b",
            Verdict.PARTIAL,
            "1/3",
            "Output 4 is not the sum.",
            basis=PROVED_FOR_ALL_INPUTS,
            evidence=LINEAR,
            diagnoses=(Diagnosis("leaky", "the sum forgets"),),
            hints=("What must a sum keep?", "A state that is added to itself."),
        ),
        question(
            "c", Verdict.INCORRECT, "0", "y differs.", basis=tried_on(12), evidence=FUNCTION, hints=("x",)
        ),
        question("d", Verdict.MISSING, "0", "Nothing was handed in for d."),
        question("e", Verdict.INVALID, "0", "W is ragged."),
        question("f", Verdict.SKIPPED, "0", "Builds on 1(b)."),
        QuestionReport(id="g", label="1(g)", max_points=Fraction(5, 2), outcome=undecided),
        output="hello\nworld\n",
    )


def waiting() -> Report:
    """A question that is right, one that is wrong, and one of words, 4 points each."""
    words = Feedback("in-words", "The gate forgets.", "staff")
    handed_in = Feedback("handed-in", "Handed in: 3 words. A person marks this.", level="verdict")
    pending = Outcome(verdict=Verdict.PENDING, fraction=Fraction(0), feedback=(handed_in, words))
    return report(
        question("a", Verdict.CORRECT, "1"),
        question("b", Verdict.INCORRECT, "0", "y differs."),
        QuestionReport(id="c", label="1(c)", max_points=Fraction(4), outcome=pending),
    )
