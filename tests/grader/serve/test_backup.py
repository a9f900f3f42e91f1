"""A backup while students hand in has all that was acknowledged before; put back, it is served again."""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.cli._main import main
from grader.gradebook.backup import back_up, restore
from grader.gradebook.database import GradebookError
from grader.gradebook.gradebook import Gradebook, open_gradebook
from grader.model.submission import AnswerFile
from grader.serve import inbox, people
from grader.serve.inbox import NewHandIn
from grader.serve.people import Person, Role
from grader.serve.running import server_for
from grader.serve.server import Server
from grader.submissions import build_submission
from tests.grader.serve.conftest import signed_in, wait_until_done

EXERCISE = "mit-6390-recitation-8"
PRESSES = map(str, itertools.count())


def new_book(place: Path, *students: str) -> Path:
    """A gradebook with people."""
    with open_gradebook(place) as book, book.writing_durably() as connection:
        people.keep_people(connection, [Person(id=one, name="", role=Role.STUDENT) for one in students])
    return place


def put(book: Gradebook, person: str) -> int:
    """Hand in once more, for as many questions as there are presses."""
    press = next(PRESSES)
    new = NewHandIn(
        person=person,
        exercise=EXERCISE,
        question=f"q{press}",
        press=press,
        submission=build_submission(person, [AnswerFile("answer.json", f'{{"a_i": {press}}}'.encode())]),
    )
    with book.writing_durably() as connection:
        return inbox.keep(connection, new)


def rows(place: Path, query: str) -> list[tuple[object, ...]]:
    """What a file holds."""
    with contextlib.closing(sqlite3.connect(place)) as connection:
        return connection.execute(query).fetchall()


def test_a_backup_under_load_has_all_that_was_acknowledged_and_is_served(
    server: Server, tmp_path: Path
) -> None:
    acknowledged: list[int] = []
    is_ending = threading.Event()

    def hand_in(person: str) -> None:
        client = signed_in(server, person)
        while not is_ending.is_set():
            sent = client.post(f"/exercise/{EXERCISE}/a_i", data={"field.Wss": "2x2", "press": next(PRESSES)})
            assert sent.status_code == 303
            acknowledged.append(int(sent.headers["location"].rpartition("/")[2]))

    students = [threading.Thread(target=hand_in, args=(one,)) for one in ("amara", "bruno", "chen")]
    copies = []
    with signed_in(server, "zoe"):
        for one in students:
            one.start()
        try:
            for number in range(3):
                while len(acknowledged) < 4 * (number + 1):
                    time.sleep(0.01)
                before = list(acknowledged)
                copy = tmp_path / f"copy{number}.db"
                back_up(str(server.course.folder / "course.db"), copy)
                copies.append((copy, before))
        finally:
            is_ending.set()
            for one in students:
                one.join(60)
    for copy, before in copies:
        there = {number for (number,) in rows(copy, "select id from hand_ins")}
        assert set(before) <= there
        assert rows(copy, "pragma integrity_check") == [("ok",)]
        # Both or neither: what one transaction wrote.
        settled = rows(copy, "select count(*) from hand_ins where attempt is not null")
        assert (
            settled
            == rows(copy, "select count(*) from attempts")
            == rows(copy, "select count(*) from results")
        )
    restored, before = tmp_path / "restored.db", copies[-1][1]
    assert restore(copies[-1][0], str(restored)) is None
    with server_for(server.course.folder, database=str(restored), jobs=1) as again:
        with again.book.writing() as connection:
            connection.exec_driver_sql("update hand_ins set until = '2000' where state = 'running'")
        with signed_in(again, "amara") as amara:
            wait_until_done(amara)
    states = dict(rows(restored, "select id, state from hand_ins"))  # type: ignore[arg-type]
    assert {states[number] for number in before} <= {inbox.DONE, inbox.REPLACED}


def test_what_is_written_after_the_backup_began_does_not_make_it_begin_anew(tmp_path: Path) -> None:
    place = new_book(tmp_path / "a.db", "amara")
    is_ending = threading.Event()

    def write() -> None:
        with open_gradebook(place) as book:
            while not is_ending.is_set():
                put(book, "amara")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            back_up(str(place), tmp_path / f"copy{number}.db")
    finally:
        is_ending.set()
        writer.join(60)
    counts = [rows(tmp_path / f"copy{number}.db", "select count(*) from hand_ins") for number in range(5)]
    assert counts == sorted(counts)


def test_a_backup_is_one_private_file_and_replaces_none_unasked(tmp_path: Path) -> None:
    place = new_book(tmp_path / "a.db", "amara")
    copies = tmp_path / "copies"
    copies.mkdir()
    assert main(["gradebook", "backup", str(copies / "b.db"), "--gradebook", str(place)]) == 0
    assert os.listdir(copies) == ["b.db"]
    assert stat.S_IMODE((copies / "b.db").stat().st_mode) == 0o600
    before = (copies / "b.db").read_bytes()
    with open_gradebook(place) as book:
        put(book, "amara")
    assert main(["gradebook", "backup", str(copies / "b.db"), "--gradebook", str(place)]) == 2
    assert (copies / "b.db").read_bytes() == before
    assert main(["gradebook", "backup", str(copies / "b.db"), "--gradebook", str(place), "--force"]) == 0
    assert rows(copies / "b.db", "select count(*) from hand_ins") == [(1,)]


