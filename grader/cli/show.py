"""`rnngrade show EXERCISE [QUESTION]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.model.exercise import Exercise, Question

WIDEST = 100


@click.command()
@click.argument("exercise")
@click.argument("question", required=False)
def command(exercise: str, question: str | None) -> None:
    """Show an exercise, or one QUESTION of it.

    EXERCISE is an id from `rnngrade list` or the path of a .toml file.
    """
    from grader.cli import _exercise, _output

    width = min(_output.width(), WIDEST)
    loaded = _exercise.load(exercise)
    chosen = [_exercise.find_question(loaded, question)] if question else loaded.questions
    lines = heading(loaded, width, in_full=question is None)
    for one in chosen:
        lines += ["", *question_lines(one, width)]
    _output.show("\n".join(lines) + "\n")


def heading(exercise: Exercise, width: int, *, in_full: bool) -> list[str]:
    """What stands above the questions.

    Args:
        exercise: The exercise.
        width: Columns.
        in_full: With the notation, the source and the errata.
    """
    from grader.cli._text import count, wrapped
    from grader.reports.wording import points_text

    lines = [f"{exercise.title} ({exercise.id})"]
    if in_full:
        points = f"{count(len(exercise.questions), 'question')}, {points_text(exercise.max_points)} points"
        lines += [points, *wrapped(f"Source: {exercise.source}", width)]
    if exercise.introduction:
        lines += ["", *wrapped(exercise.introduction, width)]
    if in_full:
        lines += _errata(exercise.errata, width, "")
        lines += ["", *wrapped(time_limits(exercise), width)]
    return lines


def time_limits(exercise: Exercise) -> str:
    """How long a student's code may run, in words for students.

    Args:
        exercise: The exercise.
    """
    limits = exercise.limits
    words = (
        f"Time: running a file with code may take {limits.load_cpu_s:g} s of CPU, what stands under "
        'if __name__ == "__main__": included'
    )
    own = [one.call_cpu_s or limits.call_cpu_s for one in exercise.questions if one.asks.function]
    if not own:
        return f"{words}."
    more = f", of some {max(own):g} s" if max(own) > min(own) else ""
    return f"{words}; each call of a function {min(own):g} s{more}."


def question_lines(question: Question, width: int) -> list[str]:
    """A question as a student reads it; nothing of its check's key.

    Args:
        question: The question.
        width: Columns.
    """
    from grader.cli._text import wrapped
    from grader.reports.wording import points_text

    unit = "point" if question.points == 1 else "points"
    lines = [f"{question.label}  {question.id}  {points_text(question.points)} {unit}"]
    lines += wrapped(question.prompt, width, "  ")
    if question.signature:
        lines += ["", f"  def {question.signature}"]
    if question.fields:
        lines += ["", "  Hand in:"]
        longest = max(map(len, question.fields))
        for name, meaning in question.fields.items():
            is_silent = name in question.asks.optional and "optional" not in meaning
            also = " (optional)" if is_silent else ""
            first, *rest = wrapped(meaning + also, width - longest - 6) or [""]
            lines.append(f"    {name:{longest}}  {first}")
            lines += [f"    {'':{longest}}  {line}" for line in rest]
    lines += _errata(question.errata, width, "  ")
    if question.hints:
        count = len(question.hints)
        lines += [
            "",
            f"  {count} {'hint' if count == 1 else 'hints'}: submit with --hints 1 to see the first",
        ]
    return lines


def _errata(errata: tuple[str, ...], width: int, indent: str) -> list[str]:
    from grader.cli._text import wrapped

    lines: list[str] = []
    for erratum in errata:
        lines += ["", *wrapped(f"On the printed sheet: {erratum}", width, indent)]
    return lines
