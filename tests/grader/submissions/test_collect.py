from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from grader.errors import SubmissionError
from grader.model.submission import AnswerFile
from grader.submissions import NothingHandedIn, collect, collect_json, empty_submission
from grader.submissions.collect import MAX_FILES, build_submission
from grader.submissions.safe_read import FILE_LIMIT_BYTES


def write(path: Path, text: str = "a = 1\n") -> Path:
    path.write_text(text)
    return path


def test_file_becomes_a_submission_named_after_its_stem(tmp_path: Path):
    submission = collect(write(tmp_path / "ada.py"))
    assert submission.student == "ada"
    assert [(file.name, file.data) for file in submission.files] == [("ada.py", b"a = 1\n")]
    assert submission.digest.startswith("sha256:")


def test_student_can_be_told(tmp_path: Path):
    assert collect(write(tmp_path / "answer.py"), student="s123").student == "s123"


def test_folder_is_read_one_level_deep_answer_first(tmp_path: Path):
    for name in ("b.json", "a.py", "answer.ipynb", "z.npz"):
        write(tmp_path / name)
    write(tmp_path / "notes.txt")
    write(tmp_path / "empty.py", "  \n")
    write(tmp_path / ".DS_Store")
    (tmp_path / "src").mkdir()
    write(tmp_path / "src" / "deep.py")
    submission = collect(tmp_path)
    assert [file.name for file in submission.files] == ["answer.ipynb", "a.py", "b.json", "z.npz"]
    assert submission.student == tmp_path.name
    assert submission.left_out == (
        "empty.py: the file is empty",
        "notes.txt: not a kind of answer",
        "src: a folder; only one level is read",
    )


def test_suffix_is_read_in_any_case(tmp_path: Path):
    assert collect(write(tmp_path / "Answer.PY")).files[0].name == "Answer.py"


def test_no_more_than_twenty_files_are_read(tmp_path: Path):
    for number in range(MAX_FILES + 2):
        write(tmp_path / f"part{number:02}.py")
    submission = collect(tmp_path)
    assert len(submission.files) == MAX_FILES
    assert submission.left_out == tuple(
        f"part{number}.py: only the first 20 answer files are read" for number in (20, 21)
    )


def test_links_are_not_followed(tmp_path: Path):
    secret = write(tmp_path / "secret.py", "key = 1")
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "answer.py").symlink_to(secret)
    with pytest.raises(NothingHandedIn, match="symbolic link"):
        collect(folder)
    with pytest.raises(NothingHandedIn, match="symbolic link"):
        collect(folder / "answer.py")


def test_pipe_is_refused_without_waiting(tmp_path: Path):
    os.mkfifo(tmp_path / "answer.py")
    with pytest.raises(NothingHandedIn, match="not a regular file"):
        collect(tmp_path / "answer.py")


def test_large_file_is_refused(tmp_path: Path):
    path = tmp_path / "answer.py"
    path.write_bytes(b"#" * (FILE_LIMIT_BYTES + 1))
    with pytest.raises(NothingHandedIn, match="larger than 2 MiB"):
        collect(path)


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("answer.py", "", "the file is empty"),
        ("answer.txt", "a = 1", r"'.txt' is not a kind of answer.*\.npz"),
        ("answer", "a = 1", "the name has no suffix"),
    ],
)
def test_unusable_file_is_told_by_what_it_is(tmp_path: Path, name: str, text: str, part: str):
    with pytest.raises(NothingHandedIn, match=part):
        collect(write(tmp_path / name, text))


def test_folder_without_an_answer_says_what_is_there(tmp_path: Path):
    with pytest.raises(NothingHandedIn, match="the folder is empty"):
        collect(tmp_path)
    write(tmp_path / "notes.txt")
    with pytest.raises(NothingHandedIn, match=r"notes\.txt: not a kind of answer"):
        collect(tmp_path)


def test_missing_path_offers_the_nearest_name(tmp_path: Path):
    write(tmp_path / "answer.py")
    with pytest.raises(SubmissionError, match=r"no such file or folder \(did you mean .*answer\.py"):
        collect(tmp_path / "anwser.py")


def test_impossible_path_is_one_clear_error():
    with pytest.raises(SubmissionError, match="cannot be read"):
        collect("answer\0.py")
    with pytest.raises(SubmissionError, match="cannot be read"):
        collect("a" * 5000 + ".py")


def test_unreadable_file_says_so(tmp_path: Path, monkeypatch):
    path = write(tmp_path / "answer.py")

    def refuse(name, *args, **more):
        raise PermissionError(errno.EACCES, "Permission denied", str(name))

    monkeypatch.setattr(os, "open", refuse)  # root may open everything
    with pytest.raises(SubmissionError, match="Permission denied"):
        collect(path)


def test_names_cannot_carry_control_characters(tmp_path: Path):
    write(tmp_path / "a\x1b[31m\n.py")
    assert [file.name for file in collect(tmp_path).files] == ["a_[31m_.py"]


def test_digest_depends_on_names_and_bytes(tmp_path: Path):
    first = collect(write(tmp_path / "a.py", "x")).digest
    assert collect(write(tmp_path / "a.py", "x")).digest == first
    assert collect(write(tmp_path / "a.py", "y")).digest != first
    assert collect(write(tmp_path / "b.py", "x")).digest != first


def test_standard_input_is_json():
    submission = collect_json(b'{"a": 1}')
    assert (submission.student, submission.files[0].name) == ("stdin", "stdin.json")
    for data in (b" \n", b" " * (FILE_LIMIT_BYTES + 1)):
        with pytest.raises(NothingHandedIn):
            collect_json(data)


def test_empty_submission_keeps_the_student():
    assert empty_submission("ada").student == "ada"
    assert empty_submission("ada").files == ()


def test_digest_is_that_of_the_files_and_of_what_was_left_out():
    files = [AnswerFile("answer.py", b"x = 1")]
    digests = {build_submission("s", files, left_out).digest for left_out in ((), ("a: b",), ("a", ": b"))}
    assert len(digests) == 3
    assert (
        build_submission("s", files, ["a: b"]).digest == build_submission("t", files, iter(["a: b"])).digest
    )
