"""An exercise that is different for each student, in the browser: each has the own one, and no other."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from grader.answers.drawing import SECRET_ENV
from grader.classroom.task import read_exercise
from grader.errors import CannotDo
from grader.serve.in_path import own_exercise
from grader.serve.people import Role
from grader.serve.running import server_for
from grader.serve.server import Server
from grader.variants.code import SAMPLE, code_of
from tests.grader.serve.conftest import OURS, course_in, signed_in
from tests.grader.serve.test_student import report_of

SECRET = "a secret of this course alone"
DOUBLED = """
title = "Twice"
source = "own"
[variants.draw]
a = {between = [1000, 9999]}
[[question]]
id = "twice"
label = "1"
points = 2
prompt = "What is twice {a}?"
[question.fields]
y = "twice"
[question.check]
kind = "numeric"
values = {y = "{b}"}
[variants.compute]
b = "2*a"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = course_in(tmp_path)
    (made / "exercises").mkdir()
    (made / "exercises" / "doubled.toml").write_text(DOUBLED)
    (made / "course.toml").write_text(f'secret = "{SECRET}"\n')
    return made


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    with server_for(folder, jobs=1, root=OURS) as made:
        yield made


def number_on(client: TestClient) -> int:
    """What the page asks to double."""
    found = re.search(r"What is twice (\d+)", client.get("/exercise/doubled").text)
    assert found
    return int(found[1])


def verdict_of(client: TestClient, answer: int) -> str:
    sent = client.post("/exercise/doubled/twice", data={"field.y": str(answer), "press": str(answer)})
    return report_of(client, sent.headers["location"])


def test_each_has_numbers_of_the_own_and_is_marked_by_them(server: Server) -> None:
    amara, bruno = signed_in(server, "amara"), signed_in(server, "bruno")
    with amara:
        hers, his = number_on(amara), number_on(bruno)
        assert hers != his
        assert "1 correct" in verdict_of(amara, 2 * hers)
        assert "1 incorrect" in verdict_of(bruno, 2 * hers)
        assert "1 correct" in verdict_of(bruno, 2 * his)


def test_a_file_for_another_variant_is_kept_and_not_marked(server: Server) -> None:
    amara, bruno = signed_in(server, "amara"), signed_in(server, "bruno")
    with amara:
        hers = number_on(amara)
        for code in (code_of("amara", "doubled", SECRET.encode()), SAMPLE):
            answer = json.dumps({"variant": code, "twice": {"y": 2 * hers}})
            sent = bruno.post("/exercise/doubled", files={"file": ("answer.json", answer)})
            page = report_of(bruno, sent.headers["location"])
            assert "It is kept and was not marked" in page
            assert "1 correct" not in page
            assert "amara" not in page


def test_a_file_may_be_for_any_id_that_the_roster_has_of_its_student(server: Server, folder: Path) -> None:
    """As in `batch`: who got a code by an e-mail address hands in what is the own."""
    (folder / "roster.csv").write_text(
        "student_id,email,name\namara,amara@uni.example,Amara\nbruno,bruno@uni.example,Bruno\n"
    )
    code = code_of("amara@uni.example", "doubled", SECRET.encode())
    (asked,) = server.course.exercises["doubled"].questions
    own = read_exercise(server.course.text_of("doubled", code))
    twice = 2 * int(re.findall(r"twice (\d+)", own.questions[0].prompt)[0])
    assert asked.prompt != own.questions[0].prompt
    answer = json.dumps({"variant": code, "twice": {"y": twice}})
    amara, bruno = signed_in(server, "amara"), signed_in(server, "bruno")
    with amara:
        for client, told in ((amara, "1 correct"), (bruno, "It is kept and was not marked")):
            sent = client.post("/exercise/doubled", files={"file": ("answer.json", answer)})
            assert told in report_of(client, sent.headers["location"])


def test_a_course_without_a_secret_does_not_begin(folder: Path, monkeypatch) -> None:
    monkeypatch.delenv(SECRET_ENV, raising=False)
    (folder / "course.toml").write_text("")
    with pytest.raises(CannotDo, match="doubled is different for each student"), server_for(folder, jobs=1):
        pass


def test_what_was_handed_in_before_its_exercise_was_taken_away_is_marked_when_that_is_back(
    server: Server, folder: Path
) -> None:
    file = folder / "exercises" / "doubled.toml"
    (folder / "exercises" / "other.toml").write_text(DOUBLED)
    amara, staff = signed_in(server, "amara"), signed_in(server, "ines", Role.ASSISTANT)
    typed = {"field.y": str(2 * number_on(amara)), "press": "1"}
    place = amara.post("/exercise/doubled/twice", data=typed).headers["location"]
    text = file.read_bytes()
    file.unlink()
    with amara:
        assert "does not have the exercise doubled at the moment" in amara.get(place).text
        assert "1 hand-in of doubled cannot be marked" in staff.get("/staff").text
        assert amara.get("/exercise/doubled").status_code == 404
        # Others are marked meanwhile.
        sent = amara.post("/exercise/other/twice", data={"field.y": "1", "press": "2"})
        assert "1 incorrect" in report_of(amara, sent.headers["location"])
        file.write_bytes(text)
        assert "cannot be marked" not in staff.get("/staff").text
        assert "1 correct" in report_of(amara, place)


def test_an_exercise_that_is_taken_out_while_it_is_asked_for_is_given_as_it_was(server: Server) -> None:
    whole = server.course
    looks = iter((whole, dataclasses.replace(whole, exercises={})))
    server.read_course = lambda: next(looks)
    request = Request({"type": "http", "path_params": {"exercise": "doubled"}})
    assert asyncio.run(own_exercise(server, request, "amara")) is whole.exercise_for("amara", "doubled")
