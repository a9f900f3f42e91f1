"""Known mistakes in shapes."""

from __future__ import annotations

from grader.answers.shapes import read_shape
from grader.errors import Unreadable
from grader.kinds.shape.axes import ShapeParams
from grader.kinds.shape.sizes import diagnose_shapes
from grader.model.kind import Answer
from grader.model.outcome import Finding, Outcome


def diagnose_answer(params: ShapeParams, answer: Answer, outcome: Outcome) -> Finding:
    """The mistakes that explain the wrong shapes.

    Args:
        params: The question.
        answer: The shapes, as handed in.
        outcome: What was decided about them.
    """
    got = {}
    for name, value in answer.fields.items():
        try:
            got[name] = read_shape(value, name)
        except Unreadable:
            continue
    return Finding(diagnoses=diagnose_shapes(params, got))
