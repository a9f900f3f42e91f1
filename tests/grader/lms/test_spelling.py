"""One student stays one, however a system writes accents: names in folders, zip files, lists and as typed.

The two spellings are Unicode's own (Standard Annex 15, figures 3 and 4, and Hangul by its chapter 3.12): one
letter, or a letter and what is set upon it. A Mac's file systems and packers write the second.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path
from types import ModuleType

import pytest

from grader.cli import main
from grader.lms import check_roster, read_class, read_roster
from grader.lms.fill import read_grades
from grader.submissions import collect_submitted

EXERCISE = "mit-6390-recitation-8"
RIGHT = "a_ii = dict(g1=[6, 6, 6, 6])\n"
WRONG = "a_ii = dict(g1=[5, 5, 5, 5])\n"
PAIRS = [
    ("Andr\u00e9", "Andre\u0301"),
    ("\u1e69", "s\u0323\u0307"),
    ("\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af"),
    ("\u00c5ngstr\u00f6m", "A\u030angstro\u0308m"),
]
ONE, OTHER = PAIRS[0]


@pytest.mark.parametrize(("letters", "pieces"), PAIRS)
@pytest.mark.parametrize(
    "path",
    [
        "{}.py",
        "{}/answer.py",
        "submitted/{}/hw/timestamp.txt",
        "HW_{}_attempt_2026-10-05-10-22-33_answer.py",
    ],
)
def test_both_spellings_are_one_id(tmp_path: Path, layouts: ModuleType, letters: str, pieces: str, path: str):
    ids = set()
    for place, name in (("one", letters), ("other", pieces)):
        files = {path.format(name): RIGHT.encode(), path.format("bob"): RIGHT.encode()}
        listing = read_class(layouts.lay_out(tmp_path / place, files))
        ids |= {one.student for one in listing.submissions}
        assert all(
            collect_submitted(tmp_path / place, one).files
            for one in listing.submissions
            if "submitted" not in path
        )
    assert ids == {letters, "bob"}


def test_pattern_reads_both_spellings(tmp_path: Path, layouts: ModuleType):
    place = layouts.lay_out(tmp_path, {f"{OTHER}-a.py": b"a = 1", f"{ONE}-b.py": b"b = 1"})
    (submitted,) = read_class(place, pattern=r"(?P<student>\w+)-(?P<file>.+)").submissions
    assert (submitted.student, len(submitted.paths)) == (ONE, 2)


@pytest.mark.parametrize("path", ["{}.py", "{}/answer.py", "submitted/{}/hw/timestamp.txt"])
def test_two_folders_of_one_student_are_both_named_and_neither_is_marked(
    tmp_path: Path, layouts: ModuleType, path: str
):
    files = {path.format(name): RIGHT.encode() for name in (ONE, OTHER, "bob")}
    listing = read_class(layouts.lay_out(tmp_path, files))
    assert [one.student for one in listing.submissions] == ["bob"]
    assert len(listing.unmatched) == 2
    assert all("more than one submission" in one.reason for one in listing.unmatched)


def test_files_of_one_stem_in_two_spellings_are_one_submission(tmp_path: Path, layouts: ModuleType):
    place = layouts.lay_out(tmp_path, {f"{ONE}.py": b"a = 1", f"{OTHER}.json": b"{}"})
    (submitted,) = read_class(place).submissions
    assert (submitted.student, len(submitted.paths)) == (ONE, 2)


def with_raw_names(names: list[str], encoding: str = "utf-8", extra: bool = False) -> bytes:
    """A zip file whose names have no flag that says UTF-8, as a Mac's packer writes them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for at, name in enumerate(names):
            member = zipfile.ZipInfo("x" * (len(name.encode(encoding)) - 4) + f"{at:04}")
            if extra:
                checksum = zlib.crc32(name.encode(encoding))
                told = struct.pack("<BL", 1, checksum) + name.encode()
                member.extra = struct.pack("<HH", 0x5455, 1) + b"x"
                member.extra += struct.pack("<HH", 0x7075, len(told)) + told
            archive.writestr(member, RIGHT)
    data = target.getvalue()
    for at, name in enumerate(names):
        raw = name.encode(encoding)
        data = data.replace(b"x" * (len(raw) - 4) + f"{at:04}".encode(), raw)
    return data


