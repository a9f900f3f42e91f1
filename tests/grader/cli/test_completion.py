"""What a shell offers after a tab."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.shell_completion import BashComplete, FishComplete, ZshComplete

from grader.cli._main import group

ROOT = Path(__file__).parents[3]
FORMULA = ROOT / "exercises" / "rnn-by-formula" / "exercise.toml"
EXERCISES = {path.parent.name for path in (ROOT / "exercises").glob("*/exercise.toml")}
QUESTIONS = {one["id"] for one in tomllib.loads(FORMULA.read_text())["question"]}


def offered(*typed: str, shell: type = BashComplete) -> set[str]:
    *before, last = typed
    found = shell(group, {}, "rnngrade", "_RNNGRADE_COMPLETE").get_completions(list(before), last)
    return {one.value for one in found}


@pytest.mark.parametrize("shell", [BashComplete, ZshComplete, FishComplete])
@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        (["su"], {"submit"}),
        (["author", "ne"], {"networks", "new"}),
        (["show", ""], EXERCISES),
        (["show", "rnn"], {"rnn-by-formula", "rnn-paper"}),
        (["submit", "answer.py", "--exercise", "ntu"], {"ntu-cz4042-tutorial-8"}),
        (["show", "rnn-by-formula", ""], QUESTIONS),
        (["show", str(FORMULA), ""], QUESTIONS),
        (["submit", "answer.py", "--exercise", "rnn-by-formula", "--question", "unr"], {"unroll"}),
        (["submit", "answer.py", "--format", "j"], {"json", "junit"}),
        (["stats", "--format", "j"], {"json"}),
        (["batch", "class/", "--preset", "m"], {"moodle"}),
        (["show", "no-such-exercise", ""], set()),
    ],
)
def test_what_can_be_typed_is_offered(shell: type, typed: list[str], wanted: set[str]):
    assert offered(*typed, shell=shell) == wanted


def test_completion_loads_no_numbers():
    code = (
        "import sys, click.shell_completion as c; from grader.cli._main import group;"
        "s = c.BashComplete(group, {}, 'rnngrade', 'X');"
        "s.get_completions(['show', 'rnn-by-formula'], ''); s.get_completions(['show'], '');"
        "s.get_completions(['submit', 'a.py', '--format'], ''); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"numpy", "sympy", "rich"} & set(done.stdout.split())


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on this system")
def test_a_real_bash_completes(tmp_path: Path):
    program = tmp_path / "rnngrade"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m rnngrade "$@"\n')
    program.chmod(0o755)
    script = (
        'eval "$(_RNNGRADE_COMPLETE=bash_source rnngrade)"; COMP_WORDS=(rnngrade show rnn-by); COMP_CWORD=2;'
        '_rnngrade_completion rnngrade; echo "${COMPREPLY[@]}"'
    )
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["rnn-by-formula"]
