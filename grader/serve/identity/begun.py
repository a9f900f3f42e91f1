"""A sign-in that was begun with somebody else, and is to be ended by the same browser, once.

What is remembered of it stands in a cookie that only this server can write, so that whoever begins one a
thousand times fills nothing here; only that it has been ended is kept, until it would be too old anyway.
"""

from __future__ import annotations

import hmac
import secrets
import time

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from sqlalchemy import Connection, delete, insert, select
from starlette.requests import Request
from starlette.responses import Response

from grader.serve.people import digest
from grader.serve.server import Server
from grader.serve.tables import ENDED_SIGN_INS, SERVER_KEYS

LONGEST_S = 600
MOST_AT_ONCE = 5
"""Most sign-ins that one browser may have begun; more would make its requests too long."""

STATE_SHOWN = 8
SEALED_BY = "HS256"

NAME = "sign-ins"


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in that was begun.

    Args:
        way: "oidc" or "lti".
        issuer: With whom.
        client_id: By which the issuer knows this server.
        state: Comes back with the browser.
        nonce: Comes back in the token.
        verifier: Shows that who asks for the token is who began (PKCE).
        target: The path to go to afterwards.
    """

    way: str
    issuer: str
    client_id: str
    state: str
    nonce: str
    verifier: str = ""
    target: str = "/"


def begin(way: str, issuer: str, client_id: str, target: str = "/") -> Begun:
    """A sign-in with what only this server and the browser know."""
    state, nonce, verifier = (secrets.token_urlsafe(n_bytes) for n_bytes in (24, 24, 48))
    return Begun(
        way=way,
        issuer=issuer,
        client_id=client_id,
        state=state,
        nonce=nonce,
        verifier=verifier,
        target=target,
    )


def _name(server: Server, way: str, state: str = "") -> str:
    front = "__Host-" if server.is_secure else ""
    return f"{front}rnngrade-{way}-{state[:STATE_SHOWN]}"


async def remember(server: Server, request: Request, response: Response, begun: Begun) -> None:
    """Give the browser the cookie of a sign-in that it begins."""
    key = OctKey.import_key(await server.reading(key_of))
    claims = {**msgspec.structs.asdict(begun), "exp": int(time.time()) + LONGEST_S}
    sealed = jwt.encode({"alg": SEALED_BY}, claims, key)
    own = [name for name in request.cookies if name.startswith(_name(server, begun.way))]
    if len(own) >= MOST_AT_ONCE:
        for name in own:
            _set(server, response, begun.way, name, "", 0)
    _set(server, response, begun.way, _name(server, begun.way, begun.state), sealed, LONGEST_S)


def _set(server: Server, response: Response, way: str, name: str, value: str, seconds: int) -> None:
    # A platform's page sends a form, and with it only cookies that any site's page may send.
    others = "SameSite=None; Secure; Partitioned" if way == "lti" else "SameSite=Lax; Secure"
    if not server.is_secure:
        others = "SameSite=Lax"
    cookie = f"{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; {others}"
    response.headers.append("set-cookie", cookie)


async def begun_by(server: Server, request: Request, way: str, state: str) -> Begun | None:
    """The sign-in that this browser began with a state; None where it did not, or too long ago."""
    sealed = request.cookies.get(_name(server, way, state), "") if state.isascii() else ""
    if not sealed:
        return None
    key = OctKey.import_key(await server.reading(key_of))
    try:
        claims = jwt.decode(sealed, key, algorithms=[SEALED_BY]).claims
        jwt.JWTClaimsRegistry(exp={"essential": True}, way={"essential": True, "value": way}).validate(claims)
        found = msgspec.convert(claims, Begun)
    except (JoseError, ValueError):
        return None
    return found if hmac.compare_digest(found.state.encode(), state.encode()) else None


def end(connection: Connection, begun: Begun) -> bool:
    """Note that a sign-in is ended, in the transaction that makes a session of it; False if it was before."""
    now = int(time.time())
    connection.execute(delete(ENDED_SIGN_INS).where(ENDED_SIGN_INS.c.until < now))
    own = digest(begun.state)
    if connection.execute(select(ENDED_SIGN_INS).where(ENDED_SIGN_INS.c.digest == own)).first():
        return False
    connection.execute(insert(ENDED_SIGN_INS), {"digest": own, "until": now + LONGEST_S})
    return True


def forget(server: Server, response: Response, begun: Begun) -> None:
    """Take the cookie of a sign-in that is ended back."""
    _set(server, response, begun.way, _name(server, begun.way, begun.state), "", 0)


def keep_key(connection: Connection) -> None:
    """Draw the key where the database has none yet."""
    if connection.execute(select(SERVER_KEYS.c.value).where(SERVER_KEYS.c.name == NAME)).first() is None:
        connection.execute(insert(SERVER_KEYS), {"name": NAME, "value": secrets.token_urlsafe(32)})


def key_of(connection: Connection) -> str:
    """The key by which sign-ins are sealed."""
    found = select(SERVER_KEYS.c.value).where(SERVER_KEYS.c.name == NAME)
    return str(connection.execute(found).scalar_one())
