"""Signing in by a provider of OpenID Connect, against one of our own making on this machine."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.testclient import TestClient

from grader.serve import people
from grader.serve.identity import outside, provider
from grader.serve.people import Role
from grader.serve.running import server_for
from grader.serve.server import Server
from tests.grader.serve.conftest import OURS, course_in, new_client, signed_in
from tests.grader.serve.loopback import (
    KEY,
    OTHER_KEY,
    Answer,
    Asked,
    answering,
    new_key,
    past,
    public,
    signed,
    signed_with_the_public_key,
    times,
    unsigned,
    with_other_claims,
)

CLIENT, SECRET = "rnngrade-at-us", "made up & for the tests"
Claims = dict[str, Any]


class Provider:
    """Signs anybody in; what it does wrong is set by the test."""

    def __init__(self) -> None:
        self.issuer = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.claims: Claims = {"sub": "4711", "email": "amara", "email_verified": True}
        self.more: Claims = {}
        self.described: Claims = {}
        self.key = KEY
        self.keys = public(KEY)
        self.make_token: Callable[[Claims], str] = lambda claims: signed(claims, self.key)
        self.is_down = False
        self.elsewhere = ""

    def description(self, _: Asked) -> Answer:
        if self.is_down:
            return 500, {}
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        own = {name: f"{self.issuer}/{path}" for name, path in names.items()}
        more = {"userinfo_endpoint": f"{self.issuer}/more", "issuer": self.issuer}
        return 200, {**own, **more, **self.described}

    def signs_in(self, address: str) -> dict[str, str]:
        """What the browser brings back from where it was sent."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert address.startswith(f"{self.issuer}/authorize?")
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        code = f"code {len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, asked: Asked) -> Answer:
        begun = self.codes.pop(asked.form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:made+up+%26+for+the+tests".encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked.headers.get("authorization") not in (f"Basic {basic}", f"Basic {plain}"):
            return 401, {"error": "invalid_client"}
        challenge = hashlib.sha256(asked.form.get("code_verifier", "").encode()).digest()
        made = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        same = begun is not None and begun["redirect_uri"] == asked.form["redirect_uri"]
        if begun is None or not same or begun["code_challenge"] != made:
            return 400, {"error": "invalid_grant"}
        own = {"iss": self.issuer, "aud": CLIENT, "nonce": begun["nonce"], **times()}
        claims = {name: value for name, value in {**own, **self.claims}.items() if value is not None}
        return 200, {"access_token": "leave", "token_type": "Bearer", "id_token": self.make_token(claims)}


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    made = Provider()
    answers: dict[str, Callable[[Asked], Answer]] = {
        "/.well-known/openid-configuration": lambda asked: made.description(asked),
        "/jwks": lambda _: (200, made.keys),
        "/token": lambda asked: made.token(asked),
        "/moved": lambda _: (307, made.elsewhere),
        "/more": lambda asked: (200 if asked.headers["authorization"] == "Bearer leave" else 401, made.more),
    }
    with answering(answers) as (address, _):
        made.issuer = address
        yield made


@pytest.fixture
def idp(running: Provider) -> Iterator[Provider]:
    issuer = running.issuer
    running.__init__()  # type: ignore[misc]
    running.issuer = issuer
    yield running
    provider._provider.cache_clear()


def course_with(tmp_path: Path, issuer: str, more: str = "") -> Path:
    course = course_in(tmp_path)
    secret = course / "oidc-secret"
    secret.touch(0o600)
    secret.write_text(SECRET)
    table = f'[oidc]\nissuer = "{issuer}"\nclient_id = "{CLIENT}"\nsecret_file = "oidc-secret"\n{more}\n'
    with (course / "course.toml").open("a") as file:
        file.write(table)
    return course


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, running: Provider) -> Iterator[Server]:
    with server_for(course_with(tmp_path_factory.mktemp("of"), running.issuer), jobs=1, root=OURS) as made:
        yield made


@pytest.fixture
def server(started: Server, idp: Provider) -> Server:
    """One server for all; nobody has come in by the provider yet."""
    with started.book.writing_durably() as connection:
        for table in ("accounts", "sessions", "ended_sign_ins"):
            connection.exec_driver_sql(f"delete from {table}")
    return started


