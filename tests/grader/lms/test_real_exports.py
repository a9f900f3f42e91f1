"""Exports as teachers have them: several in one folder, class lists of each platform, numbers in groups.

Class lists: the headers that Gradescope, Moodle, GitHub Classroom and PrairieLearn write. Canvas,
lib/gradebook_exporter.rb: numbers in the teacher's way of writing, with signs between thousands. Moodle,
mod/assign/gradingtable.php: "Grade can be changed" is yes or no in the language of the site.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from grader.errors import SubmissionError
from grader.lms import announcement, read_class
from grader.lms.canvas.write import fill_canvas
from grader.lms.fill import Grade
from grader.lms.moodle.write import fill_moodle
from grader.lms.roster import roster_of

GRADE = Grade("12", Fraction("7.5"), Fraction(10), {"q": "partial"})
CANVAS = (
    "Student{0}ID{0}Section{0}HW (9){0}Other (8)\n"
    "    Points Possible{0}{0}{0}{1}{0}{2}\n"
    "Jane{0}12{0}S{0}{3}{0}\n"
)
GROUP = {
    "canvas": ("doejane_101_5001_answer.json", "roebob_102_5002_answer.json"),
    "moodle": ("Jane Doe_101_assignsubmission_file", "Bob Roe_102_assignsubmission_file"),
    "blackboard": (
        "HW_jane_attempt_2026-11-20-10-00-00_answer.json",
        "HW_bob_attempt_2026-11-20-10-00-00_answer.json",
    ),
}


@pytest.mark.parametrize("platform", GROUP)
def test_exports_of_several_groups_in_one_folder_are_no_students(
    tmp_path: Path, layouts: ModuleType, platform: str
):
    ends = "/answer.json" if platform == "moodle" else ""
    files = {f"{group}/{name}{ends}": b"{}" for group in ("monday", "friday") for name in GROUP[platform]}
    listing = read_class(layouts.lay_out(tmp_path, files))
    assert listing.is_in_doubt
    assert announcement(listing)[0].startswith("IN DOUBT: friday, monday: ")
    assert not read_class(tmp_path, preset="plain").is_in_doubt
    assert not read_class(tmp_path / "monday").is_in_doubt


@pytest.mark.parametrize("own", [GROUP["canvas"][:1], GROUP["canvas"]])
def test_what_one_student_hands_in_makes_no_class_doubtful(
    tmp_path: Path, layouts: ModuleType, own: tuple[str, ...]
):
    files = {f"ada/{name}": b"{}" for name in own} | {"bo/answer.json": b"{}", "ada/helper.json": b"{}"}
    assert not read_class(layouts.lay_out(tmp_path, files)).is_in_doubt


@pytest.mark.parametrize(
    ("text", "id", "name", "key"),
    [
        ("First Name,Last Name,SID,Email\nAda,Byron,0012,ada@x\n", "0012", "Ada Byron", "byronada"),
        ("First name,Surname,Email address\nAda,Byron,ada@x\n", "ada@x", "Ada Byron", "byronada"),
        ('Student,ID,SIS Login ID\n"Byron, Ada",7,ada\n', "7", "Byron, Ada", "ada"),
        ("identifier,github_username,name\n0012,ada-x,Ada Byron\n", "0012", "Ada Byron", "ada-x"),
        ("UID,UIN,Name,Role\nada@x,0012,Ada Byron,Student\n", "ada@x", "Ada Byron", "0012"),
        ("sep=;\r\nid;name\r\nada;Ada Byron\r\n", "ada", "Ada Byron", "ada"),
        ("\n\nid,name\nada,Ada Byron\n", "ada", "Ada Byron", "ada"),
        ('id,name\n"=""0012""",Ada Byron\n', "0012", "Ada Byron", "0012"),
        # Brightspace: "#" keeps ids from being read as numbers.
        (
            "OrgDefinedId,Username,Last Name,First Name,HW 3 Points Grade <Numeric MaxPoints:10>,"
            "End-of-Line Indicator\n#0012,#ada,Byron,Ada,,#\n",
            *("ada", "Ada Byron", "0012"),
        ),
        # Canvas: the report of its users; the id in names of files is the first.
        (
            "canvas_user_id,user_id,login_id,first_name,last_name,email\n7,u7,ada,Ada,Byron,ada@x\n",
            *("ada@x", "Ada Byron", "7"),
        ),
        (
            '"Last Name","First Name","Username","Student ID"\nByron,Ada,ada,0012\n',
            "0012",
            "Ada Byron",
            "ada",
        ),
        ("github_username,roster_identifier\nada-x,0012\n", "ada-x", "", "0012"),
        ('"Name, first";E-Mail\nAda Byron;ada@x\n', "ada@x", "", "ada@x"),
        ('"Student\nID",Student\u00a0Name\n0012,Ada Byron\n', "0012", "Ada Byron", "0012"),
        # Moodle, anonymous: behind the participant comes the status, which is nobody's name.
        ('Identifier,Status,Grade,"Maximum Grade"\n"Participant 12",Submitted,,10.00\n', "12", "", "12"),
        # An id in front of points and what can be earned is no participant's number.
        ("id,name,points,max\ns0012,Ada Byron,5,10\n", "s0012", "Ada Byron", "s0012"),
    ],
)
def test_class_lists_are_read_as_platforms_and_spreadsheets_write_them(
    text: str, id: str, name: str, key: str
):
    for data in (text.encode(), text.encode("utf-16")):
        (person,) = roster_of(data, "list.csv")
        assert (person.id, person.name, key in person.keys) == (id, name, True)


