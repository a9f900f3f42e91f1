"""The table of threats in docs/threats.md, and those of its measures that hold for all pages alike."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
import uvicorn

from grader.serve import people, running, sign_in
from grader.serve.identity import FROM_ELSEWHERE
from grader.serve.people import Person, Role
from grader.serve.running import server_for
from grader.serve.server import LARGEST_BODY, Server
from tests.grader.serve.conftest import OURS, new_client, signed_in, wait_until_done
from tests.grader.serve.test_lti import with_platform
from tests.grader.serve.test_routes import (
    FOR_STAFF,
    NOWHERE,
    OWN,
    OWN_ALONE,
    PLACES,
    add_words,
    routes,
)
from tests.grader.serve.words_course import write_words

EXERCISE = "mit-6390-recitation-8"
ROOT = Path(__file__).parents[3]
EVIL = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>&#60;\u202e\u2066=1+1"
"""Of a tag, an attribute's end, an entity, marks that turn the direction of text, and a formula."""

NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": [EVIL]},
        {
            "cell_type": "code",
            "metadata": {},
            "execution_count": 1,
            "source": [f"# {EVIL}\na_i = dict(Wss='{'x' * 5}')"],
            "outputs": [
                {"output_type": "display_data", "metadata": {}, "data": {"text/html": [EVIL]}},
            ],
        },
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


class Course(NamedTuple):
    """A server, and the hand-in of a student who writes what harms pages wherever he can."""

    server: Server
    number: str


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    folder = with_platform(tmp_path_factory.mktemp("of"), NOWHERE)
    with (folder / "course.toml").open("a") as file:
        file.write(f'[oidc]\nissuer = "{NOWHERE}"\nclient_id = "us"\n')
    with server_for(folder, jobs=1, root=OURS) as server:
        add_words(server)
        with server.book.writing_durably() as connection:
            people.keep_people(connection, [Person(id="bruno", name=EVIL, role=Role.STUDENT)])
            people.keep_people(connection, [Person(id=EVIL, name=EVIL, role=Role.STUDENT)])
        write_words(server, EVIL, EVIL)
        yield Course(server, hand_in(server))


def hand_in(server: Server) -> str:
    with signed_in(server, "bruno") as bruno:
        typed = {"field.g1.0.0": EVIL, "press": "1"}
        assert bruno.post(f"/exercise/{EXERCISE}/a_ii", data=typed).status_code == 303
        saved = {"field.Wss": EVIL, "action": "save"}
        assert bruno.post(f"/exercise/{EXERCISE}/a_i", data=saved).status_code == 303
        file = (f"{EVIL}.ipynb", json.dumps(NOTEBOOK).encode())
        sent = bruno.post(f"/exercise/{EXERCISE}", files={"file": file}, data={"press": "2"})
        assert sent.status_code == 303
        wait_until_done(bruno)
        number = str(sent.headers["location"].rpartition("/")[2])
        assert bruno.post(f"/hand-in/{number}/wrong", data={"words": EVIL}).status_code == 303
    return number


def address_of(path: str, number: str) -> str:
    return path.replace("{number:int}", number).replace(":int", "").format(**PLACES)


def whole_database(server: Server) -> dict[str, list[str]]:
    """Every row of every table."""
    with server.book.reading() as connection:
        listed = "select name from sqlite_master where type = 'table' order by name"
        names = [row[0] for row in connection.exec_driver_sql(listed).all()]
        return {one: sorted(map(repr, connection.exec_driver_sql(f"select * from {one}"))) for one in names}


FOREIGN = {
    "an origin": {"origin": "https://elsewhere.example"},
    "an origin that begins alike": {"origin": f"{OURS}.elsewhere.example"},
    "an origin of another port": {"origin": f"{OURS}:9999"},
    "no origin that may be told": {"origin": "null"},
    "nothing": {},
    "a page of another site": {"sec-fetch-site": "cross-site", "origin": OURS},
    "a page of a sister site": {"sec-fetch-site": "same-site", "origin": OURS},
}


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_nothing_that_another_sites_page_sends_is_taken_anywhere(
    course: Course, headers: dict[str, str]
) -> None:
    client = signed_in(course.server, "zoe", Role.INSTRUCTOR)
    del client.headers["origin"]
    before = whole_database(course.server)
    posted = 0
    for path, method in routes(course.server):
        if method == "GET" or path in FROM_ELSEWHERE:
            continue
        got = client.request(method, address_of(path, course.number), data={"press": "3"}, headers=headers)
        assert got.status_code == 403, path
        posted += 1
    assert posted >= 15
    assert whole_database(course.server) == before


