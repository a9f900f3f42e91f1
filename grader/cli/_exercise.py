"""Loading exercises for commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.cli._group import nearest

if TYPE_CHECKING:
    from grader.model.exercise import Exercise, Question


def load(name: str) -> Exercise:
    """An exercise with its checks.

    Args:
        name: Id of an installed exercise, or path of a .toml file.

    Raises:
        SpecError: If there is none, or its file is broken.
    """
    from grader import kinds as checks
    from grader import specs

    found = specs.find_exercise(name)
    kinds = specs.Kinds(checks.kind_names(), checks.find_kind)
    return specs.load_exercise(found.path, kinds, shown_as=found.shown_as)


def find_question(exercise: Exercise, question_id: str) -> Question:
    """A question by its id, or by its label on the sheet.

    Args:
        exercise: Where to look.
        question_id: As typed.

    Raises:
        SpecError: If there is none; offers the nearest.
    """
    from grader.errors import SpecError

    for question in exercise.questions:
        if question_id in (question.id, question.label):
            return question
    ids = [question.id for question in exercise.questions]
    near = nearest(question_id, ids) or f" (its questions are {', '.join(ids)})"
    raise SpecError(f"{exercise.id} has no question {question_id!r}{near}")