@pytest.mark.parametrize("name", ["José.py", OTHER + ".py", "李小龍.py", "Ελένη.py"])
def test_names_in_a_zip_are_utf_8_with_and_without_the_flag(tmp_path: Path, layouts: ModuleType, name: str):
    (tmp_path / "bare.zip").write_bytes(with_raw_names([name, "Ann0.py"]))
    layouts.zipped(tmp_path / "flag.zip", {name: RIGHT.encode(), "Ann0.py": RIGHT.encode()})
    assert not zipfile.ZipFile(tmp_path / "bare.zip").infolist()[0].flag_bits & 0x800
    assert zipfile.ZipFile(tmp_path / "flag.zip").infolist()[0].flag_bits & 0x800
    bare, flag = (read_class(tmp_path / one) for one in ("bare.zip", "flag.zip"))
    assert [one.student for one in bare.submissions] == [one.student for one in flag.submissions]
    assert all(collect_submitted(tmp_path / "bare.zip", one).files for one in bare.submissions)


def test_name_that_is_not_utf_8_is_read_as_zip_files_always_were(tmp_path: Path):
    (tmp_path / "old.zip").write_bytes(with_raw_names(["José.py"], "cp437"))
    assert [one.student for one in read_class(tmp_path / "old.zip").submissions] == ["José"]


def test_name_in_utf_8_beside_one_in_the_systems_own_letters_counts(tmp_path: Path):
    (tmp_path / "win.zip").write_bytes(with_raw_names(["Şükrü.py"], "cp1254", extra=True))
    assert [one.student for one in read_class(tmp_path / "win.zip").submissions] == ["Şükrü"]


def test_class_list_and_grades_may_be_written_either_way(tmp_path: Path, layouts: ModuleType):
    place = layouts.lay_out(tmp_path / "class", {f"{ONE}.py": b"x"})
    (tmp_path / "list.csv").write_text(f"id\n{OTHER}\n", encoding="utf-8")
    check = check_roster(read_class(place), read_roster(tmp_path / "list.csv"))
    assert (check.missing, check.unknown) == ((), ())
    record = {"student": OTHER, "exercise": "e", "points": 1, "max_points": 1, "questions": {}}
    assert read_grades(json.dumps([record]), "g.json")[0].student == ONE


def test_gradebook_has_one_student_however_the_name_is_written(tmp_path: Path, layouts: ModuleType, capsys):
    book = ["--gradebook", str(tmp_path / "g.db")]
    for place, name, answer in (("mac", OTHER, WRONG), ("linux", ONE, RIGHT)):
        folder = layouts.lay_out(tmp_path / place, {f"{name}.json": json.dumps({"a_ii": [1]}).encode()})
        (folder / f"{name}.json").write_text(json.dumps({"a_ii": {"g1": [6, 6, 6, len(answer) % 7]}}))
        assert main(["batch", str(folder), "--exercise", EXERCISE, *book, "--jobs", "1"]) == 0
    capsys.readouterr()
    assert main(["gradebook", "export", *book]) == 0
    assert [one["student"] for one in json.loads(capsys.readouterr().out)] == [ONE]
    for typed in (ONE, OTHER):
        assert main(["gradebook", "show", *book, "--student", typed]) == 0
        assert main(["gradebook", "history", typed, *book]) == 0
        given = ["--exercise", EXERCISE, "--points", "1", "--why", "told"]
        assert main(["gradebook", "override", typed, *given, *book]) == 0
    assert ONE in capsys.readouterr().out


def test_extension_finds_the_student_however_the_name_is_written():
    from grader.gradebook.course import read_course

    text = '[exercise.e]\ndue = 2026-10-01T12:00:00Z\n[[extension]]\nstudent = "{}"\ndays = 3\nwhy = "ill"\n'
    dues = {read_course(text.format(name), "c.toml").policy(ONE, "e").due for name in (ONE, OTHER)}
    assert {str(due) for due in dues} == {"2026-10-04 12:00:00+00:00"}


def test_a_letter_under_a_million_marks_is_left_alone(tmp_path: Path, layouts: ModuleType):
    # Sorting the marks of one letter takes time with the square of their number: this would take an hour.
    heap = "a" + "\u0301\u0323" * 250_000
    time = "2026-10-05-10-22-33"
    text = layouts.sidecar("Ada", "ada", {}) + f"\n{heap}".encode()
    place = layouts.lay_out(tmp_path, {f"HW_ada_attempt_{time}.txt": text})
    assert [one.student for one in read_class(place).submissions] == ["ada"]
    files = {"bo/answer.py": f"import {heap}".encode(), "bo/helper-1.py": b"x = 1"}
    (submitted,) = read_class(layouts.lay_out(tmp_path / "other", files)).submissions
    assert len(collect_submitted(tmp_path / "other", submitted).files) == 2
