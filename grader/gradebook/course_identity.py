"""The tables `[oidc]` and `[lti]` of a course file: which other servers may say who somebody is."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import msgspec

from grader.specs.decoding import spec_error

LONGEST_ADDRESS = 2000
SOURCED_ID = "person_sourcedid"


class CourseOidc(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[oidc]`: a provider of OpenID Connect by which people sign in.

    Args:
        issuer: As the provider names itself; its description is asked for below.
        client_id: By which the provider knows this server.
        name: What the button says.
        claim: Which of the provider's statements is the id on the roster.
        scope: What is asked for.
        secret_file: Beside the course file; the environment may hold the secret instead, or there is none.
        accept_unverified_email: Whether an e-mail address counts that the provider has not verified.
    """

    issuer: str
    client_id: str
    name: str = "your university's account"
    claim: str = "email"
    scope: str = "openid email profile"
    secret_file: str = ""
    accept_unverified_email: bool = False


class CoursePlatform(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry `[[lti.platform]]`: a learning platform that sends people here, and takes their points back.

    Args:
        issuer: As the platform names itself.
        client_id: By which it knows this server.
        deployments: Its ids of the places from which people may come.
        auth_url: Where a browser is sent to sign in.
        jwks_url: Where its public keys are.
        token_url: Where leave to send points is asked for.
        services: Origins of its other services, where points go; those of the addresses above count anyway.
        name: What people call it.
        claim: Which of its statements is the id on the roster: "person_sourcedid", "email", "sub" or another.
        people: Ids on the roster by the platform's own id, for those whom the claim does not find.
        instructors: Whether its instructors who are not on the list come in as instructors.
    """

    issuer: str
    client_id: str
    deployments: tuple[str, ...]
    auth_url: str
    jwks_url: str
    token_url: str
    services: tuple[str, ...] = ()
    name: str = "the learning platform"
    claim: str = SOURCED_ID
    people: dict[str, str] = {}
    instructors: bool = False

    @property
    def origins(self) -> frozenset[str]:
        """The origins where its services may be."""
        own = (self.auth_url, self.jwks_url, self.token_url)
        return frozenset(map(origin_of, (*own, *self.services)))


class CourseLti(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[lti]`.

    Args:
        add_people: Whether people who are not on the list come in, and are put on it.
        platform: The platforms.
    """

    add_people: bool = False
    platform: tuple[CoursePlatform, ...] = ()


def origin_of(address: str) -> str:
    """Scheme, host and port of an address; empty where it is none that may be asked.

    Only https will do, or http on this machine.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    is_plain = len(address) <= LONGEST_ADDRESS and address.isascii() and address.isprintable()
    if not is_plain or " " in address or "\\" in address or not host or "@" in parts.netloc:
        return ""
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        return ""
    usual = 443 if parts.scheme == "https" else 80
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port or usual}"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or number alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_oidc(oidc: CourseOidc | None, where: str) -> None:
    """Check the table `[oidc]`.

    Raises:
        SpecError: If something in it cannot be.
    """
    if oidc is None:
        return
    _require_addresses({"issuer": oidc.issuer}, where, "oidc")
    _require_texts({"client_id": oidc.client_id, "claim": oidc.claim, "name": oidc.name}, where, "oidc")
    if "openid" not in oidc.scope.split():
        raise spec_error(where, "oidc.scope", f"found {oidc.scope!r}, wanted openid among them")


def require_lti(lti: CourseLti | None, where: str) -> None:
    """Check the table `[lti]`.

    Raises:
        SpecError: If something in it cannot be.
    """
    seen = set()
    for number, one in enumerate(lti.platform if lti else ()):
        key = f"lti.platform[{number}]"
        _require_texts({"client_id": one.client_id, "claim": one.claim, "name": one.name}, where, key)
        addresses = {name: getattr(one, name) for name in ("issuer", "auth_url", "jwks_url", "token_url")}
        services = {f"services[{index}]": each for index, each in enumerate(one.services)}
        _require_addresses(addresses | services, where, key)
        if not one.deployments or not all(one.deployments):
            message = "wanted the platform's ids of the places from which people come"
            raise spec_error(where, f"{key}.deployments", message, 'such as ["1"]')
        if (one.issuer, one.client_id) in seen:
            message = f"{one.issuer} with this client_id is there twice"
            raise spec_error(where, key, message, "name all deployments in one entry")
        seen.add((one.issuer, one.client_id))


def _require_addresses(addresses: dict[str, str], where: str, key: str) -> None:
    for name, address in addresses.items():
        if not origin_of(address):
            raise spec_error(
                where, f"{key}.{name}", f"found {address[:100]!r}, wanted an address of https://"
            )


def _require_texts(texts: dict[str, str], where: str, key: str) -> None:
    if empty := [name for name, text in texts.items() if not text.strip()]:
        raise spec_error(where, f"{key}.{empty[0]}", "wanted a text")
