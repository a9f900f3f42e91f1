"""A server on a gradebook that an earlier release made keeps everything in it, and goes on from there."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from grader.cli._main import main
from grader.gradebook.gradebook import HEAD, MIGRATIONS
from grader.serve.running import server_for
from tests.grader.serve.conftest import OURS, course_in, signed_in, wait_until_done

EXERCISE = "mit-6390-recitation-8"
CLASS = Path(__file__).parents[3] / "submissions_example" / EXERCISE

Rows = dict[str, set[tuple[object, ...]]]


def as_made_by(version: str, now: Path, then: Path) -> None:
    """A class in a gradebook of an earlier version: its tables, with what they can hold of the rows."""
    engine = create_engine(f"sqlite:///{then}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    engine.dispose()
    with contextlib.closing(sqlite3.connect(then)) as connection:
        connection.execute("ATTACH ? AS now", (str(now),))
        for table in tables(connection):
            names = ", ".join(columns(connection, table))
            connection.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM now.{table}")
        connection.commit()


def tables(connection: sqlite3.Connection) -> list[str]:
    """All but the note of the version."""
    found = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY rowid")
    return [name for (name,) in found if name != "alembic_version" and not name.startswith("sqlite_")]


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """Their names."""
    return [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]


def rows(place: Path, like: Rows | None = None) -> Rows:
    """Everything in it; of the columns that another had, where that is given."""
    with contextlib.closing(sqlite3.connect(place)) as connection:
        if like is None:
            like = {
                f"{table}({', '.join(columns(connection, table))})": set() for table in tables(connection)
            }
        found: Rows = {}
        for name in like:
            table, _, names = name.rstrip(")").partition("(")
            found[name] = set(connection.execute(f"SELECT {names} FROM {table}"))
        return found


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a batch of one student kept, who has all points."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "handed-in").mkdir()
    shutil.copy(CLASS / "amara.py", folder / "handed-in")
    new = folder / "new.db"
    options = ("--exercise", EXERCISE, "--gradebook", str(new), "--jobs", "1")
    assert main(["batch", str(folder / "handed-in"), *options]) == 0
    return new


@pytest.mark.parametrize("version", [pytest.param("0001", marks=pytest.mark.slow), "0003"])
def test_a_server_keeps_what_an_earlier_release_kept_and_goes_on(
    tmp_path: Path, batch: Path, version: str
) -> None:
    course = course_in(tmp_path)
    place = course / "course.db"
    as_made_by(version, batch, place)
    before = rows(place)
    assert any(before.values())
    with server_for(course, jobs=1, root=OURS) as server, signed_in(server, "amara") as amara:
        most = sum(question.points for question in server.course.exercises[EXERCISE].questions)
        page = amara.get("/").text
        assert f"{most} of {most}" in page, "what was marked then stands"
        sent = amara.post(f"/exercise/{EXERCISE}/a_i", data={"field.Wss": "2x2", "press": "1"})
        assert sent.status_code == 303
        wait_until_done(amara)
    after = rows(place, before)
    assert all(before[name] <= after[name] for name in before), "nothing is changed or lost"
    with contextlib.closing(sqlite3.connect(place)) as connection:
        assert connection.execute("select version_num from alembic_version").fetchall() == [(HEAD,)]
        numbers = connection.execute("select number from attempts order by id").fetchall()
    assert numbers == [(1,), (2,)], "what is handed in now is the second attempt"
