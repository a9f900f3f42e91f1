"""No command replaces what a teacher typed into a file that is there already, unless told to."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from grader.cli import main

EXERCISE = "mit-6390-recitation-8"
STUDENTS = ("ada", "bo", "cy")


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a class and its gradebook; only copied."""
    made = tmp_path_factory.mktemp("marked")
    (made / "class").mkdir()
    for at, student in enumerate(STUDENTS):
        (made / "class" / f"{student}.json").write_text(json.dumps({"a_ii": {"g1": [6, 6, 6, at]}}))
    book = ["--gradebook", str(made / "g.db")]
    assert main(["batch", str(made / "class"), "--exercise", EXERCISE, *book, "--jobs", "1"]) == 0
    return made


@pytest.fixture
def folder(marked: Path, tmp_path: Path) -> Path:
    return shutil.copytree(marked / "class", tmp_path / "class")


@pytest.fixture
def book(marked: Path, tmp_path: Path) -> list[str]:
    shutil.copy(marked / "g.db", tmp_path)
    return ["--gradebook", str(tmp_path / "g.db")]


def replaced(path: Path, old: str, new: str) -> bytes:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path.read_bytes()


@pytest.mark.parametrize("format_name", ["json", "csv"])
def test_export_of_the_gradebook_keeps_what_was_typed(
    tmp_path: Path, book: list[str], capsys, format_name: str
):
    out = tmp_path / "marks"
    command = ["gradebook", "export", *book, "--format", format_name, "-o", str(out)]
    assert main(command) == 0
    assert main(command) == 0
    first = out.read_bytes()
    typed = (
        replaced(out, '"student": "bo"', '"student": "bo", "comment": "see me"')
        if (format_name == "json")
        else replaced(out, "\nbo,", "\nbo,see me,")
    )
    capsys.readouterr()
    assert main(command) == 2
    err = capsys.readouterr().err
    assert f"'bo {EXERCISE}'" in err or "'bo see me'" in err
    assert "--force replaces it" in err
    assert "ada" not in err
    assert out.read_bytes() == typed
    assert main([*command, "--force"]) == 0
    assert out.read_bytes() == first


def test_row_that_a_teacher_added_is_kept_and_new_students_are_no_loss(
    tmp_path: Path, folder: Path, book: list[str], capsys
):
    out = tmp_path / "marks.csv"
    command = ["gradebook", "export", *book, "--format", "csv", "-o", str(out)]
    assert main(command) == 0
    # A spreadsheet writes other line ends and a byte order mark; nothing is typed by that.
    out.write_bytes(b"\xef\xbb\xbf" + out.read_bytes().replace(b"\r\n", b"\n"))
    (folder / "di.json").write_text('{"a_ii": 1}')
    assert main(["batch", str(folder), "--exercise", EXERCISE, *book, "--jobs", "1"]) == 0
    assert main(command) == 0
    assert "\ndi," in out.read_text(encoding="utf-8")
    out.write_text(out.read_text(encoding="utf-8") + "eve,by hand,7\n", encoding="utf-8")
    capsys.readouterr()
    assert main(command) == 2
    assert "of 'eve by hand'; name" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_feedback_keeps_what_was_typed(tmp_path: Path, folder: Path, book: list[str], capsys, name: str):
    out = tmp_path / name
    command = ["feedback", str(folder), "--exercise", EXERCISE, *book, "--format", "terminal", "-o", str(out)]
    assert main(command) == 0
    assert main(command) == 0
    if out.is_dir():
        replaced(out / "bo.txt", "bo", "bo: well done, come and see me")
        (out / "cy.txt").unlink()
    else:
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr("from me.txt", "well done")
    before = out.read_bytes() if out.is_file() else (out / "bo.txt").read_bytes()
    capsys.readouterr()
    assert main(command) == 2
    err = capsys.readouterr().err
    assert ("'bo.txt'" if out.is_dir() else "'from me.txt'") in err
    assert "'ada.txt'" not in err
    assert before == (out.read_bytes() if out.is_file() else (out / "bo.txt").read_bytes())
    assert not (out / "cy.txt").exists()
    assert main([*command, "--force"]) == 0
    assert before != (out.read_bytes() if out.is_file() else (out / "bo.txt").read_bytes())


