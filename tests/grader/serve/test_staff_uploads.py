"""Exercises from the browser: read apart, previewed, and put in place only when somebody says so."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from grader.serve.people import Role
from grader.serve.server import Server
from grader.serve.uploads.reading import NoExercise, Unpacked, read_apart, unpacked
from tests.grader.serve.conftest import signed_in
from tests.grader.serve.sums_course import SUMS, mark_sums, sums_server
from tests.grader.serve.test_staff_student import logged

RIGHT = SUMS.format(a=4, b=5)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with sums_server(tmp_path) as made:
        yield made


def packed(files: dict[str, str | bytes], **kinds: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = kinds.get(name, stat.S_IFREG | 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return made.getvalue()


def upload(client: TestClient, name: str, data: str | bytes, id: str = "") -> tuple[int, str]:
    """Where the upload is, or why there is none."""
    sent = client.post("/staff/uploads", files={"file": (name, data)}, data={"id": id})
    problem = re.search(r'class="problem" role="alert">([^<]*)', sent.text)
    return sent.status_code, sent.headers.get("location") or (problem[1] if problem else sent.text)


def test_an_exercise_is_previewed_then_placed_and_students_see_it(server: Server) -> None:
    zoe, ada = signed_in(server, "zoe", Role.INSTRUCTOR), signed_in(server, "ada")
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'
    text = RIGHT.replace("Two and two?", "Two and two, as ![a square](square.svg) has? $\\\\nosuchthing$")
    files: dict[str, str | bytes] = {"more/exercise.toml": text, "more/square.svg": picture}
    files |= {"more/examples/a/right.py": "raise SystemExit", "__MACOSX/more/._exercise.toml": "x"}
    status, place = upload(zoe, "more.zip", packed(files))
    assert status == 303, place
    page = zoe.get(place).text
    assert "examples/a/right.py: only .toml" in page
    assert "nosuchthing" in page.split("What lint says")[1].split("<p")[0]
    assert "data:image/svg+xml;base64," in page
    shown = page.split("As a student would see it")[1]
    assert "<form" not in shown
    assert "disabled" in shown
    assert ada.get("/exercise/more").status_code == 404
    assert zoe.post(place, data={"do": "place"}).headers["location"] == "/staff/exercises/more"
    assert "data:image/svg+xml;base64," in ada.get("/exercise/more").text
    assert not list((server.course.folder / "exercises").rglob("*.py"))
    again = zoe.post(place, data={"do": "place"})
    assert (again.status_code, "settled already" in again.text) == (409, True)
    assert [action for _, action, _ in logged(server)] == ["upload", "upload-placed"]


def test_an_exercise_with_hand_ins_is_replaced_only_when_what_changes_was_said_and_seen(
    server: Server,
) -> None:
    zoe = signed_in(server, "zoe", Role.INSTRUCTOR)
    mark_sums(server, "ada", 4, 5)
    before = server.course.exercises["sums"].digest
    changed = RIGHT.replace("points = 1", "points = 7").replace('id = "b"', 'id = "c"')
    status, place = upload(zoe, "sums.toml", changed)
    assert status == 303, place
    page = zoe.get(place).text
    for told in ("Question b is gone", "Question c is new", "Question a has other things", "1 submission of"):
        assert told in page, told
    assert "-values = {sum = 5}" in page
    refused = zoe.post(place, data={"do": "place"})
    assert (refused.status_code, "say that you want to replace it" in refused.text) == (409, True)
    assert server.course.exercises["sums"].digest == before
    sent = zoe.post(place, data={"do": "place", "sure": "1"})
    assert sent.headers["location"] == "/staff/exercises/sums/regrade"
    assert server.course.exercises["sums"].digest != before
    assert "1 of 1 marked attempt had another version" in zoe.get(sent.headers["location"]).text


def test_what_would_break_the_course_is_not_placed_and_what_is_discarded_changes_nothing(
    server: Server,
) -> None:
    zoe = signed_in(server, "zoe", Role.INSTRUCTOR)
    status, told = upload(zoe, "sums.toml", RIGHT.replace('kind = "numeric"', 'kind = "numreic"', 1))
    assert status == 409
    assert "question" in told
    assert "numreic" in told
    assert "numeric" in told  # the nearest
    assert "/tmp" not in told
    status, told = upload(zoe, "sums.toml", b"title = \xff")
    assert (status, "not UTF-8" in told) == (409, True)
    status, place = upload(zoe, "sums.toml", RIGHT)
    assert zoe.post(place, data={"do": "discard"}).status_code == 303
    assert (server.course.folder / "exercises" / "sums.toml").read_text() == SUMS.format(a=5, b=5)
    assert "Discarded by zoe" in zoe.get(place).text
    for path in (f"/staff/uploads/{10**30}", "/staff/uploads/99"):
        assert zoe.get(path).status_code == 404
        assert zoe.post(path, data={"do": "place"}).status_code == 404


BOMB = b"0" * 9 * 2**20


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("x.py", b"print()", "a .toml file, or a .zip file"),
        ("toml", b"", "a .toml file, or a .zip file"),
        ("x.zip", b"PK", "not a zip file"),
        ("x.zip", packed({"a.toml": RIGHT}), "has no exercise.toml"),
        ("x.zip", packed({"a/exercise.toml": RIGHT, "b/exercise.toml": RIGHT}), "more than one"),
        ("x.zip", packed({"a/exercise.toml": RIGHT, "a/big.svg": BOMB}), "unpacks to more than"),
        ("x.zip", packed({"a/exercise.toml": RIGHT, "a/big.svg": BOMB[: 3 * 2**20]}), "times its size"),
        ("x.zip", packed({f"{n}.svg": b"" for n in range(400)}), "more than 300 files"),
        ("x.zip", packed({"../exercise.toml": RIGHT}), "has no exercise.toml"),
        ("x.zip", packed({"/etc/exercise.toml": RIGHT}), "has no exercise.toml"),
        (
            "x.zip",
            packed({"exercise.toml": "/etc/passwd"}, **{"exercise.toml": stat.S_IFLNK}),
            "symbolic link",
        ),
        ("..toml", RIGHT.encode(), "is no id"),
        ("a b.toml", RIGHT.encode(), "is no id"),
        ("x.toml", BOMB, "larger than 2 MiB"),
    ],
)
def test_what_is_no_exercise_or_wants_more_is_told_in_a_sentence(name: str, data: bytes, told: str) -> None:
    with pytest.raises(NoExercise) as error:
        unpacked(name, data)
    assert told in str(error.value)


def test_a_name_that_no_file_can_have_is_told_in_a_sentence(server: Server) -> None:
    zoe = signed_in(server, "zoe", Role.INSTRUCTOR)
    files: dict[str, str | bytes] = {"x/exercise.toml": RIGHT, f"x/{'n' * 300}.svg": "<svg/>"}
    status, told = upload(zoe, "x.zip", packed(files))
    assert status == 409, told
    assert "cannot be unpacked: File name too long" in told


@pytest.mark.parametrize("id", ["../up", "a/b", "a\\b", ".hidden", "", "x" * 101, "é", "a\n"])
def test_an_id_is_a_word_and_never_a_path(id: str) -> None:
    with pytest.raises(NoExercise):
        unpacked("..toml", RIGHT.encode(), id)


def test_names_that_lead_out_of_the_folder_are_left_out(tmp_path: Path) -> None:
    found = unpacked("x.zip", packed({"exercise.toml": RIGHT, "../../escape.toml": "x", "C:/a.toml": "x"}))
    assert set(found.files) == {"exercise.toml"}
    assert found.id == "x"
    assert len(found.left_out) == 2


def test_what_takes_too_long_to_read_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.serve.uploads.reading.LONGEST_S", 0.01)
    with pytest.raises(NoExercise, match="takes too long"):
        read_apart(Unpacked("sums", {"exercise.toml": RIGHT.encode()}))
