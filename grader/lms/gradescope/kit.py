"""Gradescope's kit: the autograder that `rnngrade export gradescope` makes."""

from __future__ import annotations

from grader.lms.gradescope.autograder import AutograderContents, build
from grader.lms.kit import Kit, KitContents


def _files(contents: KitContents) -> dict[str, bytes]:
    asked = AutograderContents(
        contents.exercise.id, contents.wheel, contents.question, contents.hints, contents.exercise_file
    )
    return {"autograder.zip": build(asked), "answer.py": contents.template.encode()}


KITS = (
    Kit(
        command="gradescope",
        help="Write an autograder to upload, as `rnngrade export gradescope` does, and an answer to fill in.",
        files=_files,
        next_step="upload autograder.zip under Configure Autograder, it is for staff only; "
        "answer.py is for students",
    ),
)
