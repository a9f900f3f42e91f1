"""What `rnngrade author audit` says of one question."""

from __future__ import annotations

from collections.abc import Iterator

from grader.cli._text import count
from grader.grading.audit import Audit
from grader.model.exercise import Question


def audit_lines(question: Question, found: Audit) -> Iterator[str]:
    """A line that names the question, and a line for each thing that is known of its mistakes.

    Args:
        question: The question.
        found: What is known.
    """
    examples = f"{count(found.right, 'right example')}, {found.wrong} wrong"
    yield f"{question.label}  {question.id} ({question.kind}): {examples}"
    if found.named:
        yield f"  its examples are told: {', '.join(found.named)}"
    if found.wrong and not found.nameless:
        yield "  every wrong example is told a known mistake"
    for one in found.nameless:
        instead = f"; it is told {', '.join(one.codes)}" if one.codes else ""
        yield f"  no known mistake explains: {one.title}{instead}"
    if found.untried:
        yield f"  no example shows, though declared: {', '.join(found.untried)}"
    if found.hidden is not None:
        yield f"  its own numbers are held against {count(len(found.hidden.alike), 'known mistake')}"
        for group in found.hidden.groups:
            yield f"  cannot be told apart: {', '.join(group)}"
        if found.hidden.invisible:
            yield f"  cannot be seen: {', '.join(found.hidden.invisible)}"
        if not found.hidden.groups and not found.hidden.invisible:
            yield "  each is told from every other"
