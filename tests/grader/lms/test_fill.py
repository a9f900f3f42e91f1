"""Grades go into downloaded sheets of Canvas and Moodle as their importers want them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.errors import SubmissionError
from grader.lms.canvas.write import fill_canvas
from grader.lms.fill import Grade, read_grades
from grader.lms.moodle.write import fill_moodle

CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,HW2 (11),HW3 (12),Current Score\r\n"
    '"    Points Possible",,,,,10,8.0,(read only)\r\n'
    '"A, Ada",1001,s1,ada@x,"1, left",9.5,,\r\n'
    '"B, Bela",1002,s2,bela@x,1,9,EX,\r\n'
    '"=HYPERLINK(""http://x"")",1003,s3,cleo@x,1,-,-,\r\n'
    '"D, Dario",1004,s4,dario@x,1,7,3,\r\n'
    '"Student, Test",9999,,t,1,,,\r\n'
)


def grade(student: str, points: str = "4", most: str = "8", verdict: str = "partial") -> Grade:
    return Grade(student, Fraction(points), Fraction(most), {"a": verdict})


def test_canvas_column_is_filled_and_nothing_else():
    grades = [grade("1001", "20/3"), grade("cleo@x", "8"), grade("s4", "0")]
    filled = fill_canvas(CANVAS.encode(), grades, "HW3 (12)", "g.csv", overwrite=True)
    expected = (
        CANVAS.replace(',"1, left",9.5,,', ',"1, left",9.5,6.67,')
        .replace("1,-,-,", "1,-,8,")
        .replace("1,7,3,", "1,7,0,")
    )
    assert filled.data.decode() == expected
    assert filled.written == 3
    assert filled.notes == ("these are left as they are in the gradebook CSV: B, Bela; Student, Test",)


def test_a_question_that_waits_for_a_person_leaves_the_cell():
    filled = fill_canvas(CANVAS.encode(), [grade("1001", verdict="pending")], "12", "g.csv")
    assert filled.notes[0] == (
        "1001: has a question that still waits for a person's mark; the cell was left as it is"
    )
    assert filled.written == 0


def test_canvas_leaves_and_names_what_it_must_not_touch():
    grades = [grade("1002"), grade("zoe"), grade("1001", verdict="undecided"), grade("aada")]
    filled = fill_canvas(CANVAS.encode(), grades, "12", "g.csv")
    assert filled.notes[:3] == (
        "1002: is excused (EX); the cell was left as it is",
        "zoe: is not in the gradebook CSV",
        "1001: has a question that is still undecided; the cell was left as it is",
    )
    assert filled.written == 1


def test_canvas_points_are_scaled_to_the_sheet():
    filled = fill_canvas(CANVAS.encode(), [grade("1001", "4", "8")], "HW2", "g.csv", overwrite=True)
    assert b'"1, left",5,,' in filled.data
    assert "grades are scaled from 8 points to the 10 of the gradebook CSV" in filled.notes


def test_canvas_semicolons_and_decimal_commas():
    text = "Student;ID;Section;HW (1)\n    Points Possible;;;8,0\nA, Ada;1;x;\nB;2;x;3,5\n"
    filled = fill_canvas(text.encode(), [grade("1", "13/2")], None, "g.csv")
    assert filled.data.decode() == text.replace("Ada;1;x;", "Ada;1;x;6,5")


def test_canvas_decimal_comma_between_commas_is_quoted():
    text = 'Student,ID,Section,HW (1)\n    Points Possible,,,"8,0"\nAda,1,x,\n'
    filled = fill_canvas(text.encode(), [grade("1", "13/2")], None, "g.csv")
    assert filled.data.decode() == text.replace("Ada,1,x,", 'Ada,1,x,"6,5"')


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        (CANVAS, None, "which assignment"),
        (CANVAS, "HW9", "no assignment is called 'HW9'"),
        ("Name,Grade\nx,1\n", None, "does not begin with the columns Student and ID"),
        ("Student,ID,Section,HW (1)\nPoints Possible,,,(read only)\n", None, "read only"),
        ("", None, "is empty"),
    ],
)
def test_canvas_sheet_that_cannot_be_filled_says_why(text: str, column: str | None, words: str):
    with pytest.raises(SubmissionError, match=words):
        fill_canvas(text.encode(), [], column, "g.csv")


MOODLE = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    'Participant 2001,Ada A,ada@x,Submitted for grading,,100.00,Yes,"Monday, 5 October",-,\n'
    'Participant 2002,Bela B,bela@x,Submitted for grading,3.00,100.00,Yes,-,-,"<p>old, kept</p>"\n'
    "Participant 2003,Cleo C,cleo@x,No submission,,100.00,No,-,-,\n"
)


def test_moodle_worksheet_is_filled_and_nothing_else():
    grades = [grade("2001", "8"), grade("bela@x", "1")]
    filled = fill_moodle(MOODLE.encode(), grades, None, "w.csv", overwrite=True)
    expected = MOODLE.replace("grading,,100", "grading,100,100").replace("grading,3.00,", "grading,12.5,")
    assert filled.data.decode() == expected
    assert filled.notes == (
        "grades are scaled from 8 points to the 100 of the gradebook CSV",
        "these are left as they are in the gradebook CSV: Participant 2003",
    )


def test_moodle_grade_that_cannot_be_changed_is_left_and_named():
    filled = fill_moodle(MOODLE.encode(), [grade("2003", "8")], None, "w.csv", comments=True)
    assert (filled.data, filled.written) == (MOODLE.encode(), 0)
    assert filled.notes[0] == "2003: the gradebook CSV says that this grade cannot be changed"


def test_moodle_comments_are_verdicts():
    one = Grade("2001", Fraction(8), Fraction(8), {"a": "correct", "=b": "partial"})
    filled = fill_moodle(MOODLE.encode(), [one], None, "w.csv", comments=True)
    assert b"-,a: correct; =b: partial\n" in filled.data


def test_moodle_in_another_language():
    text = "ID;Vollständiger Name;Status;Bewertung;Höchste Bewertung\nTeilnehmer/in7;Zoë;x;;10,00\n"
    filled = fill_moodle(text.encode(), [grade("7", "6")], None, "w.csv")
    assert filled.data.decode() == text.replace(";x;;", ";x;7,5;")


def test_moodle_unknown_students_are_named():
    filled = fill_moodle(
        MOODLE.encode(), [grade("nobody\x1b"), grade("2001", verdict="undecided")], None, "w"
    )
    assert filled.data == MOODLE.encode()
    assert filled.notes[0] == "nobody\\x1b: is not in the gradebook CSV"
    assert "undecided" in filled.notes[1]


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("Identifier,Punkte\nParticipant 1,\n", None, "no column known to hold grades"),
        ("Identifier,Grade\nParticipant 1,\n", "Points", "no column called 'Points'"),
        ("Identifier,Grade\nAda,\n", None, "no participant's identifier"),
    ],
)
def test_moodle_sheet_that_cannot_be_filled_says_why(text: str, column: str | None, words: str):
    with pytest.raises(SubmissionError, match=words):
        fill_moodle(text.encode(), [], column, "w.csv")


RECORD = (
    '[{"student": "ada", "exercise": "e", "points": 1.5, "max_points": 4, "fraction": 0.375, "questions": {}}'
)


def test_grades_are_the_gradebooks_export():
    (one,) = read_grades(RECORD + "]", "g.json")
    assert (one.student, one.points, one.max_points) == ("ada", Fraction(3, 2), 4)


@pytest.mark.parametrize("text", ["", "{}x", "[1]", '{"a": 1}', '[{"exercise": "e"}]', "[" * 9999, RECORD])
def test_other_files_are_one_clear_error(text: str):
    with pytest.raises(SubmissionError):
        read_grades(text, "g.json")


def test_grades_of_several_exercises_must_be_chosen():
    text = RECORD + "," + RECORD[1:].replace('"e"', '"f"') + "]"
    with pytest.raises(SubmissionError, match="holds 2 exercises: e, f"):
        read_grades(text, "g.json")
    assert len(read_grades(text, "g.json", "f")) == 1
