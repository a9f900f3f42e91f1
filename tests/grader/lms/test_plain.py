from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import SubmissionError
from grader.lms import announcement, read_class
from grader.submissions import collect_submitted
from grader.submissions.folder_tree import FolderTree


def test_each_file_and_folder_is_a_student(tmp_path: Path):
    (tmp_path / "ada.py").write_text("a = 1")
    (tmp_path / "bela").mkdir()
    (tmp_path / "bela" / "answer.py").write_text("a = 1")
    (tmp_path / "bela" / "notes.txt").write_text("x")
    (tmp_path / "grades.csv").write_text("x")
    listing = read_class(tmp_path)
    assert listing.layout == "plain"
    assert [submitted.student for submitted in listing.submissions] == ["ada", "bela"]
    assert [one.path for one in listing.unmatched] == ["grades.csv"]
    submission = collect_submitted(tmp_path, listing.submissions[1])
    assert [file.name for file in submission.files] == ["answer.py"]
    assert submission.left_out == ("notes.txt: not a kind of answer",)


def test_a_folder_or_zip_file_beside_a_file_of_its_name_is_a_conflict(tmp_path: Path):
    (tmp_path / "bob").mkdir()
    for name in ("bob.json", "bob/answer.py", "zed.py", "zed.zip", "ada.py", "eve.json", "eve.py"):
        (tmp_path / name).write_text("1")
    listing = read_class(tmp_path)
    assert [(one.student, one.paths) for one in listing.submissions] == [
        ("ada", ("ada.py",)),
        ("eve", ("eve.json", "eve.py")),
    ]
    assert [one.path for one in listing.unmatched] == ["bob", "bob.json", "zed.py", "zed.zip"]
    assert all("more than one submission" in one.reason for one in listing.unmatched)
    assert "eve: several files are one submission: eve.json, eve.py" in "\n".join(announcement(listing))


def test_ids_that_differ_in_case_only_are_named(tmp_path: Path):
    for name in ("Ada.py", "ada.json", "bo.py"):
        (tmp_path / name).write_text("1")
    said = "\n".join(announcement(read_class(tmp_path)))
    assert "'Ada' and 'ada' look like one student" in said
    assert "'bo'" not in said


def test_ids_that_differ_in_the_number_of_a_copy_are_named(tmp_path: Path):
    for name in ("ada.py", "ada (1).py", "ada-2.json", "team 1.py", "team 2.py", "v1.0.py"):
        (tmp_path / name).write_text("1")
    notes = [line for line in announcement(read_class(tmp_path)) if line.startswith("note")]
    assert notes == ["note: 'ada' and 'ada (1)' and 'ada-2' look like one student; each is kept on its own"]


def test_a_folder_that_cannot_be_opened_does_not_stop_the_class(tmp_path: Path, monkeypatch):
    (tmp_path / "ada.py").write_text("a = 1")
    (tmp_path / "bela").mkdir()
    children = FolderTree.children

    def refusing(self, path: str = ""):
        if path == "bela":
            raise PermissionError(13, "Permission denied")
        return children(self, path)

    monkeypatch.setattr(FolderTree, "children", refusing)
    listing = read_class(tmp_path)
    assert [one.student for one in listing.submissions] == ["ada", "bela"]
    with pytest.raises(SubmissionError, match="Permission denied"):
        collect_submitted(tmp_path, listing.submissions[1])
