"""One run at a time on a gradebook, whatever it is called, and nobody else reads it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.cli import main
from grader.gradebook.database import GradebookError
from grader.gradebook.gradebook import open_gradebook

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes and links are those of POSIX")

MIT = "mit-6390-recitation-8"


def linked(path: Path, other: Path) -> None:
    other.symlink_to(path)


def linked_twice(path: Path, other: Path) -> None:
    (other.parent / "between.db").symlink_to(path)
    other.symlink_to(other.parent / "between.db")


def linked_hard(path: Path, other: Path) -> None:
    os.link(path, other)


@pytest.mark.parametrize("link", [linked, linked_twice, linked_hard])
@pytest.mark.parametrize("is_first", [True, False])
def test_two_names_of_one_gradebook_are_one_gradebook(tmp_path: Path, link: Callable, is_first: bool):
    (tmp_path / "elsewhere").mkdir()
    names = [tmp_path / "g.db", tmp_path / "elsewhere" / "other.db"]
    open_gradebook(names[0]).close()
    link(*names)
    one, other = names if is_first else reversed(names)
    refused = pytest.raises(GradebookError, match="another run")
    with open_gradebook(one) as book, open_gradebook(other) as again:
        with book.sole_writer(), refused, again.sole_writer():
            pass
        with again.sole_writer():
            pass


def test_two_gradebooks_are_two(tmp_path: Path):
    one, other = open_gradebook(tmp_path / "a.db"), open_gradebook(tmp_path / "b.db")
    with one, other, one.sole_writer(), other.sole_writer():
        pass


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_what_holds_marks_is_for_its_owner_only(tmp_path: Path, umask: int):
    folder, book = tmp_path / "class", str(tmp_path / "book" / "g.db")
    folder.mkdir()
    Path(book).parent.mkdir()
    (folder / "ada.json").write_text('{"a_ii": {"g1": [6, 6, 6, 6]}}')
    where = ["--exercise", MIT, "--gradebook", book]
    before = os.umask(umask)
    try:
        assert main(["batch", str(folder), *where, "--jobs", "1"]) == 0
        with open_gradebook(book) as opened, opened.sole_writer():
            assert {mode(path) for path in Path(book).parent.iterdir()} == {0o600}
        assert main(["gradebook", "export", *where, "-o", str(tmp_path / "out.json")]) == 0
        for place in ("feedback", "feedback.zip"):
            feedback = ["feedback", str(folder), *where, "--format", "terminal", "-o", str(tmp_path / place)]
            assert main(feedback) == 0
    finally:
        os.umask(before)
    assert mode(tmp_path / "out.json") == mode(tmp_path / "feedback.zip") == 0o600
    assert mode(tmp_path / "feedback") == 0o700
    assert mode(tmp_path / "feedback" / "ada.txt") == 0o600


def test_a_mode_that_somebody_chose_stays(tmp_path: Path):
    book = tmp_path / "g.db"
    open_gradebook(book).close()
    book.chmod(0o640)
    with open_gradebook(book) as opened, opened.sole_writer():
        assert mode(book) == mode(tmp_path / "g.db.lock") == 0o640
