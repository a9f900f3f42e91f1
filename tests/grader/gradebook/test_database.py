from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from grader.gradebook.database import GradebookError, engine_for
from grader.gradebook.gradebook import HEAD, MIGRATIONS, open_gradebook, version_of
from grader.serve.tables import HAND_INS


def test_migrations_make_the_tables_that_the_code_uses(place: str):
    # The tables of the server stand in the same database, and are known once their module is imported.
    with open_gradebook(place) as book, book.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), HAND_INS.metadata) == []
        assert version_of(connection) == HEAD


def test_head_is_the_last_migration():
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_a_migration_that_stops_half_way_leaves_nothing(place: str, monkeypatch):
    from grader.gradebook import gradebook as module

    def stop(connection):
        connection.execute(text("CREATE TABLE half (x INTEGER)"))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "migrate", stop)
        with pytest.raises(KeyboardInterrupt):
            open_gradebook(place)
    with open_gradebook(place) as book, book.reading() as connection:
        assert version_of(connection) == HEAD


def test_what_a_transaction_that_writes_has_read_is_still_so_when_it_writes(place: str):
    with open_gradebook(place) as book:
        with book.writing() as connection:
            connection.execute(text("CREATE TABLE counter (n INTEGER)"))
            connection.execute(text("INSERT INTO counter VALUES (0)"))

        def count(_: int) -> None:
            with book.writing_durably() as connection:
                n = connection.execute(text("SELECT n FROM counter")).scalar_one()
                connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

        with ThreadPoolExecutor(6) as threads:
            list(threads.map(count, range(60)))
        with book.reading() as connection:
            assert connection.execute(text("SELECT n FROM counter")).scalar() == 60


def test_two_that_open_a_new_gradebook_at_once_both_get_it(place: str):
    both = threading.Barrier(2)

    def version(_: int) -> str | None:
        both.wait(30)
        with open_gradebook(place) as book, book.reading() as connection:
            return version_of(connection)

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(version, range(2))) == [HEAD, HEAD]


def test_many_that_open_new_files_at_once_all_get_them(tmp_path: Path):
    # Without waiting for each other, one of four is refused at every thirtieth file.
    for at in range(60):
        together = threading.Barrier(4)

        def opened(_: int, at: int = at, together: threading.Barrier = together) -> int:
            engine = engine_for(str(tmp_path / f"{at}.db"), must_exist=False, only_reads=False)
            together.wait(30)
            with engine.connect() as connection:
                return int(connection.execute(text("SELECT 1")).scalar_one())

        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(opened, range(4))) == [1] * 4


def test_a_gradebook_of_a_later_version_is_left_alone(place: str):
    with open_gradebook(place) as book, book.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(GradebookError, match="later rnngrade"):
        open_gradebook(place)


@pytest.mark.parametrize("name", ["what?.db", "a%20b.db", "ünï code.db", "#1.db"])
def test_a_gradebook_is_the_file_that_was_named(tmp_path: Path, name: str):
    with open_gradebook(tmp_path / name):
        pass
    assert {path.name for path in tmp_path.iterdir() if path.suffix == ".db"} == {name}
    open_gradebook(tmp_path / name, must_exist=True).close()


def test_another_database_is_left_alone(tmp_path: Path):
    import sqlite3

    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    with pytest.raises(GradebookError, match="not a gradebook"):
        open_gradebook(path)


def test_a_file_that_is_no_database_is_said(tmp_path: Path):
    path = tmp_path / "x.db"
    path.write_text("my notes, many of them" * 100)
    with pytest.raises(GradebookError, match="cannot be opened"):
        open_gradebook(path)


@pytest.mark.parametrize("place", ["nowhere/x.db", "mysql://x/y", "postgresql+nodriver://x", "sqlite://"])
def test_a_place_that_cannot_be_is_said(tmp_path: Path, place: str, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GradebookError):
        open_gradebook(place)


def test_a_gradebook_that_must_be_there_is_not_made(tmp_path: Path):
    with pytest.raises(GradebookError, match="no such gradebook"):
        open_gradebook(tmp_path / "g.db", must_exist=True)
    assert not (tmp_path / "g.db").exists()


def test_sqlite_is_safe_by_its_settings(tmp_path: Path):
    with open_gradebook(tmp_path / "g.db") as book, book.reading() as connection:
        settings = [
            connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys")
        ]
        assert settings == ["wal", 1]
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 30_000


def test_a_worker_process_does_not_load_the_database():
    code = "import grader.classroom.worker, grader.classroom.task, sys; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("place", ["mysql://host/class", "oracle://host/class"])
def test_other_databases_are_refused_by_name(place: str):
    with pytest.raises(GradebookError, match=f"{place.partition(':')[0]} cannot hold a gradebook"):
        open_gradebook(place)
