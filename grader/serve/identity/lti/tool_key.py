"""The key by which a platform knows this server: made once, kept beside the course file."""

from __future__ import annotations

import functools
import os
import secrets
import stat
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from grader.errors import CannotDo

FILE = "lti-key.pem"
BITS = 2048
PRIVATE = 0o600


def tool_key(folder: Path) -> RSAKey:
    """The key of a course, made where there is none.

    Args:
        folder: Of the course.

    Raises:
        CannotDo: If it cannot be kept or read, or others can read it.
    """
    path = folder / FILE
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise CannotDo("others can read the key by which a platform knows this server", "chmod 600", FILE)
        return _read(path.read_bytes())
    except OSError as error:
        raise CannotDo(f"the key cannot be kept: {error.strerror}", where=FILE) from None
    except (JoseError, ValueError):
        raise CannotDo("it is no key", "move it away: a new one is made", FILE) from None


@functools.lru_cache(maxsize=4)
def _read(pem: bytes) -> RSAKey:
    key = RSAKey.import_key(pem, {"use": "sig", "alg": "RS256"})
    key.ensure_kid()
    return key


def _make(path: Path) -> None:
    """Write a new key, whole or not at all; of two servers that do, the first one's stays."""
    pem = RSAKey.generate_key(BITS, auto_kid=False).as_pem(private=True)
    new = path.with_name(f".{FILE}.{secrets.token_hex(8)}")
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
