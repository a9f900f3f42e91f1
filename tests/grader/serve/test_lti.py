"""LTI 1.3 with a platform of our own making on this machine: login, launch, and points that go back."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt
from starlette.testclient import TestClient

from grader.serve import people
from grader.serve.identity import outside
from grader.serve.identity.lti import launch
from grader.serve.identity.lti.message import role_of
from grader.serve.identity.lti.scores import KEY_FILE, tool_key
from grader.serve.people import Role
from grader.serve.running import server_for
from grader.serve.server import Server
from tests.grader.serve.conftest import OURS, course_in, new_client, signed_in
from tests.grader.serve.loopback import (
    KEY,
    OTHER_KEY,
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

CLIENT, EXERCISE = "tool-7", "mit-6390-recitation-8"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
MEMBER = "http://purl.imsglobal.org/vocab/lis/v2/membership"
LEARNER, INSTRUCTOR = f"{MEMBER}#Learner", f"{MEMBER}#Instructor"
ASSISTANT = f"{MEMBER}/Instructor#TeachingAssistant"
Claims = dict[str, Any]


class Platform:
    """Launches anybody; what it does wrong is set by the test."""

    def __init__(self, address: str = "") -> None:
        self.address = address
        self.keys = public(KEY)
        self.make_token: Callable[[Claims], str] = signed
        self.claims: Claims = {
            "sub": "u-1",
            "name": "Amara A.",
            CLAIM + "lis": {"person_sourcedid": "amara"},
            CLAIM + "roles": [LEARNER],
        }

    def login(self, client: TestClient, **more: str) -> dict[str, str]:
        """What the browser is sent back with, after the platform has sent it here."""
        said = {"iss": self.address, "client_id": CLIENT, "login_hint": "h", "target_link_uri": OURS, **more}
        sent = client.post("/lti/login", data=said, headers={"origin": self.address})
        assert sent.status_code == 303, sent.text
        asked = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
        assert sent.headers["location"].startswith(f"{self.address}/auth?")
        assert (asked["redirect_uri"], asked["response_mode"]) == (f"{OURS}/lti/launch", "form_post")
        return asked

    def token_for(self, asked: dict[str, str], **changes: Any) -> str:
        own: Claims = {
            "iss": self.address,
            "aud": asked["client_id"],
            "nonce": asked["nonce"],
            CLAIM + "version": "1.3.0",
            CLAIM + "message_type": "LtiResourceLinkRequest",
            CLAIM + "deployment_id": "d-1",
            **times(),
        }
        claims = {
            name: value for name, value in {**own, **self.claims, **changes}.items() if value is not None
        }
        return self.make_token(claims)

    def launch(self, client: TestClient, **changes: Any) -> Any:
        """A whole launch."""
        asked = self.login(client)
        return self.bring(client, asked["state"], self.token_for(asked, **changes))

    def bring(self, client: TestClient, state: str, token: str, **headers: str) -> Any:
        sent = {"state": state, "id_token": token}
        return client.post("/lti/launch", data=sent, headers={"origin": self.address, **headers})


@pytest.fixture(scope="module")
def running() -> Iterator[Platform]:
    made = Platform()
    with answering({"/jwks": lambda _: (200, made.keys)}) as (address, _):
        made.address = address
        yield made


@pytest.fixture
def platform(running: Platform) -> Iterator[Platform]:
    running.__init__(running.address)  # type: ignore[misc]
    yield running
    launch.keys_at.cache_clear()


def with_platform(tmp_path: Path, address: str, more: str = "", before: str = "") -> Path:
    course = course_in(tmp_path)
    table = f"""