@pytest.mark.parametrize("format_name", ["json", "markdown", "junit"])
def test_the_same_feedback_may_be_written_again(
    tmp_path: Path, folder: Path, book: list[str], format_name: str
):
    command = ["feedback", str(folder), "--exercise", EXERCISE, *book, "--format", format_name, "-o"]
    for _ in range(2):
        assert main([*command, str(tmp_path / "out")]) == 0


@pytest.fixture
def sheets(tmp_path: Path) -> list[str]:
    records = [
        {"student": one, "exercise": "e", "points": points, "max_points": 10, "questions": {}}
        for one, points in (("1", 7.5), ("2", 3))
    ]
    (tmp_path / "g.json").write_text(json.dumps(records))
    (tmp_path / "c.csv").write_text('Student,ID,Section,HW (9)\n"A, Ada",1,x,\n"B, Bo",2,x,\n')
    return ["export", "canvas", str(tmp_path / "c.csv"), "--grades", str(tmp_path / "g.json")]


def test_filled_sheet_keeps_what_was_typed_into_it(tmp_path: Path, sheets: list[str], capsys):
    out = tmp_path / "filled.csv"
    assert main([*sheets, "-o", str(out)]) == 0
    assert main([*sheets, "-o", str(out)]) == 0
    typed = replaced(out, "2,x,3", "2,x,5")
    capsys.readouterr()
    assert main([*sheets, "-o", str(out)]) == 2
    assert "filled.csv is there already and says otherwise of 'B, Bo 2'; name" in capsys.readouterr().err
    assert out.read_bytes() == typed
    assert main([*sheets, "-o", str(out), "--overwrite"]) == 2
    assert main([*sheets, "-o", str(out), "--force"]) == 0
    assert b"2,x,3" in out.read_bytes()


def test_sheet_may_be_filled_in_place(tmp_path: Path, sheets: list[str], capsys):
    replaced(tmp_path / "c.csv", "2,x,", "2,x,5")
    assert main([*sheets, "-o", str(tmp_path / "c.csv")]) == 0
    assert "2: its grade in the gradebook CSV is '5' and was left" in capsys.readouterr().err
    assert (tmp_path / "c.csv").read_text().splitlines()[1:] == ['"A, Ada",1,x,7.5', '"B, Bo",2,x,5']


@pytest.mark.parametrize("data", [b"\x00\xff\xfe", b"PK\x03\x04", b"[1]", b"notes of mine\n", b'"a\n' * 9])
def test_any_other_file_is_kept(
    tmp_path: Path, sheets: list[str], book: list[str], folder: Path, data: bytes
):
    for name in ("x.csv", "x.zip"):
        (tmp_path / name).write_bytes(data)
    assert main([*sheets, "-o", str(tmp_path / "x.csv")]) == 2
    assert main(["gradebook", "export", *book, "-o", str(tmp_path / "x.csv")]) == 2
    given = ["--exercise", EXERCISE, *book, "-o", str(tmp_path / "x.zip")]
    assert main(["feedback", str(folder), *given]) == 2
    assert [(tmp_path / name).read_bytes() for name in ("x.csv", "x.zip")] == [data, data]


def test_points_given_by_hand_are_not_replaced_without_a_word(book: list[str], capsys):
    common = ["gradebook", "override", "ada", "--exercise", EXERCISE, *book, "--question", "a_ii"]
    assert main([*common, "--points", "3", "--why", "seen in class", "--who", "kim"]) == 0
    assert "replaces" not in capsys.readouterr().err
    assert main([*common, "--points", "2", "--why", "a slip", "--who", "lee"]) == 0
    assert "this replaces 3 points for a_ii, given by kim: seen in class" in capsys.readouterr().err
    assert main([*common, "--withdraw", "--why", "no", "--who", "lee"]) == 0
    assert main([*common, "--points", "1", "--why", "new", "--who", "lee"]) == 0
    assert "replaces" not in capsys.readouterr().err