@pytest.mark.parametrize("target", ["a.db", "a.db-wal", "link.db"])
def test_a_backup_is_not_written_over_the_gradebook(tmp_path: Path, target: str) -> None:
    place = new_book(tmp_path / "a.db", "amara")
    (tmp_path / "link.db").symlink_to(place)
    assert main(["gradebook", "backup", str(tmp_path / target), "--gradebook", str(place), "--force"]) == 2
    assert rows(place, "select id from people") == [("amara",)]


def test_restoring_moves_aside_what_was_there(tmp_path: Path) -> None:
    place, copy = new_book(tmp_path / "a.db", "amara"), tmp_path / "copy.db"
    back_up(str(place), copy)
    with open_gradebook(place) as book:
        put(book, "amara")
    aside = restore(copy, str(place), loses=True)
    assert aside is not None
    assert rows(place, "select count(*) from hand_ins") == [(0,)]
    assert rows(aside, "select count(*) from hand_ins") == [(1,)]
    assert not list(tmp_path.glob("*.part"))


CHANGES: dict[str, Callable[[Gradebook], object]] = {
    "hand_ins": lambda book: put(book, "amara"),
    "people": lambda book: sql(book, "insert into people values ('zoe', '', 'student', 1)"),
    "a role": lambda book: sql(book, "update people set role = 'assistant'"),
    "a state": lambda book: sql(book, "update hand_ins set state = 'replaced'"),
    "drafts": lambda book: draft(book),
}


def sql(book: Gradebook, statement: str) -> None:
    """Change something."""
    with book.writing_durably() as connection:
        connection.exec_driver_sql(statement)


def draft(book: Gradebook) -> None:
    """Type something."""
    from grader.serve.drafts import save_draft

    with book.writing_durably() as connection:
        save_draft(connection, "amara", EXERCISE, "a_i", {"field.Wss": "2x"})


@pytest.mark.parametrize("change", CHANGES)
def test_a_gradebook_that_has_what_the_backup_has_not_stays(tmp_path: Path, change: str) -> None:
    place, copy = new_book(tmp_path / "a.db", "amara"), tmp_path / "copy.db"
    with open_gradebook(place) as book:
        put(book, "amara")
        back_up(str(place), copy)
        CHANGES[change](book)
    with pytest.raises(GradebookError, match="it has what"):
        restore(copy, str(place))
    assert not [*tmp_path.glob("*.part"), *tmp_path.glob("*.replaced-*")]


def test_a_gradebook_that_is_older_than_the_backup_is_replaced(tmp_path: Path) -> None:
    place, older, copy = new_book(tmp_path / "a.db", "amara"), tmp_path / "older.db", tmp_path / "copy.db"
    back_up(str(place), older)
    with open_gradebook(place) as book:
        number = put(book, "amara")
    back_up(str(place), copy)
    restore(copy, str(older))
    assert rows(older, "select id from hand_ins") == [(number,)]


def test_nothing_is_restored_while_a_server_runs(tmp_path: Path) -> None:
    place, copy = new_book(tmp_path / "a.db", "amara"), tmp_path / "copy.db"
    back_up(str(place), copy)
    # As a server holds it.
    with (
        open_gradebook(place) as book,
        book.one_of_several_writers(),
        pytest.raises(GradebookError, match="server, is writing"),
    ):
        restore(copy, str(place), loses=True)


def test_who_signed_out_since_the_backup_is_not_signed_in_again(tmp_path: Path) -> None:
    place, copy = new_book(tmp_path / "a.db", "amara"), tmp_path / "copy.db"
    with open_gradebook(place) as book, book.writing_durably() as connection:
        amara = people.find_person(connection, "amara")
        assert amara
        token = people.sign_in(connection, amara)
    back_up(str(place), copy)
    with open_gradebook(place) as book, book.writing_durably() as connection:
        people.sign_out(connection, token)
    restore(copy, str(place))
    with open_gradebook(place) as book, book.reading() as connection:
        assert people.signed_in(connection, token) is None


@pytest.mark.parametrize("kind", ["cut", "other", "letter", "later"])
def test_what_is_no_whole_backup_is_not_restored(tmp_path: Path, kind: str) -> None:
    place, copy = new_book(tmp_path / "a.db", "amara"), tmp_path / "copy.db"
    if kind == "letter":
        copy.write_text("Dear database, " * 400)
    elif kind == "other":
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            connection.execute("create table songs (id integer)")
    else:
        back_up(str(place), copy)
        if kind == "cut":
            copy.write_bytes(copy.read_bytes()[:-8192])
        else:
            with contextlib.closing(sqlite3.connect(copy)) as connection:
                connection.execute("update alembic_version set version_num = '9999'")
                connection.commit()
    with pytest.raises(GradebookError):
        restore(copy, str(place), loses=True)
    assert rows(place, "select id from people") == [("amara",)]


def test_of_postgresql_its_own_programs_are_named_without_the_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "postgresql://me:pw@db.example.edu/course"
    assert main(["gradebook", "backup", str(tmp_path / "a.db"), "--gradebook", url]) == 2
    assert main(["gradebook", "restore", str(tmp_path / "a.db"), "--gradebook", url]) == 2
    said = capsys.readouterr().err
    assert "pg_dump --format=custom" in said
    assert "pg_restore --clean" in said
    assert "pw@" not in said