def goes_to(client: TestClient, path: str = "/oidc/login") -> str:
    sent = client.get(path)
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"])


def who(client: TestClient) -> str:
    """Who is signed in; empty for nobody."""
    page = client.get("/").text
    return page.partition("Signed in as ")[2].partition("<")[0]


def test_whom_the_provider_names_by_the_id_on_the_roster_comes_in(server: Server, idp: Provider) -> None:
    client = new_client(server)
    assert 'href="/oidc/login"' in client.get("/in").text
    back = client.get("/oidc/callback", params=idp.signs_in(goes_to(client)))
    assert (back.status_code, back.headers["location"]) == (303, "/")
    assert who(client) == "Amara"


@pytest.mark.parametrize("said", ["AMARA", " amara ", "Amara"])
def test_an_id_is_found_in_any_case(server: Server, idp: Provider, said: str) -> None:
    idp.claims["email"] = said
    client = new_client(server)
    assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 303
    assert who(client) == "Amara"


def test_an_id_is_found_in_either_spelling_of_an_accent(server: Server, idp: Provider) -> None:
    with server.book.writing_durably() as connection:
        people.keep_people(connection, [people.Person(id="zo\u00eb", name="Zoe", role=Role.STUDENT)])
    idp.claims["email"] = "zoe\u0308"
    client = new_client(server)
    assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 303
    assert who(client) == "Zoe"


@pytest.mark.parametrize("said", ["chiara", "amara ara", "Amara, Amara", "amar", "*", "amara%"])
def test_who_is_not_on_the_list_is_told_so_and_does_not_come_in(
    server: Server, idp: Provider, said: str
) -> None:
    idp.claims["email"] = said
    client = new_client(server)
    back = client.get("/oidc/callback", params=idp.signs_in(goes_to(client)))
    assert (back.status_code, "You are not on the list" in back.text) == (403, True)
    assert who(client) == ""


def test_a_name_that_two_people_have_but_for_case_is_neithers(server: Server, idp: Provider) -> None:
    with server.book.writing_durably() as connection:
        two = [people.Person(id=id, name="", role=Role.STUDENT) for id in ("Dana", "DANA")]
        people.keep_people(connection, two)
    idp.claims["email"] = "dana"
    client = new_client(server)
    assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 403
    idp.claims |= {"sub": "2", "email": "DANA"}
    assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 303


BAD_CLAIMS: dict[str, Claims] = {
    "wrong nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "a list for a nonce": {"nonce": ["another"]},
    "wrong aud": {"aud": "another-client"},
    "two in aud without azp": {"aud": [CLIENT, "another-client"]},
    "wrong azp": {"azp": "another-client"},
    "no aud": {"aud": None},
    "wrong iss": {"iss": "https://elsewhere.example"},
    "no iss": {"iss": None},
    "expired": past(120),
    "never expires": {"exp": None},
    "exp is no number": {"exp": float("nan")},
    "exp is a text": {"exp": "9999999999"},
    "made in the future": {"iat": times()["iat"] + 3600},
    "email not verified": {"email_verified": False},
    "email verified is a text": {"email_verified": "false"},
    "email verified is not said": {"email_verified": None},
    "no sub": {"sub": ""},
    "email is a list": {"email": ["amara"]},
}


@pytest.mark.parametrize("bad", BAD_CLAIMS.values(), ids=BAD_CLAIMS)
def test_a_token_that_says_something_else_signs_nobody_in(server: Server, idp: Provider, bad: Claims) -> None:
    idp.claims |= bad
    client = new_client(server)
    back = client.get("/oidc/callback", params=idp.signs_in(goes_to(client)))
    assert back.status_code == 403
    assert who(client) == ""


FORGED: dict[str, Callable[[Claims], str]] = {
    "signed by another key of the same id": lambda claims: signed(claims, OTHER_KEY),
    "not signed": unsigned,
    "signed with the public key as a secret": signed_with_the_public_key,
    "claims exchanged": lambda claims: with_other_claims(signed(claims), {**claims, "email": "bruno"}),
    "no token at all": lambda claims: "",
    "no JSON": lambda claims: "e30.e30.e30",
    "not ASCII": lambda claims: "\u00e9.\u00e9.\u00e9",
    "as long as a book": lambda claims: "x" * 200_000,
}


