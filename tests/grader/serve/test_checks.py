"""What `serve --check` finds before a term, and that code which would not be shut in is not served."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.postgresql import new_database, postgresql, programs
from grader.cli._main import main
from grader.errors import GraderError
from grader.gradebook.gradebook import open_gradebook
from grader.serve import people
from grader.serve.checks import course, database, findings, machine
from grader.serve.checks.finding import CheckFinding, ToServe, Weight
from grader.serve.identity.lti import scores
from grader.serve.people import Person, Role
from grader.serve.running import server_for
from tests.grader.serve.conftest import SECRET, course_in
from tests.grader.serve.sums_course import SUMS
from tests.grader.serve.test_variants import DOUBLED

WELL = f"""
time_zone = "Europe/Berlin"
secret = "{SECRET}"
[exercise."mit-6390-recitation-8"]
due = 2090-01-01T12:00:00
"""


@pytest.fixture
def asked(tmp_path: Path) -> ToServe:
    """A course in which all is well."""
    folder = course_in(tmp_path)
    write(folder, WELL)
    return ToServe(folder)


def write(folder: Path, text: str, name: str = "course.toml") -> None:
    """A file that only its owner reads."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    (folder / name).chmod(0o600)


def said(found: list[CheckFinding]) -> str:
    """What is wrong or risky, a line each."""
    return "\n".join(str(one) for one in found if one.weight is not Weight.NOTE)


