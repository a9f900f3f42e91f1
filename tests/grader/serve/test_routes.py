"""Every page as every role and as nobody: what is not theirs is not there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Route

from grader.gradebook.tables import METADATA
from grader.serve.app import application
from grader.serve.people import Role
from grader.serve.regrading import trial
from grader.serve.running import server_for
from grader.serve.server import Server
from tests.grader.serve.conftest import OURS, new_client, signed_in
from tests.grader.serve.test_lti import with_platform
from tests.grader.serve.words_course import write_words
from tests.grader.words_exercise import WORDS

EXERCISE = "mit-6390-recitation-8"
PLACES = {
    "exercise": EXERCISE,
    "question": "a_i",
    "person": "bruno",
    "secret": "nobody's",
    "name": "serve.css",
    "entry": "w-1",
    "attempt": "1",
    "format": "csv",
}

BY_OTHERS = {"/oidc/login", "/oidc/callback", "/lti/login", "/lti/launch", "/lti/jwks"}
"""There where the course file names a provider, or a platform."""

FOR_ALL = {"/in", "/in/{secret}", "/out", "/static/{name}", "/health", *BY_OTHERS}
FOR_INSTRUCTORS = {
    "/staff/people/{person}/link",
    "/staff/people/{person}/revoke",
    "/staff/people/{person}/points",
    "/staff/people/{person}/role",
    "/staff/people/{person}/time",
    "/staff/people/{person}/membership",
    "/staff/roster",
    "/staff/export/{format}",
    "/staff/feedback/{exercise}",
    "/staff/log",
    "/staff/exercises/{exercise}/regrade",
    "/staff/uploads",
    "/staff/uploads/{number:int}",
    "/staff/regrades/{number:int}",
}
FOR_STAFF = {
    "/staff",
    "/staff/people/{person}",
    "/staff/attempts/{attempt:int}",
    "/staff/exercises/{exercise}",
    "/staff/people/{person}/as",
    "/staff/people/{person}/as/exercise/{exercise}",
    "/staff/exercises/{exercise}/mistakes",
    "/staff/complaints",
    "/staff/complaints/{number:int}",
    "/staff/words",
    "/staff/words/next",
    "/staff/words/{entry}",
    *FOR_INSTRUCTORS,
}
OWN = {f"/hand-in/{{number:int}}{more}" for more in ("", "/events")}
"""A student sees what is his own, staff see what is anybody's."""

OWN_ALONE = {"/hand-in/{number:int}/wrong"}
"""Nobody says anything in another's name."""

REFUSED = {401, 404}

ROOT = Path(__file__).parents[3]


NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of a course with all that a course file can have; what it names does not answer."""
    folder = with_platform(tmp_path, NOWHERE)
    with (folder / "course.toml").open("a") as file:
        file.write(f'[oidc]\nissuer = "{NOWHERE}"\nclient_id = "us"\n')
    with server_for(folder, jobs=1, root=OURS) as made:
        yield made


def routes(server: Server) -> list[tuple[str, str]]:
    """Every path with every method."""
    found = (one for one in application(server).routes if isinstance(one, Route))
    return [(one.path, method) for one in found for method in (one.methods or ()) if method != "HEAD"]


def add_words(server: Server) -> None:
    """Let a student have written words that wait, as the first attempt; a regrade and an upload wait, too."""
    own = server.course.folder / "exercises"
    own.mkdir()
    (own / "words.toml").write_text(WORDS)
    write_words(server, "bruno", "Many factors are multiplied.")
    with server.book.writing_durably() as connection:
        insert = "insert into uploads values (1, 'words', ?, '[]', 'staff', '2026', 'waits', null, null)"
        connection.exec_driver_sql(insert, (WORDS.encode(),))
        trial.begin(connection, server.course.exercises["words"], "", "staff", "why", never_lower=False)


def may(path: str, role: Role | None) -> bool:
    """Whether somebody of this role gets the page of another student's things."""
    if path in FOR_ALL:
        return True
    if role is None:
        return False
    if path in FOR_STAFF:
        return role is Role.INSTRUCTOR or (role is Role.ASSISTANT and path not in FOR_INSTRUCTORS)
    return path not in OWN_ALONE and (path not in OWN or role is not Role.STUDENT)


def route_table(server: Server) -> str:
    """Who gets which page, as Markdown."""
    head = "| path | | nobody | student | assistant | instructor |\n| --- | --- | --- | --- | --- | --- |\n"
    cells = {True: "yes", False: "-"}
    rows = []
    for path, method in sorted(routes(server)):
        given = [
            "own"
            if role and path in (OWN_ALONE if role is not Role.STUDENT else OWN | OWN_ALONE)
            else cells[may(path, role)]
            for role in (None, *Role)
        ]
        rows.append(f"| `{path}` | {method} | {' | '.join(given)} |\n")
    return head + "".join(rows)


def test_the_documentation_says_who_gets_which_page(server: Server) -> None:
    table = route_table(server)
    assert table in (ROOT / "docs" / "serving.md").read_text(encoding="utf-8"), f"put this there:\n{table}"