@pytest.mark.parametrize("role", [None, *Role])
def test_reading_changes_nothing(course: Course, role: Role | None) -> None:
    name = "bruno" if role is Role.STUDENT else f"reader {role}"
    client = new_client(course.server) if role is None else signed_in(course.server, name, role)
    before = whole_database(course.server)
    for path, method in routes(course.server):
        # What a provider sends back ends a sign-in; a cookie says that this browser began it.
        if method == "GET":
            assert client.get(address_of(path, course.number)).status_code < 504
    assert whole_database(course.server) == before


class Tags(HTMLParser):
    """The elements of a page with their attributes, and its text but for what stands in controls.

    There it stays as it was typed, to be sent again, and turns nothing beside it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        self.text += "".join(value or "" for name, value in attrs if name != "value")
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within != "textarea":
            self.text += data


TURNS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def harm_in(page: str) -> list[str]:
    """What in a page could run, load or mislead."""
    tags = Tags()
    tags.feed(page)
    found = [f"turned text: {one!r}" for one in TURNS.findall(tags.text)]
    for tag, attributes in tags.found:
        if tag in ("iframe", "object", "embed", "base", "applet", "frame"):
            found.append(tag)
        if tag == "script" and not attributes.get("src", "").startswith("/static/"):
            found.append("script")
        for name, value in attributes.items():
            if name.startswith("on") or name in ("style", "srcdoc"):
                found.append(name)
            where = value.strip().casefold()
            if name in ("href", "src", "action") and not where.startswith(("/", "#", "?", "data:")):
                found.append(f"{name}: {value}")
            if name == "formaction" and not where.startswith("/exercise/"):
                found.append(f"{name}: {value}")
            if where.startswith(("data:text", "//", "/\\")):
                found.append(f"{name}: {value}")
    return found


def test_this_test_sees_harm() -> None:
    for evil in (
        "<script>1</script>",
        "<p onclick=a>",
        "<a href=' javascript:a'>",
        "<p style=a>",
        "<a href=//a>",
        "\u202e",
        EVIL,
    ):
        assert harm_in(evil)


@pytest.mark.parametrize("role", list(Role))
def test_what_a_student_writes_does_no_harm_on_any_page(course: Course, role: Role) -> None:
    client = signed_in(course.server, "bruno" if role is Role.STUDENT else f"looks {role}", role)
    shown, n_pages = "", 0
    for path, method in routes(course.server):
        if method != "GET" or path.endswith("/events") or path.startswith("/static"):
            continue
        got = client.get(address_of(path, course.number))
        if got.headers.get("content-type", "").startswith("text/html"):
            assert harm_in(got.text) == [], path
            shown += got.text
            n_pages += 1
    assert n_pages >= 4
    assert "alert(" in shown
    assert "&lt;img src=x" in shown


def test_what_staff_send_for_others_to_read_does_no_harm(course: Course) -> None:
    staff = signed_in(course.server, "sends", Role.INSTRUCTOR)
    given = {"exercise": "words", "question": "w", "points": "1", "why": EVIL, "do": "give"}
    assert staff.post("/staff/people/bruno/points", data=given).status_code == 303
    data = f'student,name\nchi,"{EVIL}"\n'.replace("\"'>", "'>").encode()
    sent = staff.post("/staff/roster", files={"file": (EVIL, data)})
    assert harm_in(sent.text) == []
    for path in ("/staff", "/staff/log", "/staff/people/bruno", "/staff/people/chi"):
        assert harm_in(staff.get(path).text) == [], path
    assert harm_in(signed_in(course.server, "bruno").get("/exercise/words").text) == []


HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def test_every_answer_says_what_it_may_load_and_what_leaves_is_an_attachment(course: Course) -> None:
    client = signed_in(course.server, "loads", Role.INSTRUCTOR)
    answers = [
        client.get(address_of(path, course.number))
        for path, method in routes(course.server)
        if method == "GET"
    ]
    answers += [client.get("/nowhere"), client.get("/", headers={"host": "elsewhere.example"})]
    answers += [client.post("/out", headers={"origin": "https://elsewhere.example"})]
    answers += [
        new_client(course.server).get("/staff"),
        client.post("/in", content=b"x" * (LARGEST_BODY + 1)),
    ]
    left = 0
    for one in answers:
        assert {name: one.headers.get(name) for name in HEADERS} == HEADERS, one.url
        policy = one.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self';"), one.url
        assert "unsafe" not in policy
        kind = one.headers.get("content-type", "").partition(";")[0]
        if kind not in ("text/html", "text/css", "text/javascript", "text/plain", "text/event-stream", ""):
            is_for_programs = one.url.path in ("/health", "/lti/jwks")
            assert is_for_programs or one.headers["content-disposition"].startswith("attachment"), one.url
            left += 1
    assert left >= 3


def test_a_page_of_anothers_is_to_the_byte_one_that_is_not_there(course: Course) -> None:
    student = signed_in(course.server, "amara")
    nowhere = student.get("/nowhere")
    asked = [one for one in routes(course.server) if one[0] in FOR_STAFF | OWN | OWN_ALONE]
    assert len(asked) >= 20
    for path, method in asked:
        for number, person in ((course.number, "bruno"), ("999999", "nobody")):
            address = path.replace("{number:int}", number).replace(":int", "")
            got = student.request(method, address.format(**{**PLACES, "person": person}))
            assert got.status_code == 404, address
            if method == "GET":
                assert (got.content, dict(got.headers)) == (nowhere.content, dict(nowhere.headers)), address
    own = signed_in(course.server, "bruno")
    assert own.get(f"/hand-in/{course.number}").status_code == 200


def test_a_link_or_code_that_is_not_good_is_answered_alike_whatever_is_wrong_with_it(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    with course.server.book.writing_durably() as connection:
        people.keep_people(connection, [Person(id="dora", name="", role=Role.STUDENT)])
        revoked, old = people.new_link(connection, "dora"), people.new_link(connection, "dora", -1)
        people.revoke(connection, "dora")
        code = people.new_code(connection, "dora")
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(sign_in, "asyncio", SimpleNamespace(sleep=sleep))
    client = new_client(course.server)
    bad = ("made-up", revoked, old, "", "x" * 5000, code[:-1], "' or 1=1 --")
    pages = {client.post("/in", data={"code": one}).content for one in bad}
    pages |= {client.post(f"/in/{one}").content for one in ("made-up", revoked, old)}
    assert len(pages) == 1
    assert waited == [sign_in.WRONG_CODE_S] * 10
    assert client.post("/in", data={"code": code.lower().replace("-", " ")}).status_code == 303


def test_signing_in_makes_a_new_session_and_ends_the_one_before(course: Course) -> None:
    server = course.server
    with server.book.writing_durably() as connection:
        secret = people.new_link(connection, "amara")
    planted = "planted-by-somebody-else"
    victim = new_client(server)
    victim.cookies.set(server.cookie, planted)
    tokens = [planted]
    for _ in range(3):
        sent = victim.post(f"/in/{secret}")
        cookie = sent.headers["set-cookie"].lower()
        assert {"httponly", "samesite=lax", "path=/"} <= set(cookie.split("; "))
        tokens.append(sent.cookies[server.cookie])
    assert len(set(tokens)) == 4
    assert min(map(len, tokens[1:])) >= 43
    for number, token in enumerate(tokens):
        other = new_client(server)
        other.cookies.set(server.cookie, token)
        assert other.get("/").status_code == (200 if number == 3 else 401)


def test_signing_out_ends_the_session_on_the_server(course: Course) -> None:
    client = signed_in(course.server, "amara")
    token = client.cookies[course.server.cookie]
    with course.server.book.reading() as connection:
        kept = repr(connection.exec_driver_sql("select * from sessions").all())
    assert token not in kept
    assert people.digest(token) in kept
    assert client.post("/out").status_code == 200
    client.cookies.set(course.server.cookie, token)
    assert client.get("/").status_code == 401
    with course.server.book.reading() as connection:
        assert people.digest(token) not in repr(connection.exec_driver_sql("select * from sessions").all())


def test_a_session_that_is_too_old_is_none(course: Course) -> None:
    client = signed_in(course.server, "amara")
    assert client.get("/").status_code == 200
    with course.server.book.writing_durably() as connection:
        digest = people.digest(client.cookies[course.server.cookie])
        old = "update sessions set until = '2000-01-01T00:00:00+00:00' where digest = ?"
        connection.exec_driver_sql(old, (digest,))
    assert client.get("/").status_code == 401


def parts_of(n_bytes: int) -> Iterator[bytes]:
    for _ in range(n_bytes // 2**16 + 1):
        yield b"x" * 2**16


def test_what_is_too_large_is_refused_before_it_is_read_whole(course: Course) -> None:
    client = signed_in(course.server, "amara")
    before = whole_database(course.server)
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "application/json")
    for path in (f"/exercise/{EXERCISE}", f"/exercise/{EXERCISE}/a_i", "/in", "/lti/launch", "/lti/login"):
        for kind in kinds:
            said = client.post(path, content=b"x" * (LARGEST_BODY + 1), headers={"content-type": kind})
            assert said.status_code == 413, (path, kind)
        # One that does not say how long it is.
        sent = client.post(path, content=parts_of(LARGEST_BODY), headers={"content-type": kinds[0]})
        assert sent.status_code in (400, 413), path
    assert whole_database(course.server) == before


def test_forms_of_too_many_parts_are_refused(course: Course) -> None:
    client = signed_in(course.server, "amara")
    for path in (f"/exercise/{EXERCISE}", f"/exercise/{EXERCISE}/a_i", "/in", "/lti/launch"):
        many = {f"field.{n}": "x" for n in range(5000)}
        assert client.post(path, data=many).status_code == 400, path
    two = [("file", ("a.py", b"a = 1")), ("file", ("b.py", b"b = 1"))]
    assert client.post(f"/exercise/{EXERCISE}", files=two).status_code == 400
    files = {"field.Wss": ("a.py", b"a = 1")}
    assert client.post(f"/exercise/{EXERCISE}/a_i", files=files).status_code == 400


def test_an_archive_or_a_path_of_a_students_is_no_file_of_the_servers(course: Course) -> None:
    client = signed_in(course.server, "amara")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.json", b"0" * 50_000_000)
    sent = client.post(f"/exercise/{EXERCISE}", files={"file": ("a.zip", packed.getvalue())})
    assert sent.status_code == 400
    for name in ("../../evil.py", "/etc/evil.py", "..\\evil.py", "evil.py\x00.txt"):
        client.post(f"/exercise/{EXERCISE}", files={"file": (name, b"a_i = 1")}, data={"press": name})
    assert not list(course.server.course.folder.parent.glob("**/evil*"))
    with course.server.book.reading() as connection:
        names = [row[0] for row in connection.exec_driver_sql("select name from submission_files")]
    assert not [one for one in names if "/" in one or "\\" in one or "\x00" in one]


@contextlib.contextmanager
def really_running(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The server on a socket; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made: list[uvicorn.Server] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self: made.append(self))
    running.run(server, "127.0.0.1", port)
    monkeypatch.undo()
    (one,) = made
    thread = threading.Thread(target=one.run, daemon=True)
    thread.start()
    for _ in range(500):
        if one.started:
            break
        time.sleep(0.02)
    try:
        yield port
    finally:
        one.should_exit = True
        thread.join(30)


def test_headers_that_are_too_long_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        server_for(with_platform(tmp_path, NOWHERE), jobs=1, root=OURS) as server,
        really_running(server, monkeypatch) as port,
    ):
        for length, is_taken in ((1000, True), (200_000, False)):
            with socket.create_connection(("127.0.0.1", port), timeout=20) as one:
                head = f"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nx: {'x' * length}\r\n\r\n"
                with contextlib.suppress(OSError):
                    one.sendall(head.encode())
                try:
                    answer = one.recv(100)
                except ConnectionError:
                    answer = b""
            assert (b" 200 " in answer) == is_taken
        # Who says that he was sent by a proxy is not believed.
        with socket.create_connection(("127.0.0.1", port), timeout=20) as one:
            one.sendall(b"GET /in HTTP/1.1\r\nhost: elsewhere.example\r\nx-forwarded-host: 127.0.0.1\r\n\r\n")
            assert b" 400 " in one.recv(100)


SECRET = re.compile(r"secret|token|nonce|state|verifier|digest|code\b", re.I)


def test_no_secret_is_compared_by_its_letters() -> None:
    """Where secrets are handled `==` compares none: they are looked up by digest, or by `compare_digest`."""
    found = []
    folder = ROOT / "grader" / "serve"
    for path in (folder / "people.py", folder / "sign_in.py", *sorted((folder / "identity").rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
                continue
            sides = [node.left, *node.comparators]
            # A column of a table is compared by the database; a constant is no secret.
            if any(".c." in ast.unparse(one) or isinstance(one, ast.Constant) for one in sides):
                continue
            if any(SECRET.search(ast.unparse(one)) for one in sides):
                found.append(f"{path.name}:{node.lineno}: {ast.unparse(node)}")
    assert [one for one in found if not any(known in one for known in NO_SECRETS)] == []


NO_SECRETS = ("set(typed) <= set(CODE_LETTERS)", "CODE_LENGTH", "status_code", "self.code")
"""Of a code its length, and of an answer its status."""

THREATS = ROOT / "docs" / "threats.md"
NAMED = re.compile(r"`(test_\w+)`")


def test_every_threat_has_a_measure_and_tests_that_are_there() -> None:
    rows = [line for line in THREATS.read_text(encoding="utf-8").split("\n") if line.startswith("| ")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    cells = [row for row in cells if row[0] not in ("threat", "---")]
    assert len(cells) >= 20
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    }
    for threat, measure, tests in cells:
        assert measure, threat
        named = NAMED.findall(tests)
        assert named, threat
        assert not set(named) - there, threat