def test_of_a_course_in_which_all_is_well_nothing_is_said(
    asked: ToServe, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(findings(asked)) == ""
    assert main(["serve", str(asked.folder), "--check"]) == 0
    assert capsys.readouterr().out.endswith("all is well\n")
    assert not (asked.folder / "course.db").exists(), "looking makes nothing"


COURSES = [
    (
        "course.toml",
        WELL.replace("time_zone", "#"),
        "risky: {file}: exercise.mit-6390-recitation-8.due has no",
    ),
    (
        "course.toml",
        WELL.replace("2090", "2020"),
        "risky: {file}: exercise.mit-6390-recitation-8: it was due on",
    ),
    (
        "course.toml",
        WELL + "opens = 2091-01-01T12:00:00\n",
        "wrong: {file}: exercise.mit-6390-recitation-8: it opens when it is due already",
    ),
    ("course.toml", WELL.replace("Berlin", "Berlni"), "wrong: {file}: time_zone: "),
    ("course.toml", WELL.replace("[exer", "exer"), "wrong: {file}, line 4"),
    ("course.toml", '[exercise."no-such"]\n', "wrong: {file}: the course file names 'no-such'"),
    ("course.toml", "", "wrong: {folder}: the course has no exercises"),
    (
        "course.toml",
        WELL + '[[extension]]\nstudent = "zoe"\ndays = 1\n',
        "risky: {file}: zoe has more time and",
    ),
    (
        "course.toml",
        WELL + '[[extension]]\nstudent = "amara"\nexercise = "other"\ndays = 1\n',
        "risky: {file}: amara has more time for other, which",
    ),
    ("exercises/broken.toml", "title = 1", "wrong: broken.toml: "),
    ("exercises/other.toml", "no toml", "wrong: other.toml, line 1"),
    ("roster.csv", "student,name\n", "risky: {file}: there is nobody in it"),
    ("roster.csv", "colour\nred\n", "wrong: {file}: no column holds ids"),
    ("roster.csv", "student,name\namara,A\namara,B\n", "wrong: {file}: amara is there more than once"),
]


@pytest.mark.parametrize(("name", "text", "line"), COURSES)
def test_a_course_that_would_go_wrong_is_said(asked: ToServe, name: str, text: str, line: str) -> None:
    write(asked.folder, text, name)
    found = [one for check in course.CHECKS for one in check(asked)]
    assert line.format(file=asked.folder / name, folder=asked.folder) in said(found)


OIDC = '[oidc]\nissuer = "https://id.example.edu"\nclient_id = "rnn"\n'
LTI = """
[[lti.platform]]
issuer = "https://lms.example.edu"
client_id = "rnn"
deployments = ["1"]
auth_url = "https://lms.example.edu/auth"
jwks_url = "https://lms.example.edu/keys"
token_url = "https://lms.example.edu/token"
"""


@pytest.mark.parametrize(
    ("tables", "root", "line"),
    [
        (OIDC, "https://rnn.example.edu", ""),
        (LTI, "https://rnn.example.edu", ""),
        (OIDC, None, "risky: --root: a provider or platform"),
        (LTI, "http://localhost", "wrong: --root: a provider or platform"),
        (
            OIDC + 'secret_file = "oidc-secret"\n',
            "https://rnn.example.edu",
            "wrong: oidc-secret: the provider's secret",
        ),
        (OIDC + 'secret_file = "open"\n', "https://rnn.example.edu", "wrong: open: others can read"),
    ],
)
def test_a_sign_in_by_others_that_would_not_work_is_said(
    asked: ToServe, tables: str, root: str | None, line: str
) -> None:
    write(asked.folder, WELL + tables)
    (asked.folder / "open").write_text("a secret")
    (asked.folder / "open").chmod(0o644)
    found = said(list(course.identity(ToServe(asked.folder, root=root))))
    assert found.startswith(line)
    assert line or found == ""


def test_the_key_for_platforms_is_the_one_that_is_looked_at() -> None:
    assert course.LTI_KEY == scores.KEY_FILE


def test_each_exercise_that_cannot_be_read_is_said(asked: ToServe) -> None:
    for name in ("one", "two"):
        write(asked.folder, "no toml", f"exercises/{name}.toml")
    found = said(list(course.exercises(asked)))
    assert "one.toml" in found
    assert "two.toml" in found


def test_questions_that_no_example_was_ever_marked_with_are_noted(asked: ToServe) -> None:
    example = '[[question.example]]\ntitle = "right"\nanswer = "a = 4"\nverdict = "correct"\n'
    first, second = SUMS.format(a=4, b=5).split('[[question]]\nid = "b"')
    write(asked.folder, f'{first}{example}[[question]]\nid = "b"{second}', "exercises/sums.toml")
    found = [one for one in course.exercises(asked) if one.where.endswith("sums.toml")]
    assert [one.what.partition(":")[0] for one in found] == ["no example answers for b"]
    assert [one.weight for one in found] == [Weight.NOTE]


def test_an_exercise_with_variants_needs_the_secret(asked: ToServe) -> None:
    write(asked.folder, DOUBLED, "exercises/doubled.toml")
    write(asked.folder, WELL.replace("secret", "#"))
    assert "is different for each student" in said(list(course.exercises(asked)))


def test_a_secret_that_others_read_is_a_risk(asked: ToServe) -> None:
    (asked.folder / "course.toml").chmod(0o644)
    assert said(list(course.course_file(asked))).startswith("risky: ")


def test_a_course_without_a_class_list_is_a_risk(asked: ToServe) -> None:
    (asked.folder / "roster.csv").unlink()
    assert "there is no class list" in said(list(course.roster(asked)))


def on(asked: ToServe, place: str) -> ToServe:
    """The same course on another database."""
    return ToServe(asked.folder, place)


def kept(place: Path, *statements: str) -> str:
    """A gradebook with an instructor, then changed."""
    with open_gradebook(place) as book, book.writing() as connection:
        people.keep_people(connection, [Person(id="ines", name="", role=Role.INSTRUCTOR)])
        for statement in statements:
            connection.exec_driver_sql(statement)
    return str(place)


DATABASES: list[tuple[Callable[[Path], str], str]] = [
    (lambda tmp: kept(tmp / "a.db"), ""),
    (
        lambda tmp: kept(tmp / "a.db", "update alembic_version set version_num = '0001'"),
        "risky: {place}: an earlier",
    ),
    (
        lambda tmp: kept(tmp / "a.db", "update alembic_version set version_num = '9999'"),
        "wrong: {place}: a later",
    ),
    (lambda tmp: kept(tmp / "a.db", "update people set role = 'student'"), "risky: {place}: nobody is an"),
    (lambda tmp: str(tmp / "no" / "a.db"), "wrong: {folder}/no: there is no such folder"),
    (lambda tmp: another(tmp / "a.db"), "wrong: {place}: this database is not a gradebook"),
    (lambda tmp: no_database(tmp / "a.db"), "wrong: {place}: it cannot be opened: file is not a database"),
    (lambda tmp: "postgresql://me:pw@127.0.0.1:1/x", "risky: --database: the password"),
    (
        lambda tmp: "postgresql://me:pw@127.0.0.1:1/x",
        "wrong: postgresql://me:***@127.0.0.1:1/x: it cannot be opened",
    ),
    (lambda tmp: "mysql://x/y", "mysql cannot hold a gradebook"),
]


@pytest.mark.slow
def test_a_server_that_forgets_what_it_acknowledged_is_wrong(asked: ToServe) -> None:
    programs_in = programs()
    if programs_in is None:
        warnings.warn("PostgreSQL is not installed: the check was NOT tested on it", stacklevel=1)
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    # As tests run it: without fsync.
    with postgresql(programs_in) as folder:
        place = new_database(folder)
        with open_gradebook(place) as book, book.writing() as connection:
            people.keep_people(connection, [Person(id="ines", name="", role=Role.INSTRUCTOR)])
        (found,) = [one for check in database.CHECKS for one in check(on(asked, place))]
    assert (found.weight, "fsync off" in found.what) == (Weight.WRONG, True)


def another(place: Path) -> str:
    """A database of something else."""
    with sqlite3.connect(place) as connection:
        connection.execute("create table songs (id integer)")
    place.chmod(0o600)
    return str(place)


def no_database(place: Path) -> str:
    """A file of something else."""
    place.write_text("This is a letter, and long enough to be read as one by everybody. " * 20)
    place.chmod(0o600)
    return str(place)


@pytest.mark.parametrize(("make", "line"), DATABASES)
def test_a_database_that_would_not_do_is_said(
    asked: ToServe, tmp_path: Path, make: Callable[[Path], str], line: str
) -> None:
    place = make(tmp_path)
    found = said([one for check in database.CHECKS for one in check(on(asked, place))])
    assert line.format(place=place, folder=tmp_path) in found
    assert line or found == ""
    assert "pw@" not in found


def test_a_network_drive_is_no_place_for_a_file(asked: ToServe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_file_system", lambda _: "nfs4")
    assert "wrong: " in said(list(database.drive(asked)))


def test_the_file_system_is_that_of_the_longest_mount_point(tmp_path: Path) -> None:
    assert database._file_system(Path("/proc/self")) == "proc"
    assert database._file_system(tmp_path) not in ("", "proc")


def test_a_batch_that_runs_is_said(asked: ToServe, tmp_path: Path) -> None:
    place = kept(tmp_path / "a.db")
    with open_gradebook(place) as book, book.sole_writer():
        assert "another run, or a server" in said(list(database.run_of_a_batch(on(asked, place))))
    with open_gradebook(place) as book, book.one_of_several_writers():
        assert said(list(database.run_of_a_batch(on(asked, place)))) == ""


@pytest.mark.parametrize(
    ("host", "root", "line"),
    [
        ("127.0.0.1", None, ""),
        ("::1", None, ""),
        ("127.0.0.1", "https://rnn.example.edu", ""),
        ("127.0.0.1", "http://localhost:8000", ""),
        ("0.0.0.0", None, "risky: --host: it listens at 0.0.0.0"),
        ("127.0.0.1", "http://rnn.example.edu", "risky: --root: without https"),
        ("127.0.0.1", "https://example.edu/rnn", "wrong: --root: the server's pages are at the top"),
        ("127.0.0.1", "rnn.example.edu", "wrong: --root: rnn.example.edu is no address"),
    ],
)
def test_an_address_without_https_is_a_risk(asked: ToServe, host: str, root: str | None, line: str) -> None:
    found = said(list(machine.address(ToServe(asked.folder, host=host, root=root))))
    assert found.startswith(line)
    assert line or found == ""


class Open:
    """A sandbox that holds nobody."""

    def __enter__(self) -> Open:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def protection(self) -> Open:
        return self

    level = "limits"


def test_code_that_would_not_be_shut_in_is_not_served_unless_told(
    asked: ToServe, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("grader.classroom.machines.Sandbox", Open)
    monkeypatch.setattr(machine, "Sandbox", Open)
    assert main(["serve", str(asked.folder), "--port", "0"]) == 2
    assert "would not be shut in here (protection 'limits')" in capsys.readouterr().err
    assert main(["serve", str(asked.folder), "--check"]) == 2
    assert main(["serve", str(asked.folder), "--check", "--unsafe-ok"]) == 1
    with pytest.raises(GraderError, match="shut in"), server_for(asked.folder):
        pass
    with server_for(asked.folder, jobs=1, is_unsafe_ok=True) as server:
        assert server.marker.is_unsafe_ok


def test_a_check_that_fails_is_a_finding(asked: ToServe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.serve.checks.CHECKS", (lambda _: 1 / 0,))
    (found,) = findings(asked)
    assert (found.weight, "ZeroDivisionError" in found.what) == (Weight.WRONG, True)
