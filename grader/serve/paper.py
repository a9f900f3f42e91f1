"""All that a student has answered so far: as the controls hold it, as answers, as the bytes that are marked.

Questions are submitted one by one, and a mark is one of the whole exercise: each hand-in is the paper as it
stands then, what was typed and the file that was uploaded for the whole exercise before that. Where both
answer a question, what was typed counts. Code that was typed for a question answers that one alone: what else
stands in it would be a try at another that nobody counts.
"""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from grader.answers.number_texts import number_alone, without_types
from grader.gradebook.kept_files import submission
from grader.model.control import Control, GridControl, Line, Pick, PickEach
from grader.model.exercise import Exercise, Question
from grader.model.submission import AnswerFile, Submission
from grader.sandbox.host.json_answers import read_json
from grader.sandbox.inside.caps import TYPED
from grader.serve.controls import BETWEEN, CODE, NOTHING_PICKED, Typed, controls_of, skeleton
from grader.serve.tables import HAND_INS, of_person
from grader.submissions import build_submission

ANSWERS = "answers.json"

# Of what Python prints: array([1., 2.], dtype=float32), (2,), 1., True.
ARRAY = re.compile(r"\b(?:array|tensor)\(([^()]*?)(?:,\s{0,99}(?:dtype|device|requires_grad)=[^()\[\]]*)?\)")
BRACKETS = str.maketrans("()", "[]")
LAST_COMMA = re.compile(r",(?=\s{0,99}[\]}])")
POINT_AT_THE_END = re.compile(r"(?<=\d)\.(?=[\s,\]}])")
POINT_IN_FRONT = re.compile(r"(?<![\d.])\.(?=\d)")
BARE_KEY = re.compile(r"([{,]\s{0,99})(\w{1,60})(?=\s{0,99}:)")
# 1 000 for a thousand.
THOUSANDS = re.compile(r"[-+\u2212]?\d{1,3}(?:[\u0020\u00a0\u202f'\u2019]\d{3})+(?:[.,]\d+)?")
WORDS_OF_JSON = {"True": "true", "False": "false", "None": "null"}
WORD = re.compile(r"\b(?:True|False|None)\b")


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
        """The paper as it is kept, in JSON."""
        return msgspec.json.encode(self).decode()


def read_paper(text: str) -> Paper:
    """A paper as it was kept."""
    return msgspec.json.decode(text, type=Paper)


def paper_so_far(connection: Connection, student: str, exercise: str) -> tuple[Paper, tuple[AnswerFile, ...]]:
    """The student's last paper, and the uploaded files in it."""
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
    """The submission that a paper is marked as: answers, code and uploaded files."""
    questions = {one.id: one for one in exercise.questions}
    header = {"exercise": exercise.id, **({"variant": exercise.variant} if exercise.variant else {})}
    answers: dict[str, Any] = dict(header)
    code = []
    for name, typed in paper.typed.items():
        if (question := questions.get(name)) is None:
            continue
        if question.asks.function is not None:
            code.append(AnswerFile(f"{name}{TYPED}", typed.get(CODE, "").encode()))
        elif fields := answer_of(question, typed):
            answers[name] = fields
    files = [*code, *uploaded]
    if len(answers) > len(header) or not files:
        files.insert(0, AnswerFile(ANSWERS, json.dumps(answers, ensure_ascii=False).encode()))
    return build_submission(student, files)


def is_nothing(question: Question, typed: Typed) -> bool:
    """Whether nothing was answered: every field is empty, or the code is as it stood there."""
    if question.asks.function is not None:
        return typed.get(CODE, "").strip() in ("", skeleton(question).strip())
    return not answer_of(question, typed)


def answer_of(question: Question, typed: Typed) -> dict[str, Any]:
    """The fields of an answer, as JSON has them; what was left empty is not there."""
    given = {name: _value(name, control, typed) for name, control in controls_of(question).items()}
    return {name: value for name, value in given.items() if value is not None}


def _value(name: str, control: Control, typed: Typed) -> Any:
    match control:
        case GridControl():
            return _table(name, control, typed)
        case Pick():
            picked = [one for one in typed.get(name, "").split(BETWEEN) if one]
            if not picked:
                return None
            return picked[0] if control.is_one else [one for one in picked if one != NOTHING_PICKED]
        case PickEach():
            each = {place: typed.get(f"{name}.{place}", "") for place in control.places}
            if not any(each.values()):
                return None
            return list(each.values()) if control.is_list else {key: one for key, one in each.items() if one}
        case Line():
            text = typed.get(name, "")
            return _cell_text(text) if THOUSANDS.fullmatch(text.strip()) else _text(text)
        case _:
            return _text(typed.get(name, ""))


def _table(name: str, grid: GridControl, typed: Typed) -> Any:
    """Rows of texts; what was pasted whole into the first cell is read as any text is."""
    rows = [
        [typed.get(f"{name}.{row}.{column}", "").strip() for column in range(grid.columns or 1)]
        for row in range(grid.rows)
    ]
    filled = [cell for row in rows for cell in row if cell]
    if not filled:
        return None
    if filled == [rows[0][0]] and grid.rows * (grid.columns or 1) > 1:
        return _text(filled[0])
    rows = [[_cell_text(cell) for cell in row] for row in rows]
    return rows if grid.columns else [row[0] for row in rows]


def _text(text: str) -> Any:
    """The list or table that a text is in JSON or Python; else the text as it is.

    A list that would make the whole file, and so all other answers, unreadable stays a text, too.
    """
    if text.lstrip().startswith(("[", "{")):
        # Numbers alone are left to the reader of answers: it keeps all digits.
        is_python = text.lstrip().startswith("{") or "'" in text
        for written in (text, _as_json(text)) if is_python else (text,):
            with contextlib.suppress(ValueError, RecursionError):
                value = json.loads(written)
                # As deep as it will stand: a question holds fields.
                if read_json("", json.dumps({"of": {"field": value}}).encode(), ["of"])[1] is None:
                    return value
    return text.strip() or None


def _cell_text(text: str) -> str:
    """A text in the place of one number, without the spaces between its thousands."""
    plain = number_alone(text)
    return re.sub(r"[^\d.,+\u2212-]", "", plain) if THOUSANDS.fullmatch(plain) else plain


def _as_json(text: str) -> str:
    """JSON of a list or dict that Python printed; where that cannot be done, a text that is no JSON."""
    plain = ARRAY.sub(r"\1", without_types(text)).replace("'", '"').translate(BRACKETS)
    plain = BARE_KEY.sub(r'\1"\2"', plain)
    plain = POINT_IN_FRONT.sub("0.", POINT_AT_THE_END.sub(".0", LAST_COMMA.sub("", plain)))
    return WORD.sub(lambda found: WORDS_OF_JSON[found[0]], plain)