def test_a_quotation_mark_that_is_not_closed_takes_nobody_away():
    with pytest.raises(SubmissionError, match="near 'Ada' is never closed"):
        roster_of(b'id,name\n1,"Ada\n2,Bo\n3,Cy\n', "list.csv")


def test_a_list_without_ids_says_what_stands_there():
    with pytest.raises(SubmissionError, match=r"its first line is 'Matrikel \| Ort'"):
        roster_of(b"Matrikel;Ort\n7;Bern\n", "list.csv")


def test_a_cell_that_looks_like_a_separator_s_line_joins_no_rows() -> None:
    people = roster_of(b"id,remark\nada,sep=;\nbob,late\n", "list.csv")
    assert [one.id for one in people] == ["ada", "bob"]


def test_ids_of_gradescope_are_text_as_it_is_written(tmp_path: Path, layouts: ModuleType):
    metadata = (
        "submission_1:\n  :submitters:\n  - :name: No\n    :sid: 0123\n"
        "  :created_at: 2026-10-25 01:30:00.123456000 -05:00\n"
    )
    files = {"submission_metadata.yml": metadata.encode(), "submission_1/answer.json": b"{}"}
    (one,) = read_class(layouts.lay_out(tmp_path, files)).submissions
    assert (one.student, one.name, one.submitted_at) == ("0123", "No", "2026-10-25T01:30:00-05:00")


@pytest.mark.parametrize(
    ("most", "other", "points"),
    [
        *(
            ("1,000.00", "5.00", "750"),
            ("1,000", "5.50", "750"),
            ("1,000", "", "750"),
            ("10", "1,000", "7.5"),
        ),
        *(("1.000,00", "5,00", "750"), ("1.000", "5,50", "750"), ("1 000,00", "5,00", "750")),
        *(("1\u202f000", "5,0", "750"), ("1’000.50", "5.0", "750.38"), ("12,345,678.00", "1.0", "9259258.5")),
        *(("10,5", "5,0", "7,88"), ("10.125", "5.50", "7.59"), ("", "5.0", "7.5"), ("0", "5.0", "7.5")),
    ],
)
def test_full_marks_may_have_signs_between_thousands(most: str, other: str, points: str):
    sheet = CANVAS.format("\t", most, other, "{}")
    filled = fill_canvas(sheet.format("").encode(), [GRADE], "HW", "g.csv")
    assert filled.data.decode() == sheet.format(points)


@pytest.mark.parametrize("most", ["ten", "1,00,0", "1.000.00", "(10)"])
def test_full_marks_that_are_no_number_are_said_before_anything_is_written(most: str):
    with pytest.raises(SubmissionError, match="is what it gives for full marks, and no number"):
        fill_canvas(CANVAS.format("\t", most, "", "").encode(), [GRADE], "HW", "g.csv")


@pytest.mark.parametrize(
    ("yes", "no"),
    [("Sí", "No"), ("Tak", "Nie"), ("Ja", "Nee"), ("はい", "いいえ"), ("Да", "Нет"), ("Sim", "Não")],
)
def test_a_grade_that_cannot_be_changed_is_left_in_every_language(yes: str, no: str):
    sheet = (
        "Identificador,Nombre,Estado,Calificación,Máxima,Bloqueo,Comentarios\n"
        f'Participante 12,Jane,x,,"10,00",{no},\nParticipante 13,Bob,x,,"10,00",{yes},\n'
    )
    grades = [GRADE, Grade("13", Fraction(6), Fraction(10), {})]
    filled = fill_moodle(sheet.encode(), grades, None, "w.csv")
    assert filled.data.decode() == sheet.replace(f'Bob,x,,"10,00",{yes}', f'Bob,x,6,"10,00",{yes}')
    assert filled.notes[0] == "12: the gradebook CSV says that this grade cannot be changed"
