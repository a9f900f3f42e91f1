"""Words and numbers that reports share."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from grader.model.outcome import Audience, Feedback, Outcome, Verdict
from grader.model.report import QuestionReport, Report

UNDECIDED_WORDS = (
    "The grader could not decide this one. That is not counted as wrong: it stays open, and your instructor "
    "is asked to look at it."
)


def points_text(points: Fraction, places: int = 3) -> str:
    """Points as people write them: "4", "2.5", "3.333"; halves are rounded up.

    Args:
        points: Exact.
        places: Decimals at most; with three, rounded parts are not seen to contradict their total.
    """
    whole, rest = divmod(abs(_half_up(points * 10**places)), 10**places)
    decimals = f"{rest:0{places}}".rstrip("0")
    sign = "-" if points < 0 and (whole or rest) else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def percent_text(fraction: Fraction) -> str:
    """A share in whole percent, halves rounded up; 100 % means everything.

    Args:
        fraction: 0 to 1.
    """
    percent = _half_up(fraction * 100)
    return f"{min(percent, 99) if fraction < 1 else percent} %"


def _half_up(number: Fraction) -> int:
    return math.floor(number + Fraction(1, 2))


def basis_text(outcome: Outcome) -> str | None:
    """What a verdict rests on, in words.

    Args:
        outcome: What was decided.
    """
    # Only the decision about a linear network knows how many steps settle all lengths.
    is_linear = "deciding_steps" in outcome.evidence
    if outcome.basis == "proved":
        return "proved for all inputs of all lengths" if is_linear else "decided exactly"
    number = (outcome.basis or "").removeprefix("tested on ")
    if not number.isdigit():
        return outcome.basis
    if "every" in outcome.evidence:
        return "judged from the one curve"
    unit = "step" if is_linear else "instance"
    return f"tested on {number} {unit}{'' if number == '1' else 's'}"


def verdict_counts(report: Report) -> str:
    """How many questions got which verdict: "2 correct, 1 partial".

    Args:
        report: The report.
    """
    verdicts = [question.outcome.verdict for question in report.questions]
    return ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in Verdict if verdict in verdicts)


def told_to(audience: Audience, feedback: Iterable[Feedback]) -> tuple[Feedback, ...]:
    """What of the feedback is for an audience; staff read what students do, too.

    Args:
        audience: Who reads it.
        feedback: All of it.
    """
    return tuple(one for one in feedback if audience in ("staff", one.audience))


def sentence(feedback: Feedback) -> str:
    """A piece of feedback as it stands in a report; what students are not told is marked as such.

    Args:
        feedback: The feedback.
    """
    return f"For staff: {feedback.message}" if feedback.audience == "staff" else feedback.message


def common_notices(report: Report) -> tuple[Feedback, ...]:
    """What is said of every question that is not correct, to be said once.

    Args:
        report: The report; one with a single such question has no common notices.
    """
    unsolved = unsolved_questions(report)
    if len(unsolved) < 2:
        return ()
    said = [told_to("student", question.outcome.feedback) for question in unsolved]
    return tuple(dict.fromkeys(one for one in said[0] if all(one in others for others in said[1:])))


def unsolved_questions(report: Report) -> tuple[QuestionReport, ...]:
    """The questions whose verdict is not correct.

    Args:
        report: The report.
    """
    return tuple(q for q in report.questions if q.outcome.verdict is not Verdict.CORRECT)
