"""The pages of LTI 1.3: a platform says that somebody comes, and the browser brings a token that says who."""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from grader.errors import GraderError
from grader.gradebook.course_identity import CourseLti, CoursePlatform, origin_of
from grader.reports.html.elements import element
from grader.serve.frame import page
from grader.serve.guard import POLICY
from grader.serve.identity.oidc import asking, ended, not_begun_here, refused
from grader.serve.people import Person, Role, keep_people
from grader.serve.server import Server
from grader.serve.sign_in import come_in

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from grader.serve.identity.lti.message import Message
    from grader.serve.identity.tokens import PublicKeys

LOG = logging.getLogger("rnngrade.serve.identity")

LAUNCH = "/lti/launch"
LONGEST_HINT = 8000
MOST_FIELDS = 20
HINTS = ("login_hint", "lti_message_hint")
TO_LOGIN = ("iss", "client_id", "target_link_uri", "lti_deployment_id", *HINTS)


def lti_of(server: Server) -> CourseLti:
    """The table `[lti]` of the course file as it is now.

    Raises:
        HTTPException: 404 if there is none; 503 if packages are missing.
    """
    found = server.course.course.lti
    if found is None or not found.platform:
        raise HTTPException(404)
    try:
        import grader.serve.identity.tokens  # noqa: F401
    except ImportError as error:
        LOG.error("[lti]: %s", error)
        raise HTTPException(503, "Your course has not set this way in up yet. Your link works.") from None
    return found


def platform_of(lti: CourseLti, issuer: str, client_id: str) -> CoursePlatform | None:
    """The platform that calls; found by its issuer alone if it does not name its client id."""
    found = [one for one in lti.platform if one.issuer == issuer and client_id in ("", one.client_id)]
    return found[0] if len(found) == 1 else None


async def login(server: Server, request: Request) -> Response:
    """A platform says that somebody comes; the browser is sent to it to be told who."""
    lti = lti_of(server)
    from grader.serve.identity import begun

    fields = await _launch_fields(request)
    platform = platform_of(lti, fields.get("iss", ""), fields.get("client_id", ""))
    hint = fields.get("login_hint", "")
    if platform is None or not hint:
        LOG.info("a login of LTI by %.100r as %.100r", fields.get("iss"), fields.get("client_id"))
        return refused("This platform is not known here", "Nobody was signed in.", status=400)
    if is_framed(request):
        return in_new_window(platform, fields)
    started = begun.begin("lti", platform.issuer, platform.client_id)
    parameters = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": server.root + LAUNCH,
        "state": started.state,
        "nonce": started.nonce,
        **{name: fields[name] for name in HINTS if name in fields},
    }
    response = RedirectResponse(with_query(platform.auth_url, parameters), 303)
    await begun.remember(server, request, response, started)
    return response


async def _launch_fields(request: Request) -> dict[str, str]:
    if request.method == "GET":
        return {name: value[:LONGEST_HINT] for name, value in request.query_params.items()}
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as sent:
        return {name: one[:LONGEST_HINT] for name, one in sent.items() if isinstance(one, str)}


def with_query(address: str, values: Mapping[str, str]) -> str:
    """An address with more to its query; what it has stays."""
    parts = urlsplit(address)
    query = "&".join(filter(None, (parts.query, urlencode(values))))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def is_framed(request: Request) -> bool:
    """Whether the page would stand within another site's, where browsers keep its cookies from it."""
    return request.headers.get("sec-fetch-dest") in ("iframe", "frame", "embed", "object")


def in_new_window(platform: CoursePlatform, fields: Mapping[str, str]) -> Response:
    """A page with a link that opens the course in a window of its own."""
    again = "/lti/login?" + urlencode({name: fields[name] for name in TO_LOGIN if name in fields})
    way = element("a", {"href": again, "target": "_blank", "rel": "noopener"}, "Open in a new window")
    words = element("p", {}, f"The course cannot be shown within the page of {platform.name}.")
    response = page("Open in a new window", element("h1", {}, "Your exercises"), words, element("p", {}, way))
    places = " ".join(sorted(platform.origins | {origin_of(platform.issuer)}))
    response.headers["content-security-policy"] = POLICY.replace(
        "frame-ancestors 'none'", f"frame-ancestors {places}"
    )
    # Browsers that know frame-ancestors do not look at it; the guard adds DENY where there is none.
    response.headers["x-frame-options"] = "SAMEORIGIN"
    return response


