"""The answer to a question, made from what was typed into its controls."""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any

from grader.answers.number_texts import number_alone, without_types
from grader.model.control import Control, GridControl, Line, Pick, PickEach
from grader.model.exercise import Question
from grader.sandbox.host.json_answers import read_json
from grader.serve.controls import BETWEEN, CODE, NOTHING_PICKED, Typed, controls_of, skeleton

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
    """Lists and tables as JSON or Python write them are such; everything else is the text that it is.

    So is what would make the whole file unreadable, and with it the answers to all other questions.
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
    """What stands in the place of one number: there a space cannot part two."""
    plain = number_alone(text)
    return re.sub(r"[^\d.,+\u2212-]", "", plain) if THOUSANDS.fullmatch(plain) else plain


def _as_json(text: str) -> str:
    """A list or dict as Python prints it, as JSON has it; what it cannot make JSON of comes out as none."""
    plain = ARRAY.sub(r"\1", without_types(text)).replace("'", '"').translate(BRACKETS)
    plain = BARE_KEY.sub(r'\1"\2"', plain)
    plain = POINT_IN_FRONT.sub("0.", POINT_AT_THE_END.sub(".0", LAST_COMMA.sub("", plain)))
    return WORD.sub(lambda found: WORDS_OF_JSON[found[0]], plain)
