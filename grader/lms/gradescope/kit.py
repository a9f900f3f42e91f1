"""Gradescope's kit: an autograder to upload, a zip file whose bytes follow from its contents alone.

Source: gradescope/autograder_samples, docs/specs.md: setup.sh and run_autograder at the root; setup.sh
runs once, as root, when the image is built; run_autograder is executable.
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass

from grader.lms.fixed_zip import fixed_zip
from grader.lms.kit import Kit, KitContents
from grader.lms.own_wheel import PACKAGE, constraints

INSTALLER = "uv==0.13.9"


@dataclass(frozen=True)
class AutograderContents:
    """The contents of an autograder.

    Args:
        exercise: Id of an installed exercise; not used where a file is given.
        wheel: Name and bytes of the grader's wheel: no index is asked for its name, which may be another's.
        question: Mark this question only.
        hints: How many hints to show.
        exercise_file: Name and bytes of an exercise file to take along.
    """

    exercise: str
    wheel: tuple[str, bytes]
    question: str | None = None
    hints: int = 0
    exercise_file: tuple[str, bytes] | None = None


def build(contents: AutograderContents) -> bytes:
    """The zip file.

    Raises:
        GraderError: If the grader's own version is not known.
    """
    scripts = {"setup.sh": _setup(contents).encode(), "run_autograder": _run(contents).encode()}
    beside = {"constraints.txt": constraints().encode(), contents.wheel[0]: contents.wheel[1]}
    if contents.exercise_file is not None:
        beside[contents.exercise_file[0]] = contents.exercise_file[1]
    return fixed_zip(scripts | beside, executable=scripts)


def _setup(contents: AutograderContents) -> str:
    wheel = shlex.quote(f"./{contents.wheel[0]}")
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
uv pip install --quiet --python /opt/{PACKAGE}/bin/python --constraint constraints.txt {wheel}
# The exercise holds the answers: only root may read what was uploaded.
chmod -R o= /autograder/source
/opt/{PACKAGE}/bin/{PACKAGE} --version
"""


def _run(contents: AutograderContents) -> str:
    exercise = (
        f"/autograder/source/{contents.exercise_file[0]}" if contents.exercise_file else contents.exercise
    )
    words = [f"/opt/{PACKAGE}/bin/{PACKAGE}", "harness", "gradescope", "--exercise", exercise]
    words += ["--question", contents.question] if contents.question else []
    words += ["--hints", str(contents.hints)] if contents.hints else []
    return f"#!/usr/bin/env bash\nset -euo pipefail\ncd /autograder\nexec {shlex.join(words)}\n"


def _files(contents: KitContents) -> dict[str, bytes]:
    asked = AutograderContents(
        contents.exercise.id, contents.wheel, contents.question, contents.hints, contents.exercise_file
    )
    return {"autograder.zip": build(asked), "answer.py": contents.template.encode()}


KITS = (
    Kit(
        command="gradescope",
        help="Write an autograder to upload, as `rnngrade export gradescope` does, and an answer to fill in.",
        files=_files,
        next_step="upload autograder.zip under Configure Autograder, it is for staff only; "
        "answer.py is for students",
    ),
)
