"""No name that a folder or a zip file can hold makes a reader raise, hide a file, or merge two students."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.lms import announcement, read_class
from grader.lms.class_layout import layout_names
from grader.submissions import collect_submitted
from grader.submissions.safe_names import clean_id, escaped

PIECES = [
    *("_", "-", ".", "LATE", "anon_", "1", "12", "٣", "x", "é", "\u202e", "\n", "\x1b[31m", " ", "~", "=1+1"),
    *("_attempt_2026-10-05-10-22-33", "_assignsubmission_file_", "_assignsubmission_", "submission_"),
    *(".py", ".txt", ".zip", ".git", "submitted", "A", "a", "text.html", "__MACOSX", "'", '"'),
]
names = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="/\0"), min_size=1, max_size=40),
)
raw_names = st.one_of(
    names.map(os.fsencode), st.binary(min_size=1, max_size=40).filter(lambda raw: not set(raw) & {0, 0x2F})
).filter(lambda raw: raw not in (b".", b"..") and len(raw) < 250)
presets = st.one_of(st.none(), st.sampled_from(layout_names()))


def is_plain(text: str) -> bool:
    return text.isprintable() and "\n" not in text


def check(place: Path, preset: str | None, present: set[str]) -> None:
    try:
        listing = read_class(place, preset=preset)
    except SubmissionError as error:
        # The only two: an export without its metadata, a course of several assignments.
        expected = "submission_metadata.yml" in str(error) or "assignments" in str(error)
        if expected and is_plain(str(error)):
            return
        raise
    known = {path for one in listing.submissions for path in one.paths}
    named = {one.path for one in listing.unmatched}
    for name in present:
        is_inside = any(path == name or path.startswith(f"{name}/") for path in known)
        assert (
            is_inside
            or any(one == escaped(name) or one.startswith(escaped(name) + "/") for one in named)
            or (is_sidecar(name, listing.layout) or name == listing.base)
        )
    assert len({(one.student, one.attempt) for one in listing.submissions}) == len(listing.submissions)
    assert all(is_plain(line) for line in announcement(listing))
    for one in listing.submissions:
        assert is_plain(one.student)
        assert "/" not in one.student
        assert one.student not in ("", ".", "..")
        assert is_plain(one.name)
        submission = collect_submitted(place, one)
        assert all(is_plain(reason) for reason in submission.left_out)
        assert all(is_plain(file.name) for file in submission.files)


def is_sidecar(name: str, preset: str) -> bool:
    return preset == "blackboard" and name.endswith(".txt")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(raw_names, st.booleans()), max_size=6), presets)
def test_any_names_in_a_folder(entries: list[tuple[bytes, bool]], preset: str | None):
    with tempfile.TemporaryDirectory() as place:
        present = set()
        for raw, is_folder in entries:
            path = os.path.join(os.fsencode(place), raw)
            with contextlib.suppress(FileExistsError, IsADirectoryError):
                if is_folder:
                    os.mkdir(path)
                    Path(os.fsdecode(path), "answer.py").write_text("a = 1")
                else:
                    Path(os.fsdecode(path)).write_text("a = 1")
                present.add(os.fsdecode(raw))
        check(Path(place), preset, present)


zip_names = st.lists(st.one_of(names, st.sampled_from(["..", ".", "", "C:", "a\\b"])), min_size=1, max_size=3)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(zip_names.map("/".join), max_size=6), presets)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_any_names_in_a_zip_file(members: list[str], preset: str | None):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in members:
            archive.writestr(zipfile.ZipInfo(name or "x"), "a = 1")
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "class.zip")
        path.write_bytes(target.getvalue())
        check(path, preset, set())


@given(st.text(), st.text())
def test_ids_are_plain_and_long_names_stay_apart(one: str, other: str):
    assert is_plain(clean_id(one))
    long_one, long_other = "x" * 200 + one, "x" * 200 + other
    assert len(clean_id(long_one)) <= 120
    if long_one.strip(" ") != long_other.strip(" "):
        assert clean_id(long_one) != clean_id(long_other)


def test_escape_that_spells_another_name_takes_nobodys_id(tmp_path: Path):
    (tmp_path / "ada\\n").mkdir()
    (tmp_path / "ada\n").mkdir()
    listing = read_class(tmp_path)
    assert [one.paths for one in listing.submissions] == [("ada\\n",)]
    assert "already stands for another name" in listing.unmatched[0].reason


def test_names_that_differ_in_case_are_two_students(tmp_path: Path):
    (tmp_path / "Ada.py").write_text("x")
    (tmp_path / "ada.py").write_text("x")
    assert [one.student for one in read_class(tmp_path).submissions] == ["Ada", "ada"]


def test_links_pipes_and_sockets_are_named_not_followed(tmp_path: Path):
    (tmp_path / "ada.py").symlink_to("/etc/passwd")
    (tmp_path / "bela").symlink_to("/etc")
    os.mkfifo(tmp_path / "cleo.py")
    (tmp_path / "dario").mkdir()
    (tmp_path / "dario" / "answer.py").symlink_to("/etc/passwd")
    listing = read_class(tmp_path)
    assert [(one.path, one.reason) for one in listing.unmatched] == [
        ("ada.py", "a symbolic link"),
        ("bela", "a symbolic link"),
        ("cleo.py", "not a regular file"),
    ]
    submission = collect_submitted(tmp_path, listing.submissions[0])
    assert submission.left_out == ("answer.py: a symbolic link",)


def test_folder_swapped_for_a_link_after_listing_is_not_followed(tmp_path: Path):
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "answer.py").write_text("x")
    (submitted,) = read_class(tmp_path).submissions
    (tmp_path / "ada").rename(tmp_path / "elsewhere")
    (tmp_path / "ada").symlink_to(tmp_path / "elsewhere")
    assert collect_submitted(tmp_path, submitted).left_out == ("ada: a symbolic link",)


def test_submission_that_vanished_is_an_error_not_an_empty_answer(tmp_path: Path):
    (tmp_path / "ada.py").write_text("x")
    (submitted,) = read_class(tmp_path).submissions
    (tmp_path / "ada.py").unlink()
    with pytest.raises(SubmissionError, match="is no longer there"):
        collect_submitted(tmp_path, submitted)
