"""A grade goes to the row of its student or nowhere, and what a teacher typed stands.

Canvas, lib/gradebook_importer.rb: a student is found by ID, SIS User ID, SIS Login ID, or name; "Points
Possible" and "Manual Posting" rows are no students; rows of separators are skipped. Moodle,
mod/assign/gradingtable.php: the order of the worksheet's columns; the words from its language packs.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from grader.cli import main
from grader.errors import SubmissionError
from grader.lms.canvas.write import fill_canvas
from grader.lms.fill import Filled, Grade
from grader.lms.moodle.write import fill_moodle

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Integration ID,Section,HW (9)\n"
    "    Points Possible,,,,,,10\n"
    '"Doe, Jane",10023,77001,jdoe,g-1,S,{}\n'
    '"Roe, Bob",55501,10023,broe,g-2,S,{}\n'
    '"Poe, Ann",55502,77003,55501,g-3,S,{}\n'
    '"Đỗ, Ánh",55503,77004,ánh,g-4,S,{}\n'
)
MOODLE = (
    'Identifier,"Full name","ID number","Email address",Status,Group,Grade,"Maximum grade",'
    '"Feedback comments"\n'
    '"Participant 10023","Jane Doe",77001,jane@x,Submitted,12,{},10.00,{}\n'
    '"Participant 10999","Bob Roe",10023,bob@x,Submitted,12,{},10.00,{}\n'
    '"Participant 12","Ann Poe",77003,ann@x,Submitted,11,{},10.00,{}\n'
    '"Participant 13","Đỗ Ánh",ánh,do@x,Submitted,12,{},10.00,{}\n'
)


def grade(student: str, points: str = "7.5") -> Grade:
    return Grade(student, Fraction(points), Fraction(10), {"q": "partial"})


def canvas(*students: str, given: tuple[str, ...] = ("", "", "", ""), overwrite: bool = False) -> Filled:
    sheet = CANVAS.format(*given)
    return fill_canvas(sheet.encode(), [grade(one) for one in students], None, "g.csv", overwrite=overwrite)


def moodle(*students: str) -> Filled:
    sheet = MOODLE.format(*[""] * 8)
    return fill_moodle(sheet.encode(), [grade(one) for one in students], None, "w.csv")


@pytest.mark.parametrize(
    ("student", "row"),
    [
        *(("77001", 0), ("JDOE", 0), ("g-2", 1), ("broe", 1), ("55502", 2), ("a\u0301nh", 3)),
        *(("doejane", 0), ("Doe, Jane", 0), ("đỗánh", 3), ("do\u0302\u0303, a\u0301nh", None)),
    ],
)
def test_canvas_finds_the_row_by_any_id_column(student: str, row: int | None):
    given = ["", "", "", ""]
    if row is not None:
        given[row] = "7.5"
    assert canvas(student).data.decode() == CANVAS.format(*given)


@pytest.mark.parametrize(
    ("student", "names"), [("10023", ("Doe, Jane", "Roe, Bob")), ("55501", ("Roe, Bob", "Poe, Ann"))]
)
def test_canvas_id_of_two_students_goes_to_neither_and_both_are_named(student: str, names: tuple[str, ...]):
    filled = canvas(student, "g-4")
    assert filled.data.decode() == CANVAS.format("", "", "", "7.5")
    assert filled.notes[0].startswith(f"{student}: fits more than one row")
    assert all(name in filled.notes[0] for name in names)


@pytest.mark.parametrize(
    ("student", "row"), [("77001", 0), ("bob@x", 1), ("12", 2), ("do@x", 3), ("a\u0301nh", 3), ("Ann Poe", 2)]
)
def test_moodle_finds_the_row_by_any_id(student: str, row: int):
    given = [""] * 8
    given[2 * row] = "7.5"
    assert moodle(student).data.decode() == MOODLE.format(*given)


@pytest.mark.parametrize("student", ["10023", "11", "submitted"])
def test_moodle_id_of_two_students_goes_to_neither(student: str):
    filled = moodle(student)
    # "11" is the only one of its group, and nobody's number.
    given = [""] * 8
    if student == "11":
        given[4] = "7.5"
    assert filled.data.decode() == MOODLE.format(*given)
    assert ("fits more than one row" in filled.notes[0]) == (student != "11")


@pytest.mark.parametrize("first", ["77001", "jdoe"])
def test_two_ids_of_one_row_write_nothing(first: str):
    other = {"77001": "jdoe", "jdoe": "77001"}[first]
    filled = canvas(first, other)
    assert filled.data.decode() == CANVAS.format("", "", "", "")
    assert [note.split(":")[0] for note in filled.notes[:2]] == [first, other]
    assert all("'Doe, Jane 10023'" in note for note in filled.notes[:2])


def test_rows_of_nobody_are_no_students():
    extra = "   ,,,,,,Manual Posting\n,,,,,,\n" + '"Roe, Eve",1,,,,S,\n' + ",,,,,,\n"
    filled = fill_canvas((CANVAS.format(*[""] * 4) + extra).encode(), [grade("1")], None, "g.csv")
    assert (filled.written, filled.notes) == (
        1,
        ("these are left as they are in the gradebook CSV: Doe, Jane; Roe, Bob; Poe, Ann; Đỗ, Ánh",),
    )
    sheet = MOODLE.format(*[""] * 8) + ",,,,,,,,\n\n"
    filled = fill_moodle(sheet.encode(), [grade("12")], None, "w.csv")
    assert filled.written == 1
    assert filled.data.decode().endswith(",,,,,,,,\n\n")


@pytest.mark.parametrize(
    ("sheet", "points"),
    [
        ('Student,ID,SIS Login ID,Section,HW (9)\n Points Possible,,,,10\n"A, B",1,a,"1,2",{}\n', "7.5"),
        ("Student;ID;SIS Login ID;Section;HW (9)\n Points Possible;;;;10\nA B;1;a;1.2;{}\n", "7,5"),
        ("Student;ID;SIS Login ID;Section;HW (9)\n Points Possible;;;;10.0\nA B;1;a;1,2;{}\n", "7.5"),
        ('Student,ID,A,Section,HW (9)\n Points Possible,,,,"10,0"\n"A, B",1,a,1.2,{}\n', '"7,5"'),
        ('Student,ID,A,X (8),HW (9)\n Points Possible,,,10,10\nA,1,a,"3,5",{}\n', '"7,5"'),
        ('Student,ID,A,Current Score,HW (9)\n P Points Possible,,,,10\nA,1,"2,5",93.27,{}\n', "7.5"),
    ],
)
def test_decimal_sign_is_that_of_the_grades(sheet: str, points: str):
    filled = fill_canvas(sheet.format("").encode(), [grade("1")], "9", "g.csv")
    assert filled.data.decode() == sheet.format(points)


@pytest.mark.parametrize(("number", "points"), [("1,2", "7.5"), ("1.2", "7.5")])
def test_decimal_sign_of_a_worksheet_is_that_of_grade_and_maximum(number: str, points: str):
    sheet = 'Identifier,Full name,Group,Grade,Maximum grade\nParticipant 1,A,"{}",{},10.00\n'
    filled = fill_moodle(sheet.format(number, "").encode(), [grade("1")], None, "w.csv")
    assert filled.data.decode() == sheet.format(number, points)


# Headers: identifier, full name, status, grade, maximum, may be changed; then the word for a participant.
LANGUAGES = {
    "de": "ID,Vollständiger Name,Status,Bewertung,Bestwertung,Bewertung kann geändert werden;Teilnehmer/in",
    "fr": "Identifiant,Nom complet,Statut,Note,Note maximale,La note peut être modifiée;Participant ",
    "es": "Identificador,Nombre completo,Estado,Calificación,Calificación máxima,¿?;Participante ",
    "nl": "Identificatie,Volledige naam,Status,Cijfer,Maximum cijfer,Kan gewijzigd worden;Deelnemer ",
    "sv": "Identifierare,Fullständigt namn,Status,Betyg,Högsta betyg,Kan ändras;Deltagare ",
    "zh": "标识,全名,状态,成绩,最高分,允许更改成绩;参与者",
    "ru": "Идентификатор,Полное имя,Состояние,Оценка,Максимальная оценка,Можно изменить;Участник ",
    "ar": "المعرف,الاسم الكامل,الحالة,العلامة,العلامة القصوى,يمكن تغيير العلامة;مشارك ",
    "none": "A,B,C,D,E,F;Xyz ",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("stands", "most", "points"), [(("", "-"), "30,00", "22,5"), (("", "2.50"), "30.00", "22.5")]
)
def test_worksheet_is_filled_in_any_language(language: str, stands: tuple[str, str], most: str, points: str):
    header, word = LANGUAGES[language].split(";")
    sheet = f'{header}\n{word}12,Hans Müller,x,"{{}}","{most}",1\n{word}13,Jane,x,"{stands[1]}","{most}",1\n'
    filled = fill_moodle(sheet.format(stands[0]).encode(), [grade("12")], None, "w.csv")
    assert filled.data.decode() == sheet.format(points)


def test_worksheet_that_does_not_tell_its_grades_asks():
    sheet = "A,B,C,D\nXyz 1,Ada,,\n"
    with pytest.raises(SubmissionError, match="choose by --column: 'A', 'B', 'C', 'D'"):
        fill_moodle(sheet.encode(), [grade("1")], None, "w.csv")


@pytest.mark.parametrize("typed", ["3", "0", "8", "12.5", "ask me", "85%", "A-", "*"])
def test_grade_that_was_typed_stands_and_is_named(typed: str):
    given = (f'"{typed}"', "", "", "")
    filled = canvas("77001", "77003", given=given)
    assert filled.data.decode() == CANVAS.format(given[0], "", "7.5", "")
    assert filled.notes[0].startswith("77001: its grade in the gradebook CSV is ")
    assert f"{typed!r}" in filled.notes[0]
    assert "--overwrite" in filled.notes[0]
    assert filled.written == 1
    filled = canvas("77001", "77003", given=given, overwrite=True)
    assert filled.data.decode() == CANVAS.format('"7.5"', "", "7.5", "")


@pytest.mark.parametrize("stands", ["7.5", "7.50", "-", " ", "7.500"])
def test_what_says_the_same_or_nothing_is_no_word_worth(stands: str):
    filled = canvas("77001", given=(stands, "", "", ""))
    assert filled.written == 1
    assert not any("in the gradebook CSV is" in note for note in filled.notes)


def test_comment_that_was_typed_stands_while_the_grade_is_written():
    given = ["", "see me", "", "q: partial", "", "", "", ""]
    grades = [grade(one) for one in ("77001", "bob@x", "12")]
    for overwrite, comment in ((False, "see me"), (True, "q: partial")):
        filled = fill_moodle(
            MOODLE.format(*given).encode(), grades, None, "w.csv", comments=True, overwrite=overwrite
        )
        wanted = ["7.5", comment, "7.5", "q: partial", "7.5", "q: partial", "", ""]
        assert filled.data.decode() == MOODLE.format(*wanted)
        assert [note.split(":")[0] for note in filled.notes if "comment" in note] == ["77001"][
            : not overwrite
        ]


def test_no_verdicts_stand_beside_a_grade_that_was_typed():
    given = ["3", "", "", "", "", "", "", ""]
    filled = fill_moodle(MOODLE.format(*given).encode(), [grade("77001")], None, "w.csv", comments=True)
    assert (filled.written, filled.data.decode()) == (0, MOODLE.format(*given))


def test_command_line_says_which_rows_it_left(tmp_path: Path, capsys):
    (tmp_path / "g.json").write_text(
        '[{"student": "77001", "exercise": "e", "points": 7.5, "max_points": 10, "questions": {}}]'
    )
    (tmp_path / "c.csv").write_text(CANVAS.format("3", "", "", ""), encoding="utf-8")
    command = ["export", "canvas", str(tmp_path / "c.csv"), "--grades", str(tmp_path / "g.json"), "-o"]
    assert main([*command, str(tmp_path / "out.csv")]) == 0
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "c.csv").read_bytes()
    out, err = capsys.readouterr()
    assert out.startswith("0 grades are written")
    assert "77001: its grade in the gradebook CSV is '3' and was left, not replaced by '7.5'" in err
    assert main([*command, str(tmp_path / "new.csv"), "--overwrite"]) == 0
    assert (tmp_path / "new.csv").read_text(encoding="utf-8") == CANVAS.format("7.5", "", "", "")
