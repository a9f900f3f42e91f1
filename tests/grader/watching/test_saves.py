"""When an answer counts as saved: it is read once it rests, and nothing that was saved is missed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.watching.saves import AGAIN_S, GONE_S, REST_S, Saves


class Clock:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    path = tmp_path / "answer.py"
    path.write_text("a = 1\n")
    return path


def due_after(saves: Saves, clock: Clock, seconds: float) -> bool:
    """Look now, and once more so many seconds later; whether it was due by then."""
    first = saves.is_due()
    clock.now += seconds + 0.001
    return first or saves.is_due()


def renamed(path: Path) -> None:
    other = path.with_name("answer.py~")
    other.write_text("a = 1\n")
    other.replace(path)


@pytest.mark.parametrize(
    "save",
    [
        lambda path: path.write_text("a = 2222\n"),
        lambda path: path.write_text("a = 2\n"),
        lambda path: path.write_text(""),
        renamed,
    ],
    ids=["longer", "as long", "emptied", "renamed"],
)
def test_a_save_is_seen_however_an_editor_saves(clock: Clock, answer: Path, save):
    os.utime(answer, ns=(1, 1))
    saves = Saves(answer, clock)
    save(answer)
    assert due_after(saves, clock, REST_S)


def test_a_file_put_back_with_its_old_times_is_seen(clock: Clock, answer: Path):
    saves, before = Saves(answer, clock), os.stat(answer)
    answer.write_text("a = 2\n")
    os.utime(answer, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert due_after(saves, clock, REST_S)


def test_nothing_is_due_where_nothing_is_saved(clock: Clock, answer: Path):
    saves = Saves(answer, clock)
    assert not due_after(saves, clock, REST_S)


def test_parts_of_a_save_are_waited_for(clock: Clock, answer: Path):
    saves = Saves(answer, clock)
    for length in range(5):
        answer.write_text("a" * length)
        assert not due_after(saves, clock, REST_S / 2)
        assert saves.is_restless
    assert due_after(saves, clock, REST_S)
    assert not saves.is_restless


def test_a_name_that_is_free_for_a_moment_is_no_deletion(clock: Clock, answer: Path):
    saves = Saves(answer, clock)
    answer.unlink()
    assert not due_after(saves, clock, GONE_S / 2)
    answer.write_text("a = 3\n")
    assert due_after(saves, clock, REST_S)


def test_a_deleted_file_is_told_of(clock: Clock, answer: Path):
    saves = Saves(answer, clock)
    answer.unlink()
    assert due_after(saves, clock, GONE_S)


def test_a_save_within_the_same_tick_of_the_file_system_is_found_by_its_bytes(clock: Clock, answer: Path):
    saves = Saves(answer, clock)
    assert due_after(saves, clock, AGAIN_S), "the bytes are compared once after the first reading"
    assert not due_after(saves, clock, AGAIN_S), "and not for ever"
    answer.write_text("a = 4\n")
    assert due_after(saves, clock, REST_S)
    assert due_after(saves, clock, AGAIN_S)


def test_a_file_in_a_folder_is_seen(clock: Clock, answer: Path):
    saves = Saves(answer.parent, clock)
    (answer.parent / "more.py").write_text("b = 1\n")
    assert due_after(saves, clock, REST_S)
    answer.write_text("a = 55\n")
    assert due_after(saves, clock, REST_S)
