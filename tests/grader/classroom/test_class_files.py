"""A class that is there already is not read again, and nothing that changed in it goes unnoticed.

The judge is the way that knows no stamps: it reads everything, and finds nothing left to mark.
"""

from __future__ import annotations

import json
import mmap
import os
import random
import shutil
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path

import msgspec
import pytest

from grader.classroom.batch import Event, run_class
from grader.classroom.class_files import Stamps, attempts_in, each_unchanged
from grader.classroom.machines import Machines
from grader.classroom.pending import Assignment, undecided
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.read_records import stored_attempts, stored_results
from grader.gradebook.write_records import NewResult, keep_results
from grader.lms import read_class
from grader.model.submission import SubmittedFiles
from grader.submissions import build_submission, stamps

OLDER_S = 0.04
"""In place of two seconds; a tick of the kernel's clock takes up to 0.01 s."""


class Here(Executor):
    """Marks at once, in this process; the answers are JSON."""

    def submit(self, fn, /, *args, **kwargs):
        future: Future = Future()
        future.set_result(fn(*args, **kwargs))
        return future


HERE = Machines(Here(), 4, lambda: None)


@pytest.fixture(autouse=True)
def _soon_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "SURELY_OLDER_NS", int(OLDER_S * 1e9))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two students with a file, one with a folder, one with a folder in a folder, and one with a zip file."""
    folder = tmp_path / "class"
    for place in ("ada.json", "bo.json", "cy/answer.json", "di/packed/answer.json"):
        write(folder / place, 42)
    with zipfile.ZipFile(folder / "ed.zip", "w") as packed:
        packed.writestr("answer.json", answer(42))
    time.sleep(1.5 * OLDER_S)
    return folder


def answer(number: int) -> str:
    return json.dumps({"number": f"{number:04}"})


def write(path: Path, number: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(answer(number))


def mark(
    assignment: Assignment, folder: Path, book: Gradebook, listed: tuple[SubmittedFiles, ...] | None = None
) -> set[str]:
    """Mark a class as `batch` does; the students whose files were read."""
    listed = read_class(folder).submissions if listed is None else listed
    with book.reading() as connection:
        told = list(each_unchanged(connection, folder, listed, assignment.exercise))
    changed = [one for one, is_unchanged in told if not is_unchanged]
    attempts = attempts_in(folder, changed, "sums", Stamps(assignment.exercise))
    run_class(assignment, attempts, book, HERE, lambda event: None)
    return {one.student for one in changed}


def unnoticed(assignment: Assignment, folder: Path, book: Gradebook) -> list[str]:
    """Who is marked by a run that reads everything, and was not by the one before it."""
    events: list[Event] = []
    attempts = attempts_in(folder, read_class(folder).submissions, "sums")
    run_class(assignment, attempts, book, HERE, events.append)
    return [one.attempt.student for one in events if one.how != "there"]


def put_in_place(path: Path, write_other: Callable[[Path], object]) -> None:
    """Another file under the same name, with the same times."""
    before = path.stat()
    other = path.with_name("other.tmp")
    write_other(other)
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.rename(path)


def same_size_and_times(folder: Path, number: int) -> None:
    path = folder / "ada.json"
    before = path.stat()
    write(path, number)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def by_another_name(folder: Path, number: int) -> None:
    """Its content is written through a second name of the same file, outside of the class."""
    link = folder.parent / "link.json"
    link.unlink(missing_ok=True)
    link.hardlink_to(folder / "ada.json")
    write(link, number)


def through_memory(folder: Path, number: int) -> None:
    with (folder / "ada.json").open("r+b") as file, mmap.mmap(file.fileno(), 0) as view:
        view[:] = answer(number).encode()


def exchanged(folder: Path, number: int) -> None:
    write(folder / "ada.json", number)
    (folder / "ada.json").rename(folder / "other.tmp")
    (folder / "bo.json").rename(folder / "ada.json")
    (folder / "other.tmp").rename(folder / "bo.json")


def away_and_back(folder: Path, number: int) -> None:
    """A copy with all its times, as a backup gives it back."""
    shutil.copytree(folder, folder.parent / "backup")
    write(folder / "cy" / "answer.json", number)
    write(folder / "di" / "packed" / "answer.json", number)
    shutil.rmtree(folder)
    (folder.parent / "backup").rename(folder)


def in_a_zip(folder: Path, number: int) -> None:
    def pack(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("answer.json", answer(number))

    put_in_place(folder / "ed.zip", pack)


EDITS: dict[str, Callable[[Path, int], object]] = {
    "same size, times put back": same_size_and_times,
    "another file in its place": lambda folder, number: put_in_place(
        folder / "ada.json", lambda path: write(path, number)
    ),
    "through another name": by_another_name,
    "through memory": through_memory,
    "two exchange their files": exchanged,
    "in a folder": lambda folder, number: write(folder / "cy" / "answer.json", number),
    "in a folder in a folder": lambda folder, number: write(folder / "di" / "packed" / "answer.json", number),
    "beside the answer": lambda folder, number: write(folder / "cy" / f"more{number}.json", number),
    "beside the folder in a folder": lambda folder, number: write(folder / "di" / f"{number}.json", number),
    "less beside it": lambda folder, number: [one.unlink() for one in (folder / "cy").glob("more*")],
    "in a zip file": in_a_zip,
    "a backup is put back": away_and_back,
    "somebody new": lambda folder, number: write(folder / f"new{number}.json", number),
    "somebody gone": lambda folder, number: (folder / "bo.json").unlink(missing_ok=True),
    "somebody back": lambda folder, number: write(folder / "bo.json", number),
    "nothing": lambda folder, number: None,
}


def test_what_is_untouched_is_not_read_again(assignment, folder: Path, book):
    everybody = {"ada", "bo", "cy", "di", "ed"}
    assert mark(assignment, folder, book) == everybody
    assert mark(assignment, folder, book) == set()
    os.utime(folder / "cy" / "answer.json")
    assert mark(assignment, folder, book) == {"cy"}, "touched, so read, and there already"
    time.sleep(1.5 * OLDER_S)
    mark(assignment, folder, book)
    assert mark(assignment, folder, book) == set()


@pytest.mark.parametrize("edit", [name for name in EDITS if name not in ("nothing", "less beside it")])
def test_a_change_is_noticed(assignment, folder: Path, book, edit: str):
    mark(assignment, folder, book)
    if edit == "two exchange their files":
        write(folder / "bo.json", 7)
        mark(assignment, folder, book)
    EDITS[edit](folder, 41)
    time.sleep(1.5 * OLDER_S)
    read = mark(assignment, folder, book)
    assert bool(read) == (edit != "somebody gone")
    assert not unnoticed(assignment, folder, book)


def test_no_edit_of_many_goes_unnoticed(assignment, folder: Path, book):
    rng = random.Random(17)
    for number in range(10):
        edits = rng.sample(sorted(EDITS), rng.randint(0, 3))
        try:
            for edit in edits:
                EDITS[edit](folder, number)
        except FileNotFoundError:
            write(folder / "bo.json", number)
        # Sometimes in the same tick of the clock as the run before.
        time.sleep(rng.choice([0, 0, 1.5 * OLDER_S]))
        mark(assignment, folder, book)
        assert not unnoticed(assignment, folder, book), edits


def test_what_changed_just_now_is_read_again(assignment, folder: Path, book, monkeypatch):
    write(folder / "ada.json", 1)
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now)  # however long marking takes on a busy machine
    mark(assignment, folder, book)
    # In the same tick, and of the same size, it may look the same.
    assert mark(assignment, folder, book) == {"ada"}


def test_a_moment_that_is_still_to_come_tells_nothing(assignment, folder: Path, book, monkeypatch):
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() - 3600 * 10**9)  # the clock was put back
    mark(assignment, folder, book)
    assert mark(assignment, folder, book) == {"ada", "bo", "cy", "di", "ed"}


@pytest.mark.parametrize("year", [1500, 2300, 2400])
def test_no_date_of_a_file_stops_the_class(assignment, folder: Path, book, year: int):
    at = round((year - 1970) * 365.2425) * 86400 * 10**9
    for place in ("ada.json", "cy/answer.json"):
        os.utime(folder / place, ns=(at, at))
    time.sleep(1.5 * OLDER_S)
    mark(assignment, folder, book)
    assert mark(assignment, folder, book) <= {"ada", "cy"}
    write(folder / "ada.json", 41)
    os.utime(folder / "ada.json", ns=(at, at))
    assert "ada" in mark(assignment, folder, book)
    assert not unnoticed(assignment, folder, book)


def test_where_the_system_does_not_keep_the_moment_all_is_read(assignment, folder: Path, book, monkeypatch):
    monkeypatch.setattr(stamps, "FILE_SYSTEMS", {})
    mark(assignment, folder, book)
    assert mark(assignment, folder, book) == {"ada", "bo", "cy", "di", "ed"}


def test_another_exercise_file_reads_all_again(assignment, changed, folder: Path, book):
    mark(assignment, folder, book)
    assert len(mark(changed, folder, book)) == 5
    assert mark(changed, folder, book) == set()
    assert len(mark(assignment, folder, book)) == 5, "what stands is of the other file"


def test_a_result_since_then_is_looked_at(assignment, folder: Path, book):
    mark(assignment, folder, book)
    with book.writing() as connection:
        row = next(one for one in stored_attempts(connection) if one.student == "ada")
        result = stored_results(connection, [row.result])[row.result]
        failed = undecided(assignment.exercise, build_submission("ada", []), "the disk is full")
        keep_results(connection, [NewResult(failed, "regrade", row.attempt)])
        keep_results(connection, [NewResult(result, "regrade", row.attempt, is_counted=False)])
    assert mark(assignment, folder, book) == {"ada"}
    assert not unnoticed(assignment, folder, book)


def test_what_is_undecided_is_tried_again(assignment, folder: Path, book, monkeypatch):
    with monkeypatch.context() as failing:
        failing.setattr(Here, "submit", _fails)
        mark(assignment, folder, book)
    assert mark(assignment, folder, book) == {"ada", "bo", "cy", "di", "ed"}
    assert not unnoticed(assignment, folder, book)


def _fails(self, fn, /, *args, **kwargs):
    future: Future = Future()
    future.set_exception(RuntimeError("it died"))
    return future


def test_a_group_is_unchanged_where_all_its_members_have_the_mark(assignment, folder: Path, book):
    (ada, *_) = read_class(folder).submissions
    group = (msgspec.structs.replace(ada, student="g1", members=("ada", "fay")),)
    mark(assignment, folder, book, group)
    assert mark(assignment, folder, book, group) == set()
    larger = (msgspec.structs.replace(group[0], members=("ada", "fay", "gus")),)
    assert mark(assignment, folder, book, larger) == {"g1"}
    with book.reading() as connection:
        assert [one.student for one in stored_attempts(connection)] == ["ada", "fay", "gus"]


def test_a_class_in_a_zip_file_is_read_again_where_that_was_exchanged(assignment, tmp_path: Path, book):
    path = tmp_path / "class.zip"

    def pack(path: Path, number: int = 42) -> None:
        with zipfile.ZipFile(path, "w") as packed:
            for student in ("ada", "bo"):
                packed.writestr(f"{student}.json", answer(number))

    pack(path)
    time.sleep(1.5 * OLDER_S)
    mark(assignment, path, book)
    assert mark(assignment, path, book) == set()
    put_in_place(path, lambda other: pack(other, 41))
    assert mark(assignment, path, book) == {"ada", "bo"}
    assert not unnoticed(assignment, path, book)
