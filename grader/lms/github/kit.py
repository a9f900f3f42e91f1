"""Kits of GitHub: a workflow for students' repositories, and an autograder of Classroom 50.

Both mark in the student's own repository, so nothing that only a teacher may know belongs into them.

Source: foundation50/classroom50, wiki/Advanced-Autograding.md and Autograding-Basics.md: the bundle of an
autograder is published, and fetched by the student's workflow.
"""

from __future__ import annotations

import json
import shlex
import sys

from grader.lms.kit import Kit, KitContents
from grader.lms.own_wheel import constraints

FOLDER = ".github/rnngrade"


def _workflow(contents: KitContents) -> dict[str, bytes]:
    name, wheel = contents.wheel
    words = ["submit", "answer.py", "--exercise", contents.exercise.id, "--format", "github"]
    words += ["--question", contents.question] if contents.question else []
    words += ["--hints", str(contents.hints)] if contents.hints else []
    program = '"$RUNNER_TEMP/rnngrade/bin/rnngrade"'
    pins, packed = f"--constraint {FOLDER}/constraints.txt", shlex.quote(f"{FOLDER}/{name}")
    text = f"""\
# Marks answer.py at every push: in the log, at the lines of the answer, and in the job's summary.
name: rnngrade
on: [push, workflow_dispatch]
permissions:
  contents: read
jobs:
  mark:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "{sys.version_info.major}.{sys.version_info.minor}"
      - run: |
          python -I -m venv "$RUNNER_TEMP/rnngrade"
          "$RUNNER_TEMP/rnngrade/bin/python" -I -m pip install --quiet {pins} {packed}
      - run: |
          {program} {shlex.join(words)}
"""
    return {
        ".github/workflows/rnngrade.yml": text.encode(),
        f"{FOLDER}/constraints.txt": constraints().encode(),
        f"{FOLDER}/{name}": wheel,
        "answer.py": contents.template.encode(),
    }


def _autograder(contents: KitContents) -> dict[str, bytes]:
    name, wheel = contents.wheel
    words = contents.words("classroom50", contents.exercise.id)
    text = f'''\
"""Marks a submission with rnngrade: Classroom 50 runs this in the student's checkout."""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORDS = {json.dumps(words)}

with tempfile.TemporaryDirectory() as place:
    # Of its own, and isolated: nothing of the checkout is imported, and no index is asked for the name.
    venv.create(place, with_pip=True)
    python = str(Path(place, "bin", "python"))
    install = ["-m", "pip", "install", "--quiet", "--constraint", str(HERE / "constraints.txt")]
    subprocess.run([python, "-I", *install, str(HERE / {json.dumps(name)})], check=True)
    # Not 0 says that the grader failed; the mark is in result.json.
    sys.exit(subprocess.run([python, "-I", "-m", "rnngrade", *WORDS]).returncode)
'''
    return {"autograder.py": text.encode(), "constraints.txt": constraints().encode(), name: wheel}


KITS = (
    Kit(
        command="github",
        help="""Write a workflow that marks answer.py at every push, for a repository that students copy.

        It annotates the code and writes a summary; students can read and change it, so it is for practice.
        """,
        files=_workflow,
        next_step="commit all of it to the repository that students copy; nothing of it is secret",
        readers="students can read what their repository runs",
    ),
    Kit(
        command="classroom50",
        help="Write an autograder for an assignment of Classroom 50, with points for each question.",
        files=_autograder,
        next_step="put all of it into CLASSROOM/autograders/ASSIGNMENT of the classroom50 repository; "
        "students' workflows fetch it, nothing of it is secret",
        readers="students' workflows fetch what Classroom 50 grades with",
    ),
)
