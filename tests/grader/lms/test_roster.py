from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from grader.errors import SubmissionError
from grader.lms import check_roster, read_class, read_roster, roster_lines


def checked(tmp_path: Path, layouts: ModuleType, preset: str, roster: str):
    place = layouts.lay_out(tmp_path / "class", layouts.LAYOUTS[preset]().files)
    path = tmp_path / "list.csv"
    path.write_text(roster, encoding="utf-8")
    check = check_roster(read_class(place), read_roster(path))
    return [one.id for one in check.missing], list(check.unknown)


def test_plain_ids_are_held_against_the_list_in_any_case(tmp_path: Path, layouts: ModuleType):
    roster = "student,section\nADA,1\nbela,1\nzoe,2\n"
    assert checked(tmp_path, layouts, "plain", roster) == (["zoe"], ["cleo", "dario"])


def test_canvas_gradebook_is_a_class_list(tmp_path: Path, layouts: ModuleType):
    roster = (
        '\ufeffStudent,ID,SIS Login ID,Section\n"Ada, Ada",1001,aa,1\n"Bela, Bela",9,bb,1\n"Z, Z",5,z,1\n'
    )
    missing, unknown = checked(tmp_path, layouts, "canvas", roster)
    assert missing == ["5"]
    assert unknown == ["1003", "1004", "1005", "1006", "anon_xYz12"]


def test_moodle_worksheet_is_a_class_list(tmp_path: Path, layouts: ModuleType):
    roster = "Identifier;Full name;Grade\nParticipant 2001;Ada A;\nParticipant 2009;Zoe Z;\n"
    missing, unknown = checked(tmp_path, layouts, "moodle", roster)
    assert missing == ["2009"]
    assert unknown == ["2002", "2003", "2004", "2005"]


def test_members_of_a_group_are_all_there(tmp_path: Path, layouts: ModuleType):
    roster = "Name,SID,Email\nAda A,007,ada@example.edu\nBela B,12,\nCleo C,13,Cleo@example.edu\nDario,14,\n"
    assert checked(tmp_path, layouts, "gradescope", roster) == (["14"], [])


def test_classroom_50_roster_is_a_class_list(tmp_path: Path, layouts: ModuleType):
    roster = "username,first_name,last_name,email,section,github_id\nada,Ada,A,a@x,1,17\nZed,Zed,Z,z@x,1,18\n"
    missing, unknown = checked(tmp_path, layouts, "github", roster)
    assert (missing, unknown) == (["Zed"], ["bela-b", "cleo"])


def test_lines_say_who(tmp_path: Path, layouts: ModuleType):
    place = layouts.lay_out(tmp_path / "class", {"ada.py": b"x", "eve.py": b"x"})
    (tmp_path / "list.csv").write_text("id,name\nada,Ada\nbela,Bela\x1b[31m\n")
    lines = roster_lines(check_roster(read_class(place), read_roster(tmp_path / "list.csv")))
    assert lines == (
        "on the class list without a submission: 1",
        "  bela (Bela\\x1b[31m)",
        "not on the class list: 1",
        "  eve",
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "no column holds ids"), (b"colour\nred\n", "no column holds ids"), (b"M\xfcller", "not UTF-8")],
)
def test_useless_list_is_one_clear_error(tmp_path: Path, data: bytes, words: str):
    (tmp_path / "list.csv").write_bytes(data)
    with pytest.raises(SubmissionError, match=words):
        read_roster(tmp_path / "list.csv")


def test_accents_of_a_mac_are_the_same_accents(tmp_path: Path, layouts: ModuleType):
    place = layouts.lay_out(tmp_path / "class", {"Zoe\u0308.py": b"x"})
    (tmp_path / "list.csv").write_text("id\nZo\u00eb\n", encoding="utf-8")
    check = check_roster(read_class(place), read_roster(tmp_path / "list.csv"))
    assert (check.missing, check.unknown) == ((), ())


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("ID,Vollständiger Name,Status,Bewertung,Bestwertung", "Teilnehmer/in"),
        ("Identifiant,Nom complet,Statut,Note,Note maximale", "Participant "),
        ("标识,全名,状态,成绩,最高分", "参与者"),
        ("A,B,C,D,E", "Xyz "),
    ],
)
def test_moodle_worksheet_is_a_class_list_in_any_language(
    tmp_path: Path, layouts: ModuleType, header: str, word: str
):
    rows = "".join(f'{word}{number},{name},x,,"34,00"\n' for number, name in ((2001, "Ada A"), (2009, "Z Z")))
    missing, unknown = checked(tmp_path, layouts, "moodle", f"{header}\n{rows},,,,\n\n")
    assert (missing, unknown) == (["2009"], ["2002", "2003", "2004", "2005"])


def test_ids_of_a_letter_and_a_number_are_no_participants(tmp_path: Path):
    (tmp_path / "list.csv").write_text("id,name\ns1001,Ada\ns1002,Bo\n")
    assert [one.id for one in read_roster(tmp_path / "list.csv")] == ["s1001", "s1002"]


def test_points_possible_and_empty_rows_are_nobody(tmp_path: Path):
    text = (
        "Student,ID,SIS User ID,SIS Login ID,Section,HW (9)\n    Points Possible,,,,,10\n"
        '   ,,,,,Manual Posting\n"Ada, Ada",1001,u1,aa,S,\n,,,,,\n"Bo, Bo",1002,u2,bb,S,\n'
    )
    (tmp_path / "list.csv").write_text(text)
    assert [one.id for one in read_roster(tmp_path / "list.csv")] == ["1001", "1002"]
