"""Sentences and numbers that reports share."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from fractions import Fraction

from grader.model.evidence import Basis
from grader.model.exercise import Exercise, Question
from grader.model.hints import HintTerms
from grader.model.outcome import Audience, Diagnosis, Feedback, Outcome, Verdict
from grader.model.report import QuestionReport, Report
from grader.model.run import Protection
from grader.model.share import half_up, points_text
from grader.model.text import counted, joined

UNDECIDED_MESSAGE = (
    "The grader could not decide this one. That is not counted as wrong: it stays open, and your instructor "
    "is asked to look at it."
)


@functools.lru_cache(maxsize=1024)
def percent_text(fraction: Fraction) -> str:
    """A share in whole percent, halves rounded up; 100 % means everything.

    Args:
        fraction: 0 to 1.
    """
    percent = half_up(fraction * 100)
    return f"{min(percent, 99) if fraction < 1 else percent} %"


def total_text(report: Report) -> str:
    """Points earned of those marked: "13.5 of 34 points", "8 of 10 points, 4 more are pending"."""
    text = f"{points_text(report.points)} of {points_text(report.marked_points)} points"
    waiting = report.pending_points
    are = "is" if waiting == 1 else "are"
    return f"{text}, {points_text(waiting)} more {are} pending" if waiting else text


def share_text(report: Report) -> str:
    """The share that goes with the total, " (40 %)"; empty where nothing is marked yet."""
    return f" ({percent_text(report.marked_fraction)})" if report.marked_points else ""


def earned_text(question: QuestionReport) -> str:
    """What a question earns: "2.5 / 4", "open / 4" where nothing is decided yet."""
    is_open = question.outcome.verdict in (Verdict.UNDECIDED, Verdict.PENDING)
    return f"{'open' if is_open else points_text(question.points)} / {points_text(question.max_points)}"


def basis_text(outcome: Outcome) -> str | None:
    """What a verdict rests on, as a report says it."""
    match outcome.basis:
        case None:
            return None
        case Basis(points=int(points), of="length"):
            return f"tested on all sequences of up to {counted(points, 'step')}"
        case Basis(points=int(points), of=unit):
            return "judged from the one curve" if unit == "curve" else f"tested on {counted(points, unit)}"
        case Basis(of="inputs"):
            return "proved for all inputs of all lengths"
        case _:
            return "decided exactly"


def verdict_counts(report: Report) -> str:
    """How many questions got which verdict: "2 correct, 1 partial"."""
    verdicts = [question.outcome.verdict for question in report.questions]
    return ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in Verdict if verdict in verdicts)


def _marker(report: Report) -> str:
    """Who marks the pending questions: where a key is withheld the course, which may do so by program."""
    waiting = (one.outcome for one in report.questions if one.outcome.verdict is Verdict.PENDING)
    return "your course" if any(one.is_withheld for one in waiting) else "a person"


def what_next(report: Report) -> str:
    """A sentence or two on what is solved and what to do next; empty for a report of one question."""
    if len(report.questions) < 2:
        return ""

    def ids(*verdicts: Verdict) -> list[str]:
        return [q.id for q in report.questions if q.outcome.verdict in verdicts]

    solved, absent, waiting = ids(Verdict.CORRECT), ids(Verdict.MISSING), ids(Verdict.PENDING)
    if len(waiting) == len(report.questions):
        return f"All {len(waiting)} questions are handed in; {_marker(report)} marks them."
    if len(solved) == len(report.questions):
        return f"All {len(solved)} questions are solved."
    start = f"{joined(solved)} {'is' if len(solved) == 1 else 'are'} solved." if solved else ""
    if waiting:
        wait = "waits" if len(waiting) == 1 else "wait"
        start = f"{start} {joined(waiting)} {wait} for {_marker(report)}'s mark.".strip()
    # The common notices come next in the report, and say what to do.
    if common_notices(report):
        return start
    if len(absent) == len(report.questions):
        return "No answer was found: each must have the name of its question."
    unread, wrong = ids(Verdict.INVALID), ids(Verdict.PARTIAL, Verdict.INCORRECT)
    steps = [f"mend what could not be read ({joined(unread)})"] if unread else []
    steps += [f"look at {joined(wrong)}"] if wrong else []
    steps += [f"hand in {joined(absent)}"] if absent else []
    return f"{start} Next, {joined(steps, ', and ')}.".strip() if steps else start


def addressed_to(audience: Audience, feedback: Iterable[Feedback]) -> tuple[Feedback, ...]:
    """The feedback for an audience; staff also get what students get.

    Args:
        audience: Who reads it.
        feedback: Of a question.
    """
    return tuple(one for one in feedback if audience in ("staff", one.audience))


def sentence(feedback: Feedback) -> str:
    """A piece of feedback as it stands in a report; what is for staff alone is marked as such."""
    return f"For staff: {feedback.message}" if feedback.audience == "staff" else feedback.message


def cause_text(diagnosis: Diagnosis) -> str:
    """A known mistake as it stands in a report."""
    return f"Likely cause: {diagnosis.message}"


def hints_given(question: QuestionReport, most: int) -> tuple[str, ...]:
    """The first hints of a question, as their author wrote them; none where it is solved.

    Args:
        question: The question.
        most: How many hints to give.
    """
    return () if question.outcome.verdict is Verdict.CORRECT else question.hints[:most]


def hint_texts(question: QuestionReport, most: int, *, is_ascii: bool = False) -> list[str]:
    """The first hints of a question, numbered, their formulas in one line; none where it is solved.

    Args:
        question: The question.
        most: How many hints to give.
        is_ascii: Whether formulas are shown without Unicode.
    """
    given = hints_given(question, most)
    if not given:
        return []
    from grader.mathematics.prose import readable

    return [
        f"Hint {number}: {readable(hint, is_ascii=is_ascii)}" for number, hint in enumerate(given, start=1)
    ]


def how_it_ran(protection: Protection) -> str:
    """How the student's code was isolated, in words."""
    known = {"no-code": "no code was run", "in-process": "run in your own program"}
    return known.get(protection.level, f"sandbox: {protection.level}")


