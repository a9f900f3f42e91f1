"""What a Moodle grading worksheet looks like in any language of the site.

Its header is in that language, its order is fixed: the participant, the full name, what else identifies a
user, the status, then the grade and, right behind it, the same maximum for everybody.

Source: moodle, mod/assign/gradingtable.php; the words from lang/*/assign.php, `hiddenuser`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# "Participant 12", "Teilnehmer/in12": a word in any language and the number.
IDENTIFIER = re.compile(r"(?P<word>\D*?)\s*(?P<id>[0-9]+)")
PARTICIPANT = (
    *("participant", "teilnehmer/in", "participante", "partecipante", "deelnemer", "deltagare", "deltaker"),
    *("deltager", "osallistuja", "uczestnik", "účastník", "участник", "учасник"),
    *("参与者", "参加者", "참가자"),
)
NUMBER = re.compile(r"\d{1,9}([.,]\d{1,9})?")
FIRST_GRADE_COLUMN = 1

Rows = Sequence[Sequence[str]]


def participant_number(text: str) -> str:
    """The number of a participant; "" where the cell names none.

    Args:
        text: Of the first cell of a row.
    """
    match = IDENTIFIER.fullmatch(text.strip())
    return match["id"] if match else ""


def is_worksheet(rows: Rows) -> bool:
    """Whether a class list is such a worksheet.

    Args:
        rows: Without the header and without empty rows.
    """
    matches = [IDENTIFIER.fullmatch(row[0].strip()) for row in rows if row]
    words = {match["word"].casefold() if match else "" for match in matches}
    if len(words) != 1 or not (word := words.pop()):
        return False
    return word in PARTICIPANT or bool(grade_columns(rows))


def grade_columns(rows: Rows) -> list[int]:
    """The columns that may hold grades: the next one has the same number in every row, none is above it.

    Args:
        rows: Without the header and without empty rows.
    """
    width = min(map(len, rows), default=0)
    return [at for at in range(FIRST_GRADE_COLUMN, width - 1) if _is_grade_beside_most(rows, at)]


def _is_grade_beside_most(rows: Rows, at: int) -> bool:
    most = {row[at + 1].strip() for row in rows}
    grades = [row[at].strip() for row in rows]
    if len(most) != 1 or not NUMBER.fullmatch(one := most.pop()) or _number(one) <= 0:
        return False
    given = [text for text in grades if text.strip("- ")]
    return all(NUMBER.fullmatch(text) and _number(text) <= _number(one) for text in given)


def _number(text: str) -> float:
    return float(text.replace(",", "."))