@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_gets_its_pages_and_no_other(server: Server, role: Role | None) -> None:
    add_words(server)
    with signed_in(server, "bruno") as bruno:
        sent = bruno.post(f"/exercise/{EXERCISE}/a_i", data={"field.Wss": "2x2", "press": "1"})
        number = sent.headers["location"].rpartition("/")[2]
        assert bruno.post(f"/hand-in/{number}/wrong", data={"words": "no"}).status_code == 303
        presses = map(str, itertools.count())
        for path, method in routes(server):
            client = new_client(server) if role is None else signed_in(server, f"some {role}", role)
            address = path.replace("{number:int}", number).replace(":int", "").format(**PLACES)
            if path.endswith("/events"):
                while bruno.get("/health").json()["running"] or bruno.get("/health").json()["waiting"]:
                    pass
            got = client.request(method, address, data={"press": next(presses)} if method == "POST" else None)
            if path == "/in/{secret}" and method == "POST":
                assert got.status_code == 403
            elif may(path, role):
                assert got.status_code not in REFUSED, (path, method, got.status_code)
            else:
                assert got.status_code in REFUSED, (path, method, got.status_code)


def test_what_is_not_there_looks_like_what_is_not_yours(server: Server) -> None:
    with signed_in(server, "bruno") as bruno:
        sent = bruno.post(f"/exercise/{EXERCISE}/a_i", data={"field.Wss": "2x2", "press": "1"})
        amara = signed_in(server, "amara")
        not_yours, not_there = amara.get(sent.headers["location"]), amara.get("/hand-in/999999")
    assert (not_yours.status_code, not_yours.text) == (not_there.status_code, not_there.text)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1"},
        {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1"},
        {"origin": "http://127.0.0.1.evil.example"},
        {"origin": "http://127.0.0.1:9999"},
    ],
)
def test_another_sites_page_cannot_hand_in(server: Server, headers: dict[str, str]) -> None:
    client = signed_in(server, "amara")
    got = client.post(f"/exercise/{EXERCISE}/a_i", data={"field.Wss": "2x2"}, headers=headers)
    assert got.status_code == 403
    with server.book.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from hand_ins").scalar() == 0


def test_a_request_that_says_no_origin_changes_nothing(server: Server) -> None:
    client = signed_in(server, "amara")
    del client.headers["origin"]
    assert client.post("/out").status_code == 403


def test_a_revoked_link_and_its_sessions_are_good_for_nothing(server: Server) -> None:
    client = signed_in(server, "amara")
    staff = signed_in(server, "staff", Role.INSTRUCTOR)
    assert client.get("/").status_code == 200
    assert staff.post("/staff/people/amara/revoke").status_code == 303
    assert client.get("/").status_code == 401


def test_looking_at_a_link_signs_nobody_in(server: Server) -> None:
    from grader.serve import people

    with server.book.writing_durably() as connection:
        secret = people.new_link(connection, "amara")
    scanner = new_client(server)
    assert scanner.get(f"/in/{secret}").status_code == 200
    assert scanner.get("/").status_code == 401
    # Whoever reads the database cannot come in by it.
    with server.book.reading() as connection:
        kept = "".join(map(str, connection.exec_driver_sql("select * from keys").all()))
    assert secret not in kept


BODY = {
    **{"press": "1", "do": "apply", "why": "x", "role": "instructor", "exercise": "words", "points": "1"},
    **{"question": "w", "until": "2099-01-01T00:00", "sure": "1", "answer": "x", "seen": "", "code": "x"},
}
"""What any form of staff sends, so that nothing is refused for what is in it."""


def all_rows(server: Server) -> dict[str, list[str]]:
    """Everything in the database but for who is signed in."""
    with server.book.reading() as connection:
        tables = [one for one in METADATA.sorted_tables if one.name not in ("keys", "sessions")]
        return {one.name: sorted(map(str, connection.execute(one.select()))) for one in tables}


def test_what_is_refused_changes_nothing(server: Server) -> None:
    add_words(server)
    clients = [new_client(server), signed_in(server, "amara"), signed_in(server, "xenia", Role.ASSISTANT)]
    before = all_rows(server)
    posts = [path for path, method in routes(server) if method == "POST" and path in FOR_STAFF]
    assert len(posts) > 10
    for client, role in zip(clients, (None, Role.STUDENT, Role.ASSISTANT), strict=True):
        for path in posts:
            for does in ("apply", "give", "remove", "place"):
                if not may(path, role):
                    address = path.replace("{number:int}", "1").replace(":int", "").format(**PLACES)
                    assert client.post(address, data={**BODY, "do": does}).status_code in REFUSED
    assert all_rows(server) == before


def test_an_assistant_is_shown_no_way_to_links_exports_or_what_instructors_do(server: Server) -> None:
    add_words(server)
    xenia = signed_in(server, "xenia", Role.ASSISTANT)
    zoe = signed_in(server, "zoe", Role.INSTRUCTOR)
    ways = ("/link", "/revoke", "/export/", "/feedback/", "/regrade", "/uploads", "/roster", "/log", "/role")
    seen = dict.fromkeys((*ways, "/membership", "/time", "/points"), False)
    for path in ("/staff", "/staff/exercises/words", "/staff/people/bruno", "/staff/complaints"):
        for_assistant, for_instructor = xenia.get(path).text, zoe.get(path).text
        for way in seen:
            assert f'{way}"' not in for_assistant.replace("/csv", "").replace("/json", ""), (path, way)
            assert f"/staff{way}" not in for_assistant
            seen[way] |= way in for_instructor
    # These are the ways that an instructor has, or this test could not fail.
    assert all(seen.values()), seen