@pytest.mark.parametrize("make", FORGED.values(), ids=FORGED)
def test_a_token_that_the_provider_did_not_sign_signs_nobody_in(
    server: Server, idp: Provider, make: Callable[[Claims], str]
) -> None:
    idp.make_token = make
    client = new_client(server)
    back = client.get("/oidc/callback", params=idp.signs_in(goes_to(client)))
    assert back.status_code == 403
    assert who(client) == ""


def test_a_provider_that_allows_secrets_as_keys_is_not_believed(server: Server, idp: Provider) -> None:
    idp.described = {"id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}
    client = new_client(server)
    for make in (unsigned, signed_with_the_public_key):
        idp.make_token = make
        assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 403
    assert who(client) == ""


def test_a_key_that_the_provider_has_since_is_read(
    server: Server, idp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "PAUSE_S", -1)
    client = new_client(server)
    assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 303
    from joserfc import jwt

    later = new_key("two")
    idp.keys = public(KEY, later)
    idp.make_token = lambda claims: jwt.encode({"alg": "RS256", "kid": "two"}, claims, later)
    assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 303


def test_a_state_that_was_not_given_to_this_browser_signs_nobody_in(server: Server, idp: Provider) -> None:
    client, attacker = new_client(server), new_client(server)
    good = idp.signs_in(goes_to(client))
    for state in ("", "x", good["state"][:-1], good["state"] + "x", "\u00e9" * 32):
        assert client.get("/oidc/callback", params={**good, "state": state}).status_code == 400
    # An attacker's own sign-in, ended in somebody else's browser, would hand in under the attacker's name.
    theirs = idp.signs_in(goes_to(attacker))
    assert client.get("/oidc/callback", params=theirs).status_code == 400
    assert who(client) == ""
    # Nor does a cookie that somebody wrote himself help.
    name = next(iter(attacker.cookies))
    forged = attacker.cookies[name].rpartition(".")[0] + ".AAAA"
    attacker.cookies.clear()
    attacker.cookies.set(name, forged)
    assert attacker.get("/oidc/callback", params=theirs).status_code == 400
    assert client.get("/oidc/callback", params=good).status_code == 303


def test_what_was_ended_once_is_not_ended_again(server: Server, idp: Provider) -> None:
    client = new_client(server)
    address = goes_to(client)
    kept = dict(client.cookies)
    back = idp.signs_in(address)
    assert client.get("/oidc/callback", params=back).status_code == 303
    client.cookies.clear()
    # The code is used up, and so is the state, though the cookie was put back and there is a new code.
    for again in (back, idp.signs_in(address)):
        client.cookies.update(kept)
        assert client.get("/oidc/callback", params=again).status_code in (400, 403)
        assert who(client) == ""


def test_a_code_is_given_only_by_who_began(server: Server, idp: Provider) -> None:
    client, attacker = new_client(server), new_client(server)
    stolen = idp.signs_in(goes_to(client))["code"]
    own = idp.signs_in(goes_to(attacker))
    assert attacker.get("/oidc/callback", params={**own, "code": stolen}).status_code == 403
    assert who(attacker) == ""


@pytest.mark.parametrize("issuer", ["https://elsewhere.example", "", "http://127.0.0.1:1"])
def test_a_browser_that_another_provider_sent_back_is_not_signed_in(
    server: Server, idp: Provider, issuer: str
) -> None:
    client = new_client(server)
    back = client.get("/oidc/callback", params={**idp.signs_in(goes_to(client)), "iss": issuer})
    assert back.status_code == 403
    own = {**idp.signs_in(goes_to(client)), "iss": idp.issuer}
    assert client.get("/oidc/callback", params=own).status_code == 303


def test_a_provider_that_says_who_it_is_must_always_do_so(server: Server, idp: Provider) -> None:
    idp.described = {"authorization_response_iss_parameter_supported": True}
    client = new_client(server)
    assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 403


def test_a_sign_in_begun_with_a_provider_that_the_course_had_before_is_not_ended(
    server: Server, idp: Provider
) -> None:
    client = new_client(server)
    back = idp.signs_in(goes_to(client))
    file = server.course.folder / "course.toml"
    text = file.read_text()
    file.write_text(text.replace(CLIENT, "another client of theirs"))
    assert client.get("/oidc/callback", params=back).status_code == 400
    file.write_text(text)


ELSEWHERE = (
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "/%2f/elsewhere.example",
    "javascript:alert(1)",
    "/exercise/../../elsewhere",
    "/exercise/a\r\nset-cookie: a=b",
    "/\t/elsewhere.example",
    "/out",
    "/exercise/a?next=//elsewhere.example",
    "@elsewhere.example",
    "exercise/a",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_after_signing_in_one_goes_nowhere_else(server: Server, idp: Provider, target: str) -> None:
    client = new_client(server)
    sent = client.get("/oidc/login", params={"next": target})
    back = client.get("/oidc/callback", params=idp.signs_in(sent.headers["location"]))
    assert (back.status_code, back.headers["location"]) == (303, "/")


def test_after_signing_in_one_goes_to_the_exercise(server: Server, idp: Provider) -> None:
    client = new_client(server)
    back = client.get(
        "/oidc/callback", params=idp.signs_in(goes_to(client, "/oidc/login?next=/exercise/a-b"))
    )
    assert back.headers["location"] == "/exercise/a-b"


def test_who_refuses_at_the_provider_is_told_so(server: Server, idp: Provider) -> None:
    client = new_client(server)
    state = idp.signs_in(goes_to(client))["state"]
    back = client.get(
        "/oidc/callback", params={"state": state, "error": "access_denied", "error_description": "<b>no</b>"}
    )
    assert (back.status_code, "<b>no</b>" in back.text) == (403, False)


def test_a_name_that_goes_to_another_account_signs_nobody_in_until_staff_revoke(
    server: Server, idp: Provider
) -> None:
    client = new_client(server)
    assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 303
    # The account's own address may change; somebody else who then has it is somebody else.
    idp.claims["email"] = "bruno"
    assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 303
    assert who(client) == "Amara"
    idp.claims |= {"sub": "4712", "email": "amara"}
    other = new_client(server)
    assert other.get("/oidc/callback", params=idp.signs_in(goes_to(other))).status_code == 403
    staff = signed_in(server, "staff", Role.INSTRUCTOR)
    assert staff.post("/staff/people/amara/revoke").status_code == 303
    assert client.get("/").status_code == 401
    assert other.get("/oidc/callback", params=idp.signs_in(goes_to(other))).status_code == 303


def test_a_statement_that_only_the_provider_has_is_asked_for_there(server: Server, idp: Provider) -> None:
    idp.claims = {"sub": "4711"}
    idp.more = {"sub": "4711", "email": "bruno", "email_verified": True}
    client = new_client(server)
    assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 303
    assert who(client) == "Bruno"
    idp.claims, other = {"sub": "4712"}, new_client(server)
    assert other.get("/oidc/callback", params=idp.signs_in(goes_to(other))).status_code == 403


DESCRIBED: dict[str, Claims] = {
    "of another issuer": {"issuer": "https://elsewhere.example"},
    "a token endpoint that is a file": {"token_endpoint": "file:///etc/passwd"},
    "a token endpoint within the network": {"token_endpoint": "http://10.0.0.1/token"},
    "keys by ftp": {"jwks_uri": "ftp://127.0.0.1/jwks"},
    "no keys": {"jwks_uri": None},
    "as long as a book": {"more": "x" * 400_000},
}


@pytest.mark.parametrize("said", DESCRIBED.values(), ids=DESCRIBED)
def test_a_provider_that_describes_itself_wrongly_is_not_used(
    server: Server, idp: Provider, said: Claims
) -> None:
    idp.described = said
    got = new_client(server).get("/oidc/login")
    assert (got.status_code, "does not answer" in got.text) == (503, True)


def test_a_provider_that_sends_one_elsewhere_is_not_followed(server: Server, idp: Provider) -> None:
    with answering({"/": lambda _: (200, {})}) as (elsewhere, asked):
        idp.elsewhere = f"{elsewhere}/"
        idp.described = {"token_endpoint": f"{idp.issuer}/moved"}
        client = new_client(server)
        assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 503
        idp.described, idp.more, idp.claims = {"userinfo_endpoint": f"{idp.issuer}/moved"}, {}, {"sub": "1"}
        provider._provider.cache_clear()
        assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 403
    assert asked == []


def test_a_provider_that_fails_stops_no_other_way_in(
    server: Server, idp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    idp.is_down = True
    client = new_client(server)
    assert client.get("/oidc/login").status_code == 503
    with server.book.writing_durably() as connection:
        code = people.new_code(connection, "amara")
    assert client.post("/in", data={"code": code}).status_code == 303
    assert who(client) == "Amara"
    # It is not asked again at once, and is once it may be.
    idp.is_down = False
    assert client.get("/oidc/login").status_code == 503
    monkeypatch.setattr(outside, "PAUSE_S", -1)
    assert client.get("/oidc/login").status_code == 303


def test_what_was_read_serves_while_the_provider_fails(
    server: Server, idp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = new_client(server)
    goes_to(client)
    monkeypatch.setattr(outside, "FRESH_S", -1)
    monkeypatch.setattr(outside, "PAUSE_S", -1)
    idp.is_down = True
    goes_to(client)
    monkeypatch.setattr(outside, "STALE_S", -1)
    assert client.get("/oidc/login").status_code == 503


def test_nothing_is_written_for_who_only_begins(server: Server, idp: Provider) -> None:
    def rows() -> list[int]:
        with server.book.reading() as connection:
            names = ("people", "sessions", "accounts", "ended_sign_ins", "server_keys", "actions")
            return [connection.exec_driver_sql(f"select count(*) from {one}").scalar() or 0 for one in names]

    before = rows()
    for _ in range(20):
        goes_to(new_client(server))
    assert rows() == before


def test_cookies_are_a_hosts_own_under_https(tmp_path: Path, idp: Provider) -> None:
    root = "https://rnn.example.edu"
    course = course_with(tmp_path, idp.issuer)
    with server_for(course, jobs=1, root=root, hosts=("rnn.example.edu",)) as server:
        client = new_client(server)
        client.base_url = root
        sent = client.get("/oidc/login")
        (cookie,) = sent.headers.get_list("set-cookie")
        assert cookie.startswith("__Host-rnngrade-oidc-")
        assert {"HttpOnly", "SameSite=Lax", "Secure", "Path=/"} <= set(cookie.split("; "))
        back = client.get("/oidc/callback", params=idp.signs_in(sent.headers["location"]))
        assert back.headers["set-cookie"].startswith("__Host-rnngrade=")


def test_a_browser_that_begins_again_and_again_keeps_few_cookies(server: Server, idp: Provider) -> None:
    client = new_client(server)
    for _ in range(30):
        address = goes_to(client)
    assert len(client.cookies) <= 6
    assert client.get("/oidc/callback", params=idp.signs_in(address)).status_code == 303


def test_a_secret_that_others_can_read_is_not_used(tmp_path: Path, idp: Provider) -> None:
    course = course_with(tmp_path, idp.issuer)
    (course / "oidc-secret").chmod(0o644)
    with server_for(course, jobs=1, root=OURS) as server:
        client = new_client(server)
        got = client.get("/oidc/login")
        assert (got.status_code, "oidc-secret" in got.text) == (503, False)
        assert client.get("/in").status_code == 200


def test_the_secret_may_stand_in_the_environment(
    tmp_path: Path, idp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = course_with(tmp_path, idp.issuer)
    file = course / "course.toml"
    file.write_text(file.read_text().replace('secret_file = "oidc-secret"\n', ""))
    monkeypatch.setenv(provider.SECRET_ENV, SECRET)
    with server_for(course, jobs=1, root=OURS) as server:
        client = new_client(server)
        assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 303
    monkeypatch.setenv(provider.SECRET_ENV, "another")
    with server_for(course, jobs=1, root=OURS) as server:
        client = new_client(server)
        assert client.get("/oidc/callback", params=idp.signs_in(goes_to(client))).status_code == 403


def test_a_course_without_a_provider_has_no_such_pages(tmp_path: Path) -> None:
    with server_for(course_in(tmp_path), jobs=1, root=OURS) as server:
        client = new_client(server)
        assert client.get("/oidc/login").status_code == 404
        assert client.get("/oidc/callback?state=a&code=b").status_code == 404
        assert "/oidc/" not in client.get("/in").text
