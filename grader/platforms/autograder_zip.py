"""An autograder to upload to Gradescope: a zip file that is the same, byte for byte, for the same contents.

Source: gradescope/autograder_samples, docs/specs.md: setup.sh and run_autograder at the root; setup.sh
runs once, as root, when the image is built; run_autograder is executable.
"""

from __future__ import annotations

import importlib.metadata
import io
import re
import shlex
import sys
import zipfile
from dataclasses import dataclass

from grader.errors import GraderError

PACKAGE = "rnngrade"
INSTALLER = "uv==0.13.9"
# The earliest that a zip file can say; the clock must not be part of the contents.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
EXECUTABLE, READABLE = 0o755, 0o644
REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Contents:
    """What goes into an autograder.

    Args:
        exercise: Id of an installed exercise; not used where a file is given.
        question: Mark this question only.
        hints: How many hints to show.
        exercise_file: Name and bytes of an exercise file to take along.
        wheel: Name and bytes of the grader's wheel; installed from the package index if left out.
    """

    exercise: str
    question: str | None = None
    hints: int = 0
    exercise_file: tuple[str, bytes] | None = None
    wheel: tuple[str, bytes] | None = None


def build(contents: Contents) -> bytes:
    """The zip file.

    Args:
        contents: What goes in.

    Raises:
        GraderError: If the grader's own version is not known.
    """
    files: dict[str, tuple[bytes, int]] = {
        "setup.sh": (_setup(contents).encode(), EXECUTABLE),
        "run_autograder": (_run(contents).encode(), EXECUTABLE),
        "constraints.txt": (_constraints().encode(), READABLE),
    }
    for extra in (contents.exercise_file, contents.wheel):
        if extra is not None:
            files[extra[0]] = (extra[1], READABLE)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            data, mode = files[name]
            member = zipfile.ZipInfo(name, LONG_AGO)
            member.create_system = 3
            member.external_attr = (0o100000 | mode) << 16
            # Stored: what deflate writes differs from one version of zlib to the next.
            member.compress_type = zipfile.ZIP_STORED
            archive.writestr(member, data)
    return target.getvalue()


def _setup(contents: Contents) -> str:
    version = _version(PACKAGE)
    what = f"./{contents.wheel[0]}" if contents.wheel else f"{PACKAGE}=={version}"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"""\
#!/usr/bin/env bash
# Runs once, when Gradescope builds the image. The distribution's Python may be too old for {PACKAGE}.
set -euo pipefail
cd /autograder/source
apt-get update -qq
apt-get install -y -qq --no-install-recommends python3 python3-pip ca-certificates
python3 -m pip install --quiet {INSTALLER} ||
    python3 -m pip install --quiet --break-system-packages {INSTALLER}
export UV_PYTHON_INSTALL_DIR=/opt/python
uv venv --quiet --python {python} /opt/{PACKAGE}
uv pip install --quiet --python /opt/{PACKAGE}/bin/python --constraint constraints.txt {shlex.quote(what)}
# The exercise holds the answers: only root may read what was uploaded.
chmod -R o= /autograder/source
/opt/{PACKAGE}/bin/{PACKAGE} --version
"""


def _run(contents: Contents) -> str:
    exercise = (
        f"/autograder/source/{contents.exercise_file[0]}" if contents.exercise_file else contents.exercise
    )
    words = [f"/opt/{PACKAGE}/bin/{PACKAGE}", "harness", "gradescope", "--exercise", exercise]
    words += ["--question", contents.question] if contents.question else []
    words += ["--hints", str(contents.hints)] if contents.hints else []
    return f"#!/usr/bin/env bash\nset -euo pipefail\ncd /autograder\nexec {shlex.join(words)}\n"


def _constraints() -> str:
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
