"""Telling a platform what a student has (Assignment and Grade Services 2.0), by a key of this server's.

The key signs the request for leave to send scores; it is made once, and kept beside the course file.
"""

from __future__ import annotations

import functools
import os
import secrets
import stat
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx2
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from grader.errors import CannotDo
from grader.gradebook.course_identity import CoursePlatform
from grader.serve.identity.lti.message import SEND_SCORES, is_of
from grader.serve.identity.outside import OutsideError, as_outside_errors, client_settings

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCORE = "application/vnd.ims.lis.v1.score+json"
ASSERTED_S = 60
LONGEST_TOKEN_S = 3600
SOONER_S = 60
"""Seconds before its end at which an access token is renewed."""

EARLIER = 409
"""The HTTP status of a platform that has a score of a later time."""

KEY_FILE = "lti-key.pem"
KEY_BITS = 2048
PRIVATE = 0o600


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """What a student has, as the platform is told it.

    Args:
        given: Points.
        maximum: Points that could be earned.
        is_final: Whether nothing waits for a person any more.
    """

    given: float
    maximum: float
    is_final: bool


class Refusal(OutsideError):
    """A platform refuses one score; it may take the others."""


class ScoreIsEarlier(Refusal):
    """The platform has a score of a later time."""


class Sender:
    """Sends scores to one platform.

    Args:
        platform: Of the course file.
        folder: Of the course, with the key.
    """

    def __init__(self, platform: CoursePlatform, folder: Path) -> None:
        self.platform = platform
        self.folder = folder
        self._token = ""
        self._until = 0.0

    def send(self, line_item: str, subject: str, score: Score, at: str) -> None:
        """Tell the platform one score; a later one takes its place.

        Args:
            line_item: Where the platform wants it.
            subject: The platform's id of the student.
            score: What to tell.
            at: When that was so, ISO 8601 with parts of seconds.

        Raises:
            Refusal: If the platform does not take it.
            OutsideError: If the platform does not answer, or gives no leave.
        """
        if not is_of(line_item, self.platform):
            raise Refusal("the course file names no service at this address any more", where=line_item)
        address = scores_of(line_item)
        body = {
            "userId": subject,
            "scoreGiven": score.given,
            "scoreMaximum": score.maximum,
            "activityProgress": "Completed" if score.is_final else "Submitted",
            "gradingProgress": "FullyGraded" if score.is_final else "PendingManual",
            "timestamp": at,
        }
        with httpx2.Client(**client_settings()) as client:
            token = self._access_token(client)
            with as_outside_errors(address):
                headers = {"authorization": f"Bearer {token}", "content-type": SCORE}
                answer = client.post(address, content=msgspec.json.encode(body), headers=headers)
        if answer.status_code == 401:
            self._token = ""
        if answer.status_code == 401 or answer.status_code == 429 or answer.status_code >= 500:
            raise OutsideError(f"it answers {answer.status_code}", where=address)
        if answer.status_code == EARLIER:
            raise ScoreIsEarlier(f"it answers {answer.status_code}", where=address)
        if not answer.is_success:
            raise Refusal(f"it answers {answer.status_code}", where=address)

    def _access_token(self, client: httpx2.Client) -> str:
        """The access token for sending scores, requested with a statement that this server signs."""
        now = time.time()
        if self._token and now < self._until:
            return self._token
        address = self.platform.token_url
        with as_outside_errors(address):
            answer = client.post(address, data=self._token_request(int(now)))
            found = answer.json() if answer.is_success else {}
        token = found.get("access_token") if isinstance(found, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise OutsideError(f"it gives no leave to send scores ({answer.status_code})", where=address)
        lasts = found.get("expires_in")
        lasts = lasts if isinstance(lasts, int) and 0 < lasts < LONGEST_TOKEN_S else LONGEST_TOKEN_S
        self._token, self._until = token, now + lasts - SOONER_S
        return token

    def _token_request(self, now: int) -> dict[str, str]:
        key, own = tool_key(self.folder), self.platform.client_id
        claims: dict[str, Any] = {
            "iss": own,
            "sub": own,
            "aud": self.platform.token_url,
            "iat": now,
            "exp": now + ASSERTED_S,
            "jti": secrets.token_urlsafe(16),
        }
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key),
            "scope": SEND_SCORES,
        }


def scores_of(line_item: str) -> str:
    """Where the scores of a line item go: its path and "/scores", before what it has as a query."""
    parts = urlsplit(line_item)
    return urlunsplit((parts.scheme, parts.netloc, f"{parts.path}/scores", parts.query, ""))


def tool_key(folder: Path) -> RSAKey:
    """The key of a course, made where there is none.

    Raises:
        CannotDo: If it cannot be kept or read, or others can read it.
    """
    path = folder / KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise CannotDo(
                "others can read the key by which a platform knows this server", "chmod 600", KEY_FILE
            )
        return _read_key(path.read_bytes())
    except OSError as error:
        raise CannotDo(f"the key cannot be kept: {error.strerror}", where=KEY_FILE) from None
    except (JoseError, ValueError):
        raise CannotDo("it is no key", "move it away: a new one is made", KEY_FILE) from None


@functools.lru_cache(maxsize=4)
def _read_key(pem: bytes) -> RSAKey:
    key = RSAKey.import_key(pem, {"use": "sig", "alg": "RS256"})
    key.ensure_kid()
    return key


def _make_key(path: Path) -> None:
    """Write a new key, whole or not at all; of two servers that do, the first one's stays."""
    pem = RSAKey.generate_key(KEY_BITS, auto_kid=False).as_pem(private=True)
    new = path.with_name(f".{KEY_FILE}.{secrets.token_hex(8)}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        os.link(new, path)
    except FileExistsError:
        return
    finally:
        new.unlink()


def public_keys(folder: Path) -> dict[str, Any]:
    """What a platform reads at the address of this server's keys."""
    return {"keys": [dict(tool_key(folder).as_dict(private=False))]}
