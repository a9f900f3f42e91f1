"""Servers of others for tests, on this machine: what they answer is set by the test."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


class Asked(NamedTuple):
    """A request that came."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


Answer = tuple[int, Any]
Answers = dict[str, Callable[[Asked], Answer]]


@contextlib.contextmanager
def answering(answers: Answers) -> Iterator[tuple[str, list[Asked]]]:
    """A server's address, and what it has been asked, while it runs."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Asked(parts.path, dict(parse_qsl(parts.query)), headers, self.rfile.read(size))
            asked.append(request)
            answer = answers.get(parts.path)
            status, said = answer(request) if answer else (404, {})
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("location", str(said))
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def new_key(kid: str = "one") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid}, auto_kid=False)


KEY, OTHER_KEY = new_key(), new_key()
"""Of the same id, so that only the signature tells them apart."""


def public(*keys: RSAKey) -> dict[str, Any]:
    return {"keys": [dict(key.as_dict(private=False)) for key in keys]}


def times() -> dict[str, int]:
    now = int(time.time())
    return {"iat": now, "exp": now + 300}


def past(seconds: int) -> dict[str, int]:
    """The times of a token that ended so many seconds ago."""
    now = times()["iat"]
    return {"iat": now - seconds - 300, "exp": now - seconds}


def signed(claims: dict[str, Any], key: RSAKey = KEY) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def unsigned(claims: dict[str, Any]) -> str:
    return f"{part({'alg': 'none', 'kid': 'one'})}.{part(claims)}."


def signed_with_the_public_key(claims: dict[str, Any], key: RSAKey = KEY) -> str:
    """What passes where a server takes the public key for a secret that both sides share."""
    import hashlib
    import hmac

    text = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(claims)}"
    digest = hmac.digest(key.as_pem(private=False), text.encode(), hashlib.sha256)
    return f"{text}.{encoded(digest)}"


def with_other_claims(token: str, claims: dict[str, Any]) -> str:
    """A token of which the middle was exchanged."""
    head, _, signature = token.split(".")
    return f"{head}.{part(claims)}.{signature}"


def part(value: dict[str, Any]) -> str:
    return encoded(json.dumps(value).encode())


def encoded(data: bytes) -> str:
    import base64

    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
