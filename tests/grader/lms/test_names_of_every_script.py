"""A name in any script keeps its submission; what cannot be read is said first and is not a full run.

Canvas, lib/content_zipper.rb: the sortable name in lower case, "LATE", the user's id, joined by "_", without
what Ruby's `[[:word:]]` does not match: letters, marks, decimal digits and connecting punctuation of every
script stay (Onigmo, doc/RE). Then "_", the attachment's id, "_" and the name that the student chose.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from types import ModuleType

import pytest

from grader.cli import main
from grader.lms import announcement, read_class

EXERCISE = "mit-6390-recitation-8"
NAMES = {
    "German": "Müller, Hans",
    "German, spelt by a Mac": unicodedata.normalize("NFD", "Müller, Hans"),
    "Chinese": "李小龍",
    "Hindi, with vowel signs": "शर्मा, प्रिया",
    "Thai, with tone marks": "สุขใจ, น้ำฝน",
    "Arabic, with vowel marks": "مُحَمَّد",
    "Hebrew, with points": "שָׁלוֹם, דוד",
    "Vietnamese": "Nguyễn, Văn Ánh",
    "Persian, with a joiner": "نرگس‌زاده, علی",
    "Georgian": "ბერიძე, ნინო",
    "Tamil": "கண்ணன், சுப்பிரமணி",
    "marks without a letter of their own": "Ŝ̂t̂ẽv̈ẽ",
    "only signs": "★!★",
    "digits only": "1234",
    "of another planet": "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
}
FIRST_ID = 1001


def is_word(letter: str) -> bool:
    kind = unicodedata.category(letter)
    return kind[0] in "LM" or kind in ("Nd", "Pc")


def by_canvas(name: str, user: int, file: str, *, is_late: bool = False) -> str:
    stem = "_".join([name.lower(), *(["LATE"] if is_late else []), str(user)])
    return "".join(filter(is_word, stem)) + f"_{user + 40_000}_{file}"


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize("script", NAMES)
def test_canvas_keeps_every_letter(tmp_path: Path, layouts: ModuleType, script: str, is_late: bool):
    names = [by_canvas(NAMES[script], FIRST_ID, "a.py", is_late=is_late)]
    names += [by_canvas("Doe, Jane", 1002, "a.py"), by_canvas("Roe, Bob", 1003, "lösung_2_final.py")]
    listing = read_class(layouts.zipped(tmp_path / "c.zip", dict.fromkeys(names, layouts.ANSWER)))
    assert (listing.layout, listing.unmatched) == ("canvas", ())
    assert [one.student for one in listing.submissions] == ["1001", "1002", "1003"]
    assert [one.is_late for one in listing.submissions] == [is_late, False, False]
    assert listing.submissions[2].names == ("lösung_2_final.py",)
    assert listing.submissions[0].return_name == unicodedata.normalize("NFC", names[0])


def test_class_of_every_script_is_read_whole(tmp_path: Path, layouts: ModuleType):
    names = [by_canvas(name, FIRST_ID + at, "a.py") for at, name in enumerate(NAMES.values())]
    listing = read_class(layouts.lay_out(tmp_path, dict.fromkeys(names, layouts.ANSWER)))
    assert (listing.layout, listing.unmatched) == ("canvas", ())
    assert [one.student for one in listing.submissions] == [str(FIRST_ID + at) for at in range(len(NAMES))]


def test_a_file_that_was_saved_twice_does_not_hide_the_layout(tmp_path: Path, layouts: ModuleType):
    names = ["doejane_1002_50002_a.py", "doejane_1002_50002_a (1).py", "roebob_1003_50003_a.py"]
    listing = read_class(layouts.lay_out(tmp_path, dict.fromkeys(names, layouts.ANSWER)))
    assert listing.layout == "canvas"
    assert {one.student for one in listing.submissions} == {"1002", "1003"}


def test_an_unpacked_zip_of_a_student_is_that_students(tmp_path: Path, layouts: ModuleType):
    files = {"doejane_1002_50002_hw/answer.py": layouts.ANSWER, "roebob_1003_50003_a.py": layouts.ANSWER}
    listing = read_class(layouts.lay_out(tmp_path, files))
    assert [(one.student, one.paths) for one in listing.submissions] == [
        ("1002", ("doejane_1002_50002_hw",)),
        ("1003", ("roebob_1003_50003_a.py",)),
    ]


CANVAS = ["doejane_1002_50002_a.py", "roebob_1003_50003_a.py"]
MOODLE = ["Jane Doe_7_assignsubmission_file_a.py", "Bob Roe_8_assignsubmission_file_a.py"]
BLACKBOARD = [f"HW_{one}_attempt_2026-10-05-10-22-33_a.py" for one in ("jane", "bob")]


@pytest.mark.parametrize(
    ("files", "lost"),
    [
        ([*CANVAS, "roe bob 1004 a.py"], ["roe bob 1004 a.py"]),
        ([*CANVAS, "roe.pdf"], ["roe.pdf"]),
        ([*CANVAS, "roster.csv", "course.toml", "gradebook.db", ".hidden", ".DS_Store"], []),
        ([*MOODLE, "Cleo_assignsubmission_file/answer.py"], ["Cleo_assignsubmission_file"]),
        ([*BLACKBOARD, "stray.py"], ["stray.py"]),
        (["rnn-hw3-ada/.git/x", "rnn-hw3-bo/.git/x", "old/.git/x", "notes.txt"], ["old"]),
        (["submitted/a/hw/timestamp.txt", "submitted/b/answer.py"], ["submitted/b/answer.py"]),
        (["ada.py", "notes.txt", "report.pdf", "list.csv"], []),
        (
            ["ada.py", "bo.rar", "cy.tar.gz", "di.PY.txt", "dx.7z"],
            ["bo.rar", "cy.tar.gz", "di.PY.txt", "dx.7z"],
        ),
        (["ada.py", "bo/answer.py", "bo.zip", "x_submissions.zip"], ["bo", "bo.zip", "x_submissions.zip"]),
    ],
)
def test_what_may_be_a_submission_and_is_not_read_is_said_first(
    tmp_path: Path, layouts: ModuleType, files: list[str], lost: list[str]
):
    listing = read_class(layouts.lay_out(tmp_path, dict.fromkeys(files, layouts.ANSWER)))
    assert [one.path for one in listing.lost] == lost
    assert listing.is_in_doubt == bool(lost)
    lines = announcement(listing)
    assert lines[0].startswith("NOT READ" if lost else "read as")
    assert all(path in "\n".join(lines[1 : len(lost) + 1]) for path in lost)


@pytest.mark.parametrize("names", [CANVAS[:1], MOODLE[:1], BLACKBOARD[:1]])
def test_names_of_a_layout_among_plain_ones_are_in_doubt(
    tmp_path: Path, layouts: ModuleType, names: list[str]
):
    files = dict.fromkeys((*names, "ada.py", "bo.py", "cy.py", "di.py"), layouts.ANSWER)
    listing = read_class(layouts.lay_out(tmp_path, files))
    assert (listing.layout, len(listing.submissions)) == ("plain", 5)
    assert listing.is_in_doubt
    assert f"--preset {listing.looks_like} or --preset plain" in announcement(listing)[0]
    assert not read_class(tmp_path, preset="plain").is_in_doubt


@pytest.mark.parametrize("names", [CANVAS[:1], MOODLE[:1], BLACKBOARD[:1]])
def test_a_good_part_of_a_layouts_names_is_that_layout(tmp_path: Path, layouts: ModuleType, names: list[str]):
    listing = read_class(layouts.lay_out(tmp_path, dict.fromkeys((*names, "a b.py", "c d.py"), b"a = 1")))
    assert listing.layout != "plain"
    assert len(listing.submissions) == 1
    assert [one.path for one in listing.lost] == ["a b.py", "c d.py"]
    assert announcement(listing)[0].startswith("NOT READ")


@pytest.mark.parametrize(
    ("names", "students", "lost"),
    [
        (["eve_1005_1002_50002_a.py", "bob_1005_50005_b.py"], ["1002", "1005"], 0),
        (["eve_1005_LATE_1002_50002_a.py", "bob_1005_50005_b.py"], ["1002", "1005"], 0),
        (["eve_1005_1002_text.html", "bob_LATE_1005_50005_b.py"], ["1002", "1005"], 0),
        (["ann_1006_50006_3_x.py", "ann_1006_50007_4_y.py"], ["1006"], 0),
        (["eve_1005_1002_50002_a.py", "bob_1005_50005_3_b.py", "cy_1_7000_x.py"], ["1"], 2),
        (["eve_1005_50002_a.py", "bob_1005_50005_b.py", "cy_1_7000_x.py"], ["1"], 2),
    ],
)
def test_a_name_that_ends_like_another_users_id_takes_nobodys_place(
    tmp_path: Path, layouts: ModuleType, names: list[str], students: list[str], lost: int
):
    listing = read_class(layouts.lay_out(tmp_path, dict.fromkeys(names, b"a = 1")), preset="canvas")
    assert [one.student for one in listing.submissions] == students
    assert len(listing.lost) == lost


@pytest.mark.parametrize("place", ["", "submitted/"])
def test_hidden_folders_are_no_students(tmp_path: Path, layouts: ModuleType, place: str):
    files = [f"{place}.git/refs/x", f"{place}.git/hooks/y", f"{place}.vscode/settings.json"]
    files += [f"{place}ada/hw/timestamp.txt", f"{place}bo/hw/timestamp.txt"]
    listing = read_class(layouts.lay_out(tmp_path, dict.fromkeys(files, b"x")))
    assert [one.student for one in listing.submissions] == ["ada", "bo"]
    assert [one.path for one in listing.unmatched] == [f"{place}.git", f"{place}.vscode"]
    assert not listing.is_in_doubt


def test_plain_names_are_in_no_doubt(tmp_path: Path, layouts: ModuleType):
    files = {f"{name}.py": layouts.ANSWER for name in ("ada", "bo_1", "hw_3_2_cy", "李", "a-1")}
    files["di/.git/config"] = files["ed/timestamp.txt"] = files["ed/answer.py"] = layouts.ANSWER
    assert not read_class(layouts.lay_out(tmp_path, files)).is_in_doubt


@pytest.mark.parametrize(("stray", "code"), [("roe bob.py", 3), ("list.csv", 0)])
def test_a_run_that_left_a_submission_out_ends_otherwise(
    tmp_path: Path, layouts: ModuleType, capsys, stray: str, code: int
):
    folder = layouts.lay_out(tmp_path / "class", dict.fromkeys((*CANVAS, stray), b'{"a_ii": 1}'))
    for name in CANVAS:
        (folder / name).rename(folder / name.replace(".py", ".json"))
    common = ["--exercise", EXERCISE, "--gradebook", str(tmp_path / "g.db")]
    assert main(["batch", str(folder), *common, "--jobs", "1"]) == code
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines()] == ["1002", "1003"]
    assert err.splitlines()[0].startswith("NOT READ") == (code != 0)
    assert ("1 entry that may be a submission was not read" in err.splitlines()[-1]) == (code != 0)
    assert main(["feedback", str(folder), *common, "-o", str(tmp_path / "out")]) == code
    assert capsys.readouterr().err.startswith("NOT READ") == (code != 0)
