"""The wheel of the running rnngrade, and the versions that it runs with, for kits of other systems.

The wheel is made from its installed files, without a build tool or an index: no index is ever asked for the
name, which may be another's there. Source: PyPA, Binary distribution format; Recording installed projects.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.metadata
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import grader
from grader.errors import CannotDo, GraderError
from grader.lms.fixed_zip import fixed_zip

PACKAGE = "rnngrade"
REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
FOLDERS = ("grader", "exercises", "reference", "rnngrade")
WHEEL = """\
Wheel-Version: 1.0
Generator: rnngrade
Root-Is-Purelib: true
Tag: py3-none-any
"""
# What an installation is described by, of all that an installer leaves beside it.
METADATA = ("METADATA", "entry_points.txt")


def constraints() -> str:
    """The versions that are installed here, for everything that the grader needs."""
    pins: dict[str, str] = {}
    waiting = [PACKAGE]
    while waiting:
        name = waiting.pop()
        for requirement in importlib.metadata.requires(name) or []:
            needed = REQUIREMENT.match(requirement)
            if needed is None or "extra ==" in requirement or needed[0] in pins:
                continue
            try:
                pins[needed[0]] = _version(needed[0])
            except GraderError:
                # Only needed on another platform or Python.
                continue
            waiting.append(needed[0])
    return "".join(f"{name}=={pins[name]}\n" for name in sorted(pins, key=str.lower))


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        raise GraderError(f"{name} is not installed, so its version is not known") from None


def own_wheel() -> tuple[str, bytes]:
    """Name and bytes of the wheel; the same files give the same bytes.

    Raises:
        CannotDo: If rnngrade runs without being installed, so that it is not known what it needs.
    """
    try:
        installed = importlib.metadata.distribution(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        raise CannotDo(
            "rnngrade is not installed, so no wheel can be made of it",
            "install it, or take one along with --wheel FILE",
        ) from None
    stem = f"{PACKAGE}-{re.sub(r'[^A-Za-z0-9.]+', '_', installed.version)}"
    files = dict(_code(Path(grader.OWN_FOLDER)))
    files |= {f"{stem}.dist-info/{name}": data for name, data in _description(installed)}
    files[f"{stem}.dist-info/WHEEL"] = WHEEL.encode()
    record = f"{stem}.dist-info/RECORD"
    rows = [(name, f"sha256={_digest(data)}", len(data)) for name, data in sorted(files.items())]
    files[record] = _csv([*rows, (record, "", "")]).encode()
    return f"{stem}-py3-none-any.whl", fixed_zip(files)


def _code(root: Path) -> Iterator[tuple[str, bytes]]:
    for folder in FOLDERS:
        for path in (root / folder).rglob("*"):
            name = path.relative_to(root)
            is_left = any(part.startswith(".") or part == "__pycache__" for part in name.parts)
            is_left |= name.match("exercises/*/examples/*")  # they stay with those who write exercises
            if path.is_file() and not is_left:
                yield name.as_posix(), path.read_bytes()


def _description(installed: importlib.metadata.Distribution) -> Iterator[tuple[str, bytes]]:
    for name in METADATA:
        text = installed.read_text(name)
        if text is None:
            raise CannotDo(f"the installed rnngrade has no {name}", "install it again")
        yield name, text.encode()
    for path in installed.files or ():
        _, _, inside = path.as_posix().partition(".dist-info/")
        if inside.startswith("licenses/"):
            yield inside, path.read_binary()


def _csv(rows: Iterable[tuple[str, str, int | str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