[lti]
{before}
[[lti.platform]]
issuer = "{address}"
client_id = "{CLIENT}"
deployments = ["d-1", "d-2"]
auth_url = "{address}/auth?of=us"
jwks_url = "{address}/jwks"
token_url = "{address}/token"
{more}
"""
    with (course / "course.toml").open("a") as file:
        file.write(table)
    return course


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, running: Platform) -> Iterator[Server]:
    folder = with_platform(tmp_path_factory.mktemp("of"), running.address)
    with server_for(folder, jobs=1, root=OURS) as made:
        yield made


@pytest.fixture
def server(started: Server, platform: Platform) -> Server:
    """One server for all; nobody has come in by the platform yet."""
    with started.book.writing_durably() as connection:
        for table in ("accounts", "sessions", "ended_sign_ins", "passbacks"):
            connection.exec_driver_sql(f"delete from {table}")
    return started


def who(client: TestClient) -> str:
    """Who is signed in; empty for nobody."""
    return (
        client.get("/in-nobody").text
        and client.get(f"/exercise/{EXERCISE}").text.partition("Signed in as ")[2].partition("<")[0]
    )


def test_a_learner_whom_the_roster_has_comes_in(server: Server, platform: Platform) -> None:
    client = new_client(server)
    back = platform.launch(client)
    assert (back.status_code, back.headers["location"]) == (303, "/")
    assert who(client) == "Amara"


def test_a_platform_may_also_say_by_a_link_that_somebody_comes(server: Server, platform: Platform) -> None:
    client = new_client(server)
    # Without client_id, as where a platform knows one tool only.
    said = {"iss": platform.address, "login_hint": "h", "lti_message_hint": "m&m"}
    sent = client.get("/lti/login", params=said)
    asked = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
    assert (asked["lti_message_hint"], asked["of"], asked["prompt"]) == ("m&m", "us", "none")
    assert platform.bring(client, asked["state"], platform.token_for(asked)).status_code == 303
    assert who(client) == "Amara"


def test_a_link_to_an_exercise_opens_it(server: Server, platform: Platform) -> None:
    custom = {CLAIM + "custom": {"exercise": EXERCISE}}
    assert platform.launch(new_client(server), **custom).headers["location"] == f"/exercise/{EXERCISE}"


def test_a_link_may_be_an_exercises_own_address(server: Server, platform: Platform) -> None:
    target = {CLAIM + "target_link_uri": f"https://elsewhere.example/exercise/{EXERCISE}"}
    assert platform.launch(new_client(server), **target).headers["location"] == f"/exercise/{EXERCISE}"


@pytest.mark.parametrize(
    "said", ["nowhere", "//elsewhere.example", "../out", "", ["a"], {"a": 1}, "x" * 100_000]
)
def test_a_link_to_an_exercise_that_is_not_there_leads_to_the_course(
    server: Server, platform: Platform, said: object
) -> None:
    made = platform.launch(new_client(server), **{CLAIM + "custom": {"exercise": said}})
    # The longest is no token any more.
    assert made.status_code == 403 or made.headers["location"] == "/"


BAD_CLAIMS: dict[str, Claims] = {
    "wrong nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "wrong iss": {"iss": "https://elsewhere.example"},
    "wrong aud": {"aud": "another-tool"},
    "two in aud without azp": {"aud": [CLIENT, "another-tool"]},
    "wrong azp": {"azp": "another-tool"},
    "expired": past(120),
    "never expires": {"exp": None},
    "made in the future": {"iat": times()["iat"] + 3600},
    "another deployment": {CLAIM + "deployment_id": "d-3"},
    "no deployment": {CLAIM + "deployment_id": None},
    "a list of deployments": {CLAIM + "deployment_id": ["d-1"]},
    "anonymous": {"sub": None},
    "a blank for sub": {"sub": " "},
    "another version": {CLAIM + "version": "1.1.0"},
    "another message": {CLAIM + "message_type": "LtiDeepLinkingRequest"},
    "a name of nobody's": {CLAIM + "lis": {"person_sourcedid": "chiara"}},
    "no name": {CLAIM + "lis": None},
    "a list for a name": {CLAIM + "lis": {"person_sourcedid": ["amara"]}},
}


@pytest.mark.parametrize("bad", BAD_CLAIMS.values(), ids=BAD_CLAIMS)
def test_a_launch_that_says_something_else_signs_nobody_in(
    server: Server, platform: Platform, bad: Claims
) -> None:
    client = new_client(server)
    assert platform.launch(client, **bad).status_code == 403
    assert who(client) == ""


FORGED: dict[str, Callable[[Claims], str]] = {
    "signed by another key of the same id": lambda claims: signed(claims, OTHER_KEY),
    "alg none": unsigned,
    "HS256 with the public key": signed_with_the_public_key,
    "claims exchanged": lambda claims: with_other_claims(signed(claims), {**claims, "sub": "u-2"}),
    "signed otherwise than platforms do": lambda claims: jwt.encode(
        {"alg": "PS256", "kid": "one"}, claims, KEY, algorithms=["PS256"]
    ),
    "a key that the token brings along": lambda claims: jwt.encode(
        {"alg": "RS256", "kid": "one", "jwk": dict(OTHER_KEY.as_dict(private=False))}, claims, OTHER_KEY
    ),
    "nothing": lambda claims: "",
    "no token": lambda claims: "a.b.c",
}


@pytest.mark.parametrize("make", FORGED.values(), ids=FORGED)
def test_a_launch_that_the_platform_did_not_sign_signs_nobody_in(
    server: Server, platform: Platform, make: Callable[[Claims], str]
) -> None:
    platform.make_token = make
    client = new_client(server)
    assert platform.launch(client).status_code == 403
    assert who(client) == ""


def test_addresses_in_a_token_are_not_asked(
    server: Server, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "PAUSE_S", -1)
    with answering({"/jwks": lambda _: (200, public(OTHER_KEY))}) as (elsewhere, asked):
        head = {"alg": "RS256", "kid": "other", "jku": f"{elsewhere}/jwks", "x5u": f"{elsewhere}/jwks"}
        platform.make_token = lambda claims: jwt.encode(head, claims, OTHER_KEY)
        client = new_client(server)
        assert platform.launch(client, iss=elsewhere).status_code == 403
        services = {AGS: {"lineitem": f"{elsewhere}/item", "scope": [SCORE]}}
        platform.make_token = signed
        custom = {CLAIM + "custom": {"exercise": EXERCISE}}
        assert platform.launch(client, **services, **custom).status_code == 303
        assert asked == []
    with server.book.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from passbacks").scalar() == 0


def test_a_launch_in_another_browser_signs_nobody_in(server: Server, platform: Platform) -> None:
    client, other = new_client(server), new_client(server)
    asked = platform.login(client)
    assert platform.bring(other, asked["state"], platform.token_for(asked)).status_code == 400
    assert who(other) == ""
    # Nor does a token of another browser's sign-in.
    own = platform.login(other)
    assert platform.bring(other, own["state"], platform.token_for(asked)).status_code == 403
    assert platform.bring(other, "", platform.token_for(own)).status_code == 400
    assert who(other) == ""


def test_a_launch_is_good_once(server: Server, platform: Platform) -> None:
    client = new_client(server)
    asked = platform.login(client)
    kept, token = dict(client.cookies), platform.token_for(asked)
    assert platform.bring(client, asked["state"], token).status_code == 303
    client.cookies.clear()
    client.cookies.update(kept)
    assert platform.bring(client, asked["state"], token).status_code == 400
    assert platform.bring(client, asked["state"], platform.token_for(asked)).status_code == 400
    assert who(client) == ""


def test_what_was_begun_as_a_launch_is_not_ended_otherwise(tmp_path: Path, platform: Platform) -> None:
    folder = with_platform(tmp_path, platform.address)
    with (folder / "course.toml").open("a") as file:
        file.write(f'[oidc]\nissuer = "{platform.address}"\nclient_id = "{CLIENT}"\n')
    with server_for(folder, jobs=1, root=OURS) as server:
        client = new_client(server)
        asked = platform.login(client)
        back = {"state": asked["state"], "code": "a"}
        for name, value in dict(client.cookies).items():
            client.cookies.set(name.replace("-lti-", "-oidc-"), value)
        # 503 is what the platform, which describes itself to nobody, would lead to.
        assert client.get("/oidc/callback", params=back).status_code == 400


def test_a_platform_that_the_course_does_not_name_is_sent_nowhere(server: Server, platform: Platform) -> None:
    client = new_client(server)
    for said in (
        {"iss": "https://elsewhere.example", "client_id": CLIENT, "login_hint": "h"},
        {"iss": platform.address, "client_id": "another", "login_hint": "h"},
        {"iss": platform.address, "client_id": CLIENT},
        {},
    ):
        assert client.post("/lti/login", data=said).status_code == 400
        assert client.get("/lti/login", params=said).status_code == 400


def test_within_another_page_there_is_a_way_out_of_it(server: Server, platform: Platform) -> None:
    client = new_client(server)
    said = {"iss": platform.address, "client_id": CLIENT, "login_hint": 'h"><script>', "evil": "x"}
    page = client.post("/lti/login", data=said, headers={"sec-fetch-dest": "iframe"})
    assert page.status_code == 200
    assert 'target="_blank"' in page.text
    assert "evil" not in page.text
    assert "<script>" not in page.text
    assert f"frame-ancestors {platform.address}" in page.headers["content-security-policy"]
    assert "set-cookie" not in page.headers
    # All other pages are shown within none.
    assert "frame-ancestors 'none'" in client.get("/in").headers["content-security-policy"]
    lost = platform.bring(client, "state", "token", **{"sec-fetch-dest": "iframe"})
    assert (lost.status_code, "new window" in lost.text) == (400, True)


def test_cookies_come_along_from_a_platforms_page_under_https(tmp_path: Path, platform: Platform) -> None:
    root = "https://rnn.example.edu"
    folder = with_platform(tmp_path, platform.address)
    with server_for(folder, jobs=1, root=root, hosts=("rnn.example.edu",)) as server:
        client = new_client(server)
        client.base_url = root
        said = {"iss": platform.address, "client_id": CLIENT, "login_hint": "h"}
        sent = client.post("/lti/login", data=said, headers={"origin": platform.address})
        (cookie,) = sent.headers.get_list("set-cookie")
        assert cookie.startswith("__Host-rnngrade-lti-")
        wanted = {"HttpOnly", "SameSite=None", "Secure", "Partitioned", "Path=/"}
        assert wanted <= set(cookie.split("; "))
        asked = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
        back = platform.bring(client, asked["state"], platform.token_for(asked))
        assert back.headers["set-cookie"].startswith("__Host-rnngrade=")
        assert "samesite=lax" in back.headers["set-cookie"].lower()


@pytest.mark.parametrize("path", ["/out", "/in", f"/exercise/{EXERCISE}", "/staff/roster", "/lti/launch/"])
def test_only_logins_and_launches_are_taken_from_other_sites(
    server: Server, platform: Platform, path: str
) -> None:
    sent = signed_in(server, "amara").post(path, headers={"origin": platform.address})
    assert sent.status_code == 403


@pytest.mark.parametrize(
    ("said", "instructors", "role"),
    [
        ([LEARNER], True, Role.STUDENT),
        ([ASSISTANT, INSTRUCTOR], True, Role.ASSISTANT),
        ([INSTRUCTOR], False, Role.ASSISTANT),
        ([INSTRUCTOR], True, Role.INSTRUCTOR),
        ([INSTRUCTOR, LEARNER], True, Role.STUDENT),
        ([ASSISTANT, f"{MEMBER}/Learner#GuestLearner"], True, Role.STUDENT),
        (["http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"], True, Role.STUDENT),
        (["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"], True, Role.STUDENT),
        (["Instructor"], True, Role.STUDENT),
        ([f"{MEMBER}#Mentor"], True, Role.STUDENT),
        ("Instructor", True, Role.STUDENT),
        (None, True, Role.STUDENT),
    ],
)
def test_roles_in_the_platforms_course_are_the_only_ones_that_count(
    said: object, instructors: bool, role: Role
) -> None:
    assert role_of(said, instructors=instructors) is role


def test_the_roster_says_what_somebody_is_whatever_the_platform_says(
    server: Server, platform: Platform
) -> None:
    client = new_client(server)
    assert platform.launch(client, **{CLAIM + "roles": [INSTRUCTOR]}).status_code == 303
    assert client.get("/staff").status_code == 404


def test_staff_come_in_only_where_the_platform_says_that_they_are(server: Server, platform: Platform) -> None:
    signed_in(server, "xenia", Role.INSTRUCTOR)
    own = {"sub": "u-9", CLAIM + "lis": {"person_sourcedid": "xenia"}}
    client = new_client(server)
    assert platform.launch(client, **own).status_code == 403
    assert client.get("/staff").status_code == 401
    assert platform.launch(client, **own, **{CLAIM + "roles": [ASSISTANT]}).status_code == 303
    assert client.get("/staff/log").status_code == 200


def test_another_account_of_the_same_name_is_somebody_else(server: Server, platform: Platform) -> None:
    assert platform.launch(new_client(server)).status_code == 303
    other = new_client(server)
    assert platform.launch(other, sub="u-2").status_code == 403
    assert who(other) == ""


def test_nobody_is_put_on_the_list_unless_the_course_says_so(server: Server, platform: Platform) -> None:
    before = len(listed(server))
    new = {"sub": "u-3", CLAIM + "lis": {"person_sourcedid": "dora"}}
    assert platform.launch(new_client(server), **new).status_code == 403
    assert len(listed(server)) == before


def listed(server: Server) -> dict[str, Role]:
    with server.book.reading() as connection:
        return {one.id: one.role for one in people.everybody(connection)}


def test_a_course_may_take_whom_the_platform_sends(tmp_path: Path, platform: Platform) -> None:
    folder = with_platform(tmp_path, platform.address, 'claim = "email"', "add_people = true")
    with server_for(folder, jobs=1, root=OURS) as server:
        for sub, email, roles in (
            ("u-3", "Dora@example.edu", [LEARNER]),
            ("u-4", "eli@example.edu", [ASSISTANT, INSTRUCTOR]),
            ("u-5", "fay@example.edu", [INSTRUCTOR]),
            ("u-6", "AMARA", [INSTRUCTOR]),
        ):
            got = platform.launch(new_client(server), sub=sub, email=email, **{CLAIM + "roles": roles})
            assert got.status_code == 303
        # The same account by another address, another account by the same one: nobody new.
        assert platform.launch(new_client(server), sub="u-3", email="dora@new.example").status_code == 303
        assert platform.launch(new_client(server), sub="u-7", email="dora@EXAMPLE.edu").status_code == 403
        found = listed(server)
        staff = signed_in(server, "staff", Role.INSTRUCTOR)
        assert "came-by-platform" in staff.get("/staff/log").text
    assert found == {
        "staff": Role.INSTRUCTOR,
        "amara": Role.STUDENT,
        "bruno": Role.STUDENT,
        "Dora@example.edu": Role.STUDENT,
        "eli@example.edu": Role.ASSISTANT,
        "fay@example.edu": Role.ASSISTANT,
    }


def test_people_may_be_named_by_the_platforms_own_ids(tmp_path: Path, platform: Platform) -> None:
    more = 'claim = "sub"\npeople = { "u-1" = "bruno" }'
    with server_for(with_platform(tmp_path, platform.address, more), jobs=1, root=OURS) as server:
        client = new_client(server)
        assert platform.launch(client).status_code == 303
        assert who(client) == "Bruno"


def test_the_servers_key_is_made_once_and_shown_by_its_public_half(server: Server, tmp_path: Path) -> None:
    client = new_client(server)
    (first,) = client.get("/lti/jwks").json()["keys"]
    assert first == client.get("/lti/jwks").json()["keys"][0]
    assert set(first) == {"kty", "n", "e", "kid", "alg", "use"}
    mode = (server.course.folder / KEY_FILE).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    made = tool_key(tmp_path)
    assert tool_key(tmp_path).kid == made.kid
    assert os.listdir(tmp_path) == [KEY_FILE]
    (tmp_path / KEY_FILE).chmod(0o640)
    with pytest.raises(Exception, match="others can read"):
        tool_key(tmp_path)


def test_a_platform_that_changes_its_keys_is_believed(
    server: Server, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = new_client(server)
    assert platform.launch(client).status_code == 303
    later = new_key("two")
    platform.keys = public(later)
    platform.make_token = lambda claims: jwt.encode({"alg": "RS256", "kid": "two"}, claims, later)
    # Not asked for at every token that names an unknown key.
    assert platform.launch(client).status_code == 403
    monkeypatch.setattr(outside, "PAUSE_S", -1)
    assert platform.launch(client).status_code == 303


def test_a_course_without_a_platform_has_no_such_pages(tmp_path: Path) -> None:
    with server_for(course_in(tmp_path), jobs=1, root=OURS) as server:
        client = new_client(server)
        for path in ("/lti/login", "/lti/launch"):
            assert client.post(path).status_code == 404
        assert client.get("/lti/jwks").status_code == 404
        assert not (server.course.folder / KEY_FILE).exists()