async def launch(server: Server, request: Request) -> Response:
    """The browser brings the platform's token."""
    lti = lti_of(server)
    from grader.serve.identity import begun
    from grader.serve.identity.accounts import NotOnList
    from grader.serve.identity.lti.message import read_message
    from grader.serve.identity.outside import OutsideError
    from grader.serve.identity.tokens import LONGEST_TOKEN, TokenError, claims_of

    async with request.form(max_files=0, max_fields=MOST_FIELDS) as sent:
        state, token = str(sent.get("state", ""))[:200], str(sent.get("id_token", ""))[: LONGEST_TOKEN + 1]
    started = await begun.begun_by(server, request, "lti", state)
    platform = platform_of(lti, started.issuer, started.client_id) if started else None
    if started is None or platform is None:
        return _no_cookie() if is_framed(request) else not_begun_here()
    try:
        claims = await asking(
            lambda: claims_of(
                token,
                keys_at(platform.jwks_url),
                issuer=platform.issuer,
                client_id=platform.client_id,
                nonce=started.nonce,
                algorithms=("RS256",),
            )
        )
        message = read_message(claims, platform)
        person = await ended(server, started, lambda connection: _whose(connection, lti, platform, message))
    except NotOnList as error:
        return refused("You are not on the list", error.message)
    except TokenError as error:
        LOG.warning("a launch by %s was refused: %s", platform.issuer, error)
        return refused("You were not signed in", f"What {platform.name} said was not good here.")
    except OutsideError as error:
        LOG.warning("%s: %s", platform.issuer, error)
        return refused(f"{platform.name} does not answer", "Please try again later.", status=503)
    if person is None:
        return not_begun_here()
    response = await _in(server, request, person, platform, message)
    begun.forget(server, response, started)
    return response


@functools.lru_cache(maxsize=16)
def keys_at(address: str) -> PublicKeys:
    """A platform's keys, which are read again when it has new ones."""
    from grader.serve.identity.tokens import PublicKeys

    return PublicKeys(address)


def _whose(connection: Connection, lti: CourseLti, platform: CoursePlatform, message: Message) -> Person:
    """Whom a launch signs in: with the role that the person has in the course, never with the platform's.

    Raises:
        NotOnList: If nobody, or staff of whom the platform does not say that they are staff.
    """
    from grader.serve.actions import log_action
    from grader.serve.identity.accounts import NotOnList, person_of_account
    from grader.submissions.safe_names import escaped

    def add(id: str) -> Person:
        new = Person(id=id, name=escaped(message.shown_name), role=message.role)
        keep_people(connection, [new])
        log_action(connection, new, "came-by-platform", new.id, platform.name)
        return new

    issuer = f"{platform.issuer} {platform.client_id}"
    person = person_of_account(
        connection, issuer, message.subject, message.name, add if lti.add_people else None
    )
    # Else a student who can change a name or address on the platform could sign in as staff.
    if person.is_staff and message.role is Role.STUDENT:
        raise NotOnList(f"{platform.name} does not say that you teach. Sign in by your own link.")
    return person


async def _in(
    server: Server, request: Request, person: Person, platform: CoursePlatform, message: Message
) -> Response:
    exercise = message.exercise
    if exercise and exercise not in server.course.exercises:
        LOG.warning("%s has a link to the exercise %.100r, which the course has not", platform.name, exercise)
        exercise = ""
    if exercise and message.line_item and not person.is_staff:
        from grader.serve.identity.lti.passback_rows import keep_link

        await server.writing(lambda c: keep_link(c, platform, person.id, exercise, message))
    return await come_in(server, request, person, f"/exercise/{exercise}" if exercise else "/")


def _no_cookie() -> Response:
    words = (
        "Your browser keeps the course's cookies from a page within another. Open the link in a new window."
    )
    return refused("Please open it in a new window", words, status=400)


async def jwks(server: Server, request: Request) -> Response:
    """The public half of this server's key."""
    lti_of(server)
    from grader.serve.identity.lti.scores import public_keys

    try:
        return JSONResponse(await asking(lambda: public_keys(server.course.folder)))
    except GraderError as error:
        LOG.error("%s", error)
        raise HTTPException(503, "The server's key cannot be read; its log has the reason.") from None


ROUTES = (
    ("/lti/login", login, "GET", "POST"),
    (LAUNCH, launch, "POST"),
    ("/lti/jwks", jwks, "GET"),
)
