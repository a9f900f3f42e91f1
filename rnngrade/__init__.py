"""The way into rnngrade under the one name that is its own: the command, and four names for Python.

>>> import rnngrade
>>> exercise = rnngrade.load("mit-6390-recitation-8")
>>> report = rnngrade.grade({"a_ii": {"g1": [3, 3, 3, 3]}}, exercise, question="a_ii")
>>> report.questions["a_ii"].verdict, report.points, report.max_points
('incorrect', Fraction(0, 1), Fraction(4, 1))

In a notebook `rnngrade.check("a_ii")` marks what stands under the question's names there. A file's code runs
in the sandbox: `rnngrade.grade("answer.py")`.

`grader` is a name that a folder beside a student's answer, or on PYTHONPATH, may have as well.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.api.marking import AnswerPath
    from grader.api.report import Question, Report
    from grader.model.exercise import Exercise

FEW_COLLECTIONS = 200_000
"""New objects after which the collector looks; twice what marking one answer makes, imports and all."""

__all__ = ["Exercise", "Question", "Report", "check", "grade", "load", "main"]


def load(exercise: str) -> Exercise:
    """An exercise with its questions.

    >>> [question.id for question in load("rnn-by-formula").questions][:2]
    ['unroll', 'slope']

    Args:
        exercise: An id from `rnngrade list`, or the path of a .toml file.

    Raises:
        SpecError: If there is none, or its file is broken.
    """
    load_own()
    from grader.api import marking

    return marking.load(exercise)


def grade(
    answer: AnswerPath | Mapping[str, Any],
    exercise: str | Exercise | None = None,
    *,
    question: str | None = None,
    student: str | None = None,
) -> Report:
    """Mark an answer.

    Args:
        answer: A .py, .ipynb, .json or .npz file, or a folder of them: its code runs in the sandbox. Or names
            and what they stand for, from this program: their functions are called right here.
        exercise: Its id, its file, or what `load` gave; may be left out where a file says it.
        question: Mark this one alone.
        student: Who handed it in; the file's name if left out.

    Raises:
        GraderError: If the exercise or the answer cannot be found or read; says what to do.
    """
    load_own()
    from grader.api import marking

    return marking.grade(answer, exercise, question=question, student=student)


def check(question: str, answer: object = None, exercise: str | Exercise | None = None) -> Report:
    """Mark one question, of a notebook or of any running program.

    >>> g1 = [3, 3, 3, 3]
    >>> check("a_ii").fraction
    Fraction(0, 1)
    >>> check("a_ii", [3, 3]).questions["a_ii"].verdict
    'invalid'

    Args:
        question: Its id.
        answer: What is handed in for it; if left out, what stands under its names where `check` is called.
        exercise: Its id, its file, or what `load` gave; if left out, what `EXERCISE` names there, else the
            one exercise that has such a question.

    Raises:
        SpecError: If it cannot be told which exercise is meant, or it has no such question.
    """
    load_own()
    from grader.api import marking

    frame = sys._getframe(1)
    names: dict[str, Any] = {**frame.f_globals, **frame.f_locals}
    if answer is not None:
        names = {key: names[key] for key in ("EXERCISE", "__name__") if key in names} | {question: answer}
    return marking.check(question, names, exercise)


def __getattr__(name: str) -> Any:
    """The types of the API, found when they are asked for: importing rnngrade costs nothing."""
    homes = {
        "Exercise": "grader.model.exercise",
        "Report": "grader.api.report",
        "Question": "grader.api.report",
    }
    if name not in homes:
        raise AttributeError(f"module 'rnngrade' has no attribute {name!r}")
    load_own()
    import importlib

    return getattr(importlib.import_module(homes[name]), name)


def load_own() -> None:
    """Import `grader` from beside this package, whatever of that name stands first on the path."""
    beside = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.insert(0, beside)
    try:
        import grader  # noqa: F401 - it finds what belongs to it by itself
    finally:
        sys.path.remove(beside)


def main() -> int:
    """Run the command line; the exit code."""
    import gc

    # Threads of BLAS pay for large matrices, and here there are none; starting them takes as long as numpy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What a command loads stays to its end: looking through it for what could be freed finds nothing.
    gc.set_threshold(FEW_COLLECTIONS)
    load_own()
    from grader.cli import main as run

    try:
        return run()
    finally:
        gc.freeze()
