"""A provider of OpenID Connect: how it describes itself, and what it says of who comes back from it."""

from __future__ import annotations

import functools
import hmac
import os
import stat
from pathlib import Path
from typing import Any

import msgspec
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client

from grader.errors import CannotDo
from grader.gradebook.course_identity import CourseOidc, origin_of
from grader.serve.identity.accounts import text_claim
from grader.serve.identity.begun import Begun
from grader.serve.identity.outside import (
    OutsideError,
    Remembered,
    as_outside_errors,
    client_settings,
    json_at,
)
from grader.serve.identity.tokens import SIGNED, PublicKeys, TokenError, claims_of

SECRET_ENV = "RNNGRADE_OIDC_SECRET"
DESCRIPTION = "/.well-known/openid-configuration"
LONGEST_CODE = 4096
EMAIL = "email"


class Account(msgspec.Struct, frozen=True):
    """Whom a provider signed in: its own id of the account, and what stands on the roster."""

    subject: str
    name: str


class Description(msgspec.Struct, frozen=True):
    """The fields that are used of a provider's description of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The algorithms that may sign its tokens: none with a shared secret, and never no signature."""
        return tuple(one for one in self.id_token_signing_alg_values_supported if one in SIGNED)


class Provider:
    """A provider of the course file.

    Args:
        settings: The table `[oidc]`.
        secret: By which it knows this server; empty for none.
    """

    def __init__(self, settings: CourseOidc, secret: str) -> None:
        self.settings = settings
        self.secret = secret
        self._description = Remembered(self._read)
        self._keys: dict[str, PublicKeys] = {}

    def _read(self) -> Description:
        answer = json_at(self.settings.issuer.rstrip("/") + DESCRIPTION)
        try:
            description = msgspec.convert(answer, Description)
        except msgspec.ValidationError as error:
            raise OutsideError(f"it describes itself otherwise than it has to: {error}") from None
        if description.issuer != self.settings.issuer:
            raise OutsideError(f"it calls itself {description.issuer[:100]!r}")
        addresses = (
            description.authorization_endpoint,
            description.token_endpoint,
            description.jwks_uri,
            description.userinfo_endpoint,
        )
        for address in filter(None, addresses):
            self._require_as_safe(address)
        return description

    def _require_as_safe(self, address: str) -> None:
        """Refuse an address that is not of https, unless the provider is on this machine."""
        is_https = address.startswith("https:") or self.settings.issuer.startswith("http:")
        if not origin_of(address) or not is_https:
            raise OutsideError("it names an address that is not of https://")

    def began(self, started: Begun) -> bool:
        """Whether a sign-in was begun with this provider, and not with one that the course had before."""
        return (started.issuer, started.client_id) == (self.settings.issuer, self.settings.client_id)

    def address(self, started: Begun, callback: str) -> str:
        """Where a browser is sent to sign in.

        Raises:
            OutsideError: If the provider's description cannot be read.
        """
        description = self._description.get()
        with self._client(description, callback) as client:
            address, _ = client.create_authorization_url(
                description.authorization_endpoint,
                state=started.state,
                nonce=started.nonce,
                code_verifier=started.verifier,
            )
        return str(address)

    def _client(self, description: Description, callback: str) -> OAuth2Client:
        methods = description.token_endpoint_auth_methods_supported
        with_secret = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        return OAuth2Client(
            self.settings.client_id,
            self.secret or None,
            token_endpoint_auth_method=with_secret if self.secret else "none",
            scope=self.settings.scope,
            redirect_uri=callback,
            code_challenge_method="S256",
            **client_settings(),
        )

    def account(self, started: Begun, code: str, callback: str, issuer: str | None) -> Account:
        """Whom the provider signed in.

        Args:
            started: The sign-in that is ended.
            code: That came back.
            callback: The address that it came back to.
            issuer: The provider that the browser came back from, where the address names it.

        Raises:
            OutsideError: If the provider does not answer.
            TokenError: If what it says is not good here.
        """
        description = self._description.get()
        self._require_not_mixed_up(description, issuer)
        if len(code) > LONGEST_CODE:
            raise TokenError("a code that is longer than any")
        with self._client(description, callback) as client:
            answer = self._token_answer(client, description, code, started)
            claims = claims_of(
                text_in(answer, "id_token"),
                self._keys.setdefault(description.jwks_uri, PublicKeys(description.jwks_uri)),
                issuer=self.settings.issuer,
                client_id=self.settings.client_id,
                nonce=started.nonce,
                algorithms=description.algorithms,
            )
            if self.settings.claim not in claims and description.userinfo_endpoint:
                claims = claims | self._userinfo(client, description.userinfo_endpoint, claims)
        return self._account_in(claims)

    def _require_not_mixed_up(self, description: Description, issuer: str | None) -> None:
        # RFC 9207: another provider may have sent the browser here, to be given this one's code.
        if issuer is None and not description.authorization_response_iss_parameter_supported:
            return
        if not hmac.compare_digest((issuer or "").encode(), self.settings.issuer.encode()):
            raise TokenError("refused: another provider sent the browser back")

    def _token_answer(
        self, client: OAuth2Client, description: Description, code: str, started: Begun
    ) -> dict[str, Any]:
        with as_outside_errors(description.token_endpoint):
            try:
                found = client.fetch_token(
                    description.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=started.verifier,
                )
            except OAuthError as error:
                raise TokenError(f"the provider gave no token: {str(error.error)[:60]!r}") from None
        if not isinstance(found, dict):
            what = "it answers something else than was asked for"
            raise OutsideError(what, where=description.token_endpoint)
        return dict(found)

    def _userinfo(self, client: OAuth2Client, address: str, claims: dict[str, Any]) -> dict[str, Any]:
        """The claims that the provider tells only when asked; none if they are of somebody else."""
        with as_outside_errors(address):
            answer = client.get(address)
            found = answer.json() if answer.status_code == 200 else None
        return found if isinstance(found, dict) and found.get("sub") == claims.get("sub") else {}

    def _account_in(self, claims: dict[str, Any]) -> Account:
        subject, name = text_claim(claims.get("sub")), text_claim(claims.get(self.settings.claim))
        if not subject or not name:
            raise TokenError(f"the provider does not say the claim {self.settings.claim!r}")
        is_checked = claims.get("email_verified") is True or self.settings.accept_unverified_email
        if self.settings.claim == EMAIL and not is_checked:
            raise TokenError("the provider does not say that it has checked the email")
        return Account(subject, name)


def text_in(answer: dict[str, Any], name: str) -> str:
    """A text of an answer.

    Raises:
        TokenError: If it is none.
    """
    found = answer.get(name)
    if not isinstance(found, str):
        raise TokenError(f"the provider gave no {name}")
    return found


@functools.lru_cache(maxsize=4)
def _provider(settings: CourseOidc, secret: str) -> Provider:
    return Provider(settings, secret)


def provider(settings: CourseOidc, folder: Path) -> Provider:
    """The provider of a course, which remembers what it has read."""
    return _provider(settings, oidc_secret(settings, folder))


def oidc_secret(settings: CourseOidc, folder: Path) -> str:
    """The secret by which a provider knows this server; empty where it has none.

    Raises:
        CannotDo: If its file cannot be read, or others can read it.
    """
    if not settings.secret_file:
        return os.environ.get(SECRET_ENV, "").strip()
    path = folder / settings.secret_file
    try:
        mode = path.stat().st_mode
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise CannotDo("the provider's secret cannot be read", where=settings.secret_file) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CannotDo("others can read the provider's secret", "chmod 600", settings.secret_file)
    return secret
