"""All that a student has answered so far, as the controls hold it and as the bytes that are marked.

Questions are submitted one by one, and a mark is one of the whole exercise: each hand-in is the paper as it
stands then, what was typed and the file that was uploaded for the whole exercise before that. Where both
answer a question, what was typed counts. Code that was typed for a question answers that one alone: what else
stands in it would be a try at another that nobody counts.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from grader.gradebook.kept_files import submission
from grader.model.exercise import Exercise
from grader.model.submission import AnswerFile, Submission
from grader.sandbox.inside.caps import TYPED
from grader.serve.controls import CODE
from grader.serve.tables import HAND_INS, of_person
from grader.serve.typed_answers import answer_of
from grader.submissions import build_submission

ANSWERS = "answers.json"


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """What a student has answered.

    Args:
        typed: By question and control, as it was typed.
        uploaded: Names of the files that were uploaded for the whole exercise.
    """

    typed: dict[str, dict[str, str]] = {}
    uploaded: tuple[str, ...] = ()

    def with_question(self, question: str, typed: dict[str, str]) -> Paper:
        """The paper with one question answered anew."""
        return msgspec.structs.replace(self, typed={**self.typed, question: typed})

    @property
    def text(self) -> str:
        """As it is kept."""
        return msgspec.json.encode(self).decode()


def read_paper(text: str) -> Paper:
    """A paper as it was kept."""
    return msgspec.json.decode(text, type=Paper)


def paper_so_far(connection: Connection, student: str, exercise: str) -> tuple[Paper, tuple[AnswerFile, ...]]:
    """What a student had handed in last, and the files among it that were uploaded."""
    of_student = select(HAND_INS).where(of_person(HAND_INS, student, exercise))
    last = connection.execute(of_student.order_by(HAND_INS.c.id.desc()).limit(1)).first()
    if last is None:
        return Paper(), ()
    paper = read_paper(last.typed)
    if not paper.uploaded:
        return paper, ()
    files = submission(connection, last.submission, student).files
    return paper, tuple(file for file in files if file.name in paper.uploaded)


def submission_of(
    paper: Paper, exercise: Exercise, student: str, uploaded: tuple[AnswerFile, ...] = ()
) -> Submission:
    """The bytes that are marked."""
    questions = {one.id: one for one in exercise.questions}
    said = {"exercise": exercise.id, **({"variant": exercise.variant} if exercise.variant else {})}
    answers: dict[str, Any] = dict(said)
    code = []
    for name, typed in paper.typed.items():
        if (question := questions.get(name)) is None:
            continue
        if question.asks.function is not None:
            code.append(AnswerFile(f"{name}{TYPED}", typed.get(CODE, "").encode()))
        elif given := answer_of(question, typed):
            answers[name] = given
    files = [*code, *uploaded]
    if len(answers) > len(said) or not files:
        files.insert(0, AnswerFile(ANSWERS, json.dumps(answers, ensure_ascii=False).encode()))
    return build_submission(student, files)
