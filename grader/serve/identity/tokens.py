"""Whether a token was signed by the issuer in the course file, for this server and this sign-in."""

from __future__ import annotations

import hmac
import math
from collections.abc import Collection
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, Key, KeySet, RSAKey
from joserfc.jws import JWSRegistry

from grader.errors import GraderError
from grader.serve.identity.outside import OutsideError, Remembered, json_at

CLOCKS_DIFFER_S = 60
LONGEST_TOKEN = 32 * 1024
MOST_KEYS = 50
SIGNED = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512")
"""Ways to sign with a key of which only the public half is known here."""

LEAST_RSA_BITS = 2048


class TokenError(GraderError):
    """A token that is not accepted; the message is for the log."""


class PublicKeys:
    """Public keys of an issuer.

    Args:
        address: Where they are.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.remembered = Remembered(lambda: key_set_of(json_at(address)))


def key_set_of(key_set: dict[str, Any]) -> KeySet:
    """The public keys of a set; what else stands in it is left out.

    Raises:
        OutsideError: If there are none.
    """
    entries = key_set.get("keys")
    keys: list[Key] = []
    keys += filter(None, map(_key_of, entries[:MOST_KEYS] if isinstance(entries, list) else ()))
    if not keys:
        raise OutsideError("there are no public keys")
    return KeySet(keys)


def _key_of(entry: object) -> RSAKey | ECKey | None:
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return None
    public = {name: one for name, one in entry.items() if name not in ("d", "key_ops")}
    try:
        key = ECKey.import_key(public) if entry.get("kty") == "EC" else RSAKey.import_key(public)
        is_short = isinstance(key, RSAKey) and key.public_key.key_size < LEAST_RSA_BITS
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return None if is_short else key


def claims_of(
    token: str,
    keys: PublicKeys,
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    algorithms: Collection[str] = SIGNED,
) -> dict[str, Any]:
    """The claims of a token, once its issuer, audience and nonce are checked.

    Args:
        token: A signed JWT.
        keys: Of the issuer.
        issuer: Who must have signed it.
        client_id: Whom it must be for.
        nonce: What was drawn for this sign-in.
        algorithms: Ways to sign that will do.

    Raises:
        TokenError: If any of it is not so.
        OutsideError: If the issuer's keys cannot be read.
    """
    if len(token) > LONGEST_TOKEN:
        raise TokenError("longer than any token")
    claims = _signed(token, keys, algorithms)
    wanted = {"essential": True}
    registry = jwt.JWTClaimsRegistry(
        leeway=CLOCKS_DIFFER_S,
        iss={**wanted, "value": issuer},  # type: ignore[typeddict-item]
        aud={**wanted, "value": client_id},  # type: ignore[typeddict-item]
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        registry.validate(claims)
    except (JoseError, ValueError, TypeError, OverflowError) as error:
        raise TokenError(f"refused: {error}") from None
    # NaN, which JSON has no number for and Python reads, is later than no time.
    if any(isinstance(claims[name], float) and not math.isfinite(claims[name]) for name in ("exp", "iat")):
        raise TokenError("refused: times")
    answered = claims.get("nonce")
    if not isinstance(answered, str) or not hmac.compare_digest(answered.encode(), nonce.encode()):
        raise TokenError("refused: nonce")
    audience = claims["aud"]
    party = claims.get("azp")
    if party != client_id and (party is not None or (isinstance(audience, list) and len(audience) > 1)):
        raise TokenError("refused: azp")
    return claims


def _signed(token: str, keys: PublicKeys, algorithms: Collection[str]) -> dict[str, Any]:
    # Headers that are no standard, such as Microsoft's, are left alone; those that change how a token is
    # read ("crit", "b64") are not.
    registry = JWSRegistry(algorithms=list(algorithms), strict_check_header=False)
    registry.max_payload_length = LONGEST_TOKEN
    for anew in (False, True):
        try:
            return jwt.decode(token, keys.remembered.get(anew=anew), registry=registry).claims
        except InvalidKeyIdError:
            # An issuer that changes its keys signs with a new one at once.
            continue
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise TokenError(f"refused: {error}") from None
    raise TokenError("refused: signed by a key that the issuer does not show")
