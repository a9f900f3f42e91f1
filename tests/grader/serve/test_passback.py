"""Points go back to a platform of our own making: newest, once, whatever was down meanwhile."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.testclient import TestClient

from grader.serve.identity.lti import launch, passback
from grader.serve.identity.lti.passback import Passback
from grader.serve.identity.lti.scores import scores_of
from grader.serve.people import Role
from grader.serve.running import server_for
from grader.serve.server import Server
from tests.grader.serve.conftest import OURS, new_client, signed_in, text_of
from tests.grader.serve.loopback import Answer, Asked, answering
from tests.grader.serve.test_lti import AGS, CLAIM, CLIENT, SCORE, Platform, with_platform
from tests.grader.serve.words_course import write_words
from tests.grader.words_exercise import WORDS

ITEM = "/api/items/5/lineitem"
SCORES = f"{ITEM}/scores"


class Scores(Platform):
    """A platform that takes scores; how it answers is set by the test."""

    def __init__(self, address: str = "") -> None:
        super().__init__(address)
        self.taken: list[dict[str, Any]] = []
        self.assertions: list[str] = []
        self.status = 200
        self.token_status = 200
        self.leave = "leave 1"
        self.n_asked = 0
        self.meanwhile: Any = lambda: None

    def token(self, asked: Asked) -> Answer:
        assert asked.form["grant_type"] == "client_credentials"
        assert asked.form["scope"] == SCORE
        self.assertions.append(asked.form["client_assertion"])
        return self.token_status, {"access_token": self.leave, "token_type": "bearer", "expires_in": 3600}

    def score(self, asked: Asked) -> Answer:
        self.n_asked += 1
        if asked.headers["authorization"] != f"Bearer {self.leave}":
            return 401, {}
        if self.status == 200:
            assert asked.query == {"type_id": "1"}
            assert asked.headers["content-type"] == "application/vnd.ims.lis.v1.score+json"
            self.taken.append(json.loads(asked.body))
        self.meanwhile()
        return self.status, {}


@pytest.fixture(scope="module")
def running() -> Iterator[Scores]:
    made = Scores()
    answers = {
        "/jwks": lambda _: (200, made.keys),
        "/token": lambda asked: made.token(asked),
        SCORES: lambda asked: made.score(asked),
    }
    with answering(answers) as (address, _):
        made.address = address
        yield made


@pytest.fixture
def platform(running: Scores) -> Iterator[Scores]:
    running.__init__(running.address)  # type: ignore[misc]
    yield running
    launch.keys_at.cache_clear()


@pytest.fixture
def server(tmp_path: Path, platform: Scores) -> Iterator[Server]:
    folder = with_platform(tmp_path, platform.address)
    (folder / "exercises").mkdir()
    (folder / "exercises" / "words.toml").write_text(WORDS)
    with server_for(folder, jobs=1, root=OURS) as made:
        yield made


def comes(
    server: Server, platform: Scores, sub: str = "u-1", name: str = "amara", **changes: Any
) -> TestClient:
    """A student follows the platform's link to the exercise."""
    client = new_client(server)
    services = {"lineitem": f"{platform.address}{ITEM}?type_id=1", "scope": [SCORE]}
    own = {"sub": sub, CLAIM + "lis": {"person_sourcedid": name}, CLAIM + "custom": {"exercise": "words"}}
    assert platform.launch(client, **{**own, AGS: services, **changes}).status_code == 303
    return client


def new_passback(server: Server) -> Passback:
    return Passback(server.book, server.read_course, first_pause_s=0.0)


def give(server: Server, points: str, student: str = "amara") -> None:
    staff = signed_in(server, "zoe", Role.INSTRUCTOR)
    given = {"exercise": "words", "question": "w", "points": points, "why": "read", "do": "give"}
    assert staff.post(f"/staff/people/{student}/points", data=given).status_code == 303


def told(platform: Scores) -> list[tuple[str, float, float, str]]:
    names = ("userId", "scoreGiven", "scoreMaximum", "gradingProgress")
    return [tuple(one[name] for name in names) for one in platform.taken]  # type: ignore[misc]