def common_notices(report: Report) -> tuple[Feedback, ...]:
    """Feedback that every question that is not correct has, to be printed once.

    Args:
        report: The report; one with a single such question has no common notices.
    """
    unsolved = unsolved_questions(report)
    if len(unsolved) < 2:
        return ()
    first, *others = (addressed_to("student", question.outcome.feedback) for question in unsolved)
    return tuple(dict.fromkeys(one for one in first if all(one in other for other in others)))


def unsolved_questions(report: Report) -> tuple[QuestionReport, ...]:
    """The questions that are not correct and wait for nobody's mark."""
    settled = (Verdict.CORRECT, Verdict.PENDING)
    return tuple(q for q in report.questions if q.outcome.verdict not in settled)


def hints_there(question: Question) -> str:
    """How many hints a question has and how the first is seen; empty where it has none."""
    count = len(question.hints)
    if not count:
        return ""
    there = f"{counted(count, 'hint')}: submit with --hints 1 to see the first"
    if all(one.is_free for one in question.terms):
        return there
    each = [f"{number} {terms_text(one)}" for number, one in enumerate(question.terms, start=1)]
    return f"{counted(count, 'hint')}: rnngrade hint ANSWER {question.id} shows them; {', '.join(each)}"


def terms_text(terms: HintTerms) -> str:
    """On which terms a hint is shown: "is free", "comes after 2 attempts and costs 0.5 points"."""
    parts = [f"comes after {counted(terms.after, 'attempt')}"] if terms.after else []
    parts += [f"costs {cost_text(terms.cost)}"] if terms.cost else []
    return " and ".join(parts) or "is free"


def cost_text(cost: Fraction) -> str:
    """Points that a hint costs: "1 point", "0.5 points"."""
    return f"{points_text(cost)} {'point' if cost == 1 else 'points'}"


def time_limits(exercise: Exercise) -> str:
    """How long a student's code may run, in words for students."""
    limits = exercise.limits
    loading = (
        f"Time: running a file with code may take {limits.load_cpu_s:g} s of CPU, what stands under "
        'if __name__ == "__main__": included'
    )
    own = [one.call_cpu_s or limits.call_cpu_s for one in exercise.questions if one.asks.function]
    if not own:
        return f"{loading}."
    more = f", of some {max(own):g} s" if max(own) > min(own) else ""
    return f"{loading}; each call of a function {min(own):g} s{more}."