def test_what_counts_is_told_and_told_again_when_it_changes(server: Server, platform: Scores) -> None:
    comes(server, platform)
    looking = new_passback(server)
    looking.look()
    assert platform.taken == []
    write_words(server, "amara", "Many factors are multiplied.")
    write_words(server, "bruno", "Nobody asked the platform for him.")
    looking.look()
    assert told(platform) == [("u-1", 0.0, 3.0, "PendingManual")]
    give(server, "5/2")
    for _ in range(3):
        looking.look()
    assert told(platform)[1:] == [("u-1", 2.5, 3.0, "FullyGraded")]
    # A server that starts tells nothing again.
    new_passback(server).look()
    assert len(platform.taken) == 2
    first, second = (datetime.datetime.fromisoformat(one["timestamp"]) for one in platform.taken)
    assert first < second
    assert first.tzinfo is not None


def test_leave_is_asked_for_with_what_only_this_server_can_sign(server: Server, platform: Scores) -> None:
    comes(server, platform)
    write_words(server, "amara", "Many factors.")
    looking = new_passback(server)
    looking.look()
    give(server, "1")
    looking.look()
    # One leave does for both.
    (assertion,) = platform.assertions
    keys = KeySet.import_key_set(new_client(server).get("/lti/jwks").json())
    claims = jwt.decode(assertion, keys, algorithms=["RS256"]).claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == (CLIENT, CLIENT, f"{platform.address}/token")
    assert 0 < claims["exp"] - claims["iat"] <= 300
    assert len(claims["jti"]) >= 16


def test_a_platform_that_was_down_is_told_once_and_the_newest(server: Server, platform: Scores) -> None:
    comes(server, platform)
    write_words(server, "amara", "Many factors.")
    looking = new_passback(server)
    platform.token_status = 503
    looking.look()
    platform.token_status, platform.status = 200, 500
    for points in ("1", "2", "3"):
        give(server, points)
        looking.look()
    assert platform.taken == []
    platform.status = 200
    # Another server takes over what the first did not get rid of.
    after = new_passback(server)
    for _ in range(3):
        after.look()
    assert told(platform) == [("u-1", 3.0, 3.0, "FullyGraded")]


def test_a_platform_that_is_down_is_asked_less_and_less(server: Server, platform: Scores) -> None:
    comes(server, platform)
    write_words(server, "amara", "Many factors.")
    platform.status = 500
    looking = Passback(server.book, server.read_course, first_pause_s=3600.0)
    for _ in range(5):
        looking.look()
    assert platform.n_asked == 1
    with server.book.reading() as connection:
        row = connection.exec_driver_sql("select tries, error, sent from passbacks").one()
    assert (row[0], row[1], row[2]) == (1, "it answers 500", None)
    assert looking._pause_s(3) <= 8 * 3600 * 1.0
    assert looking._pause_s(1000) <= passback.LONGEST_PAUSE_S


def test_staff_read_how_many_scores_wait_for_a_platform_and_why(server: Server, platform: Scores) -> None:
    staff = signed_in(server, "zoe", Role.INSTRUCTOR)
    comes(server, platform)
    write_words(server, "amara", "Many factors.")
    assert "not told" not in staff.get("/staff").text
    platform.status = 500
    new_passback(server).look()
    page = text_of(staff.get("/staff").text)
    assert "1 score not told to the learning platform yet. The last error: it answers 500." in page
    platform.status = 200
    with server.book.writing_durably() as connection:
        connection.exec_driver_sql("update passbacks set next_at = '2026-01-01T00:00:00.000000+00:00'")
    new_passback(server).look()
    assert "not told" not in staff.get("/staff").text


def test_one_score_that_is_not_taken_holds_no_other_up(server: Server, platform: Scores) -> None:
    comes(server, platform)
    elsewhere = {"lineitem": f"{platform.address}/gone", "scope": [SCORE]}
    comes(server, platform, "u-2", "bruno", **{AGS: elsewhere})
    for student in ("bruno", "amara"):
        write_words(server, student, "Many factors.")
    new_passback(server).look()
    assert [one["userId"] for one in platform.taken] == ["u-1"]


def test_what_changes_while_it_is_told_is_told_too(server: Server, platform: Scores) -> None:
    comes(server, platform)
    write_words(server, "amara", "Many factors.")
    looking, again = new_passback(server), iter([True])

    def meanwhile() -> None:
        if next(again, False):
            give(server, "3")
            looking._compare()

    platform.meanwhile = meanwhile
    looking.look()
    looking.look()
    assert [one[1] for one in told(platform)] == [0.0, 3.0]


def test_two_servers_tell_once(server: Server, platform: Scores) -> None:
    for n, name in enumerate(("amara", "bruno")):
        comes(server, platform, f"u-{n}", name)
        write_words(server, name, "Many factors.")
    threads = [threading.Thread(target=new_passback(server).look) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    new_passback(server).look()
    assert sorted(one["userId"] for one in platform.taken) == ["u-0", "u-1"]


def test_a_leave_that_is_taken_back_is_asked_for_anew(server: Server, platform: Scores) -> None:
    comes(server, platform)
    write_words(server, "amara", "Many factors.")
    looking = new_passback(server)
    looking.look()
    platform.leave = "leave 2"
    give(server, "1")
    looking.look()
    looking.look()
    assert [one[1] for one in told(platform)] == [0.0, 1.0]


def test_a_score_that_is_of_an_earlier_time_than_the_platform_has_is_told_as_of_now(
    server: Server, platform: Scores
) -> None:
    comes(server, platform)
    write_words(server, "amara", "Many factors.")
    looking = new_passback(server)
    platform.status = 409
    looking.look()
    with server.book.reading() as connection:
        (before,) = connection.exec_driver_sql("select linked_at from passbacks").one()
        (at,) = connection.exec_driver_sql("select wanted_at from passbacks").one()
    platform.status = 200
    looking.look()
    assert platform.taken[0]["timestamp"] == at
    assert at > before


@pytest.mark.parametrize(
    "services",
    [
        None,
        {"lineitem": "https://127.0.0.1/x", "scope": [SCORE]},
        {"lineitem": "http://127.0.0.1:1/x", "scope": [SCORE]},
        {"lineitem": "file:///etc/passwd", "scope": [SCORE]},
        {"lineitem": "http://169.254.169.254/latest", "scope": [SCORE]},
        {"scope": [SCORE]},
    ],
)
def test_points_go_only_where_the_course_file_says_that_a_platform_is(
    server: Server, platform: Scores, services: Any
) -> None:
    comes(server, platform, **{AGS: services})
    with server.book.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from passbacks").scalar() == 0


def test_a_platform_that_grants_no_scores_is_told_none(server: Server, platform: Scores) -> None:
    services = {"lineitem": f"{platform.address}{ITEM}", "scope": ["https://elsewhere.example/scope"]}
    comes(server, platform, **{AGS: services})
    write_words(server, "amara", "Many factors.")
    new_passback(server).look()
    assert platform.n_asked == 0


def test_a_place_that_the_course_file_names_no_more_is_not_asked(server: Server, platform: Scores) -> None:
    comes(server, platform)
    write_words(server, "amara", "Many factors.")
    file = server.course.folder / "course.toml"
    elsewhere = file.read_text().replace(platform.address, "https://elsewhere.example")
    file.write_text(
        elsewhere.replace('issuer = "https://elsewhere.example"', f'issuer = "{platform.address}"')
    )
    new_passback(server).look()
    assert (platform.n_asked, platform.assertions) == (0, [])


def test_what_the_course_file_changes_is_told(
    server: Server, platform: Scores, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes(server, platform)
    write_words(server, "amara", "Many factors.")
    with server.book.writing() as connection:
        connection.exec_driver_sql("update attempts set submitted_at = '2020-01-01T00:00:00+00:00'")
    give(server, "2")
    looking = new_passback(server)
    looking.look()
    text = (server.course.folder / "course.toml").read_text()
    due = '[exercise.words]\ndue = 2000-01-01T00:00:00\nlate.per_day = "50%"\nlate.cap = "50%"\n'
    (server.course.folder / "course.toml").write_text(text + due)
    monkeypatch.setattr(passback, "ALL_AT_MOST_S", -1.0)
    looking.look()
    assert [one[1] for one in told(platform)] == [2.0, 1.0]


def test_it_runs_beside_the_pages_and_ends_with_them(
    server: Server, platform: Scores, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes(server, platform)
    write_words(server, "amara", "Many factors.")
    taken = threading.Event()
    platform.meanwhile = taken.set
    monkeypatch.setattr(passback, "LOOK_AGAIN_S", 0.01)
    with new_client(server):
        assert taken.wait(30)
    assert "passback" not in {one.name for one in threading.enumerate()}


@pytest.mark.parametrize(
    ("item", "scores"),
    [
        ("https://a.example/i/1", "https://a.example/i/1/scores"),
        ("https://a.example/i/1?type_id=2", "https://a.example/i/1/scores?type_id=2"),
        ("https://a.example/i/1?a=b/c&d=%20", "https://a.example/i/1/scores?a=b/c&d=%20"),
    ],
)
def test_scores_go_below_the_path_of_an_item(item: str, scores: str) -> None:
    assert scores_of(item) == scores
