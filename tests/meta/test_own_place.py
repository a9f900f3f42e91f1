"""Folders that are called as the grader's packages never stand in for them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from grader.cli._replacing import BESIDE_GRADEBOOK

ROOT = Path(__file__).parents[2]
NAMES = ("exercises", "grader", "reference")
# What pip writes into the command; -P, since a command's own folder comes first, not the one one stands in.
COMMAND = [sys.executable, "-P", "-c", "import sys; from rnngrade import main; sys.exit(main())"]
MODULE = [sys.executable, "-m", "rnngrade"]
EXERCISE = "mit-6390-recitation-8"


def plant(folder: Path, name: str, form: str) -> None:
    """Something of a teacher's or a student's that has the name of one of ours."""
    if form == "module":
        (folder / f"{name}.py").write_text("raise SystemExit('the wrong module')\n")
        return
    (folder / name).mkdir()
    (folder / name / "notes.txt").write_text("mine\n")
    if form == "package":
        (folder / name / "__init__.py").write_text("answer = 42\n")


def run(way: list[str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [*way, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_command_is_the_way_in_that_is_tested_here():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"rnngrade": "rnngrade:main"}


@pytest.mark.parametrize("way", [COMMAND, MODULE], ids=["command", "module"])
@pytest.mark.parametrize("form", ["folder", "package", "module"])
@pytest.mark.parametrize("name", NAMES)
def test_exercises_are_listed_beside_something_of_our_names(tmp_path: Path, way, form: str, name: str):
    plant(tmp_path, name, form)
    done = run(way, tmp_path, "list")
    assert (done.returncode, done.stderr) == (0, "")
    assert EXERCISE in done.stdout


@pytest.mark.parametrize("form", ["package", "module"])
def test_a_class_is_marked_beside_all_of_our_names(tmp_path: Path, form: str):
    """The workers and the sandbox are processes of their own: they must find ours as well."""
    for name in NAMES:
        plant(tmp_path, name, form)
    shutil.copytree(ROOT / "submissions_example" / EXERCISE, tmp_path / "class", ignore=_all_but_amara)
    asked = ["--exercise", EXERCISE, "--gradebook", str(tmp_path / "g.db"), "--jobs", "1", "--unsafe-ok"]
    done = run(COMMAND, tmp_path, "batch", "class", *asked)
    assert done.returncode == 0, done.stderr
    assert "amara" in done.stdout
    assert "34 / 34" in done.stdout


def _all_but_amara(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name != "amara.py"]


@pytest.mark.parametrize("name", ["exercises", "reference"])
def test_the_older_way_in_finds_what_belongs_to_it(tmp_path: Path, name: str):
    plant(tmp_path, name, "package")
    done = run([sys.executable, "-m", "grader"], tmp_path, "list")
    assert (done.returncode, EXERCISE in done.stdout) == (0, True)


@pytest.mark.parametrize("ending", BESIDE_GRADEBOOK)
def test_git_leaves_gradebooks_alone(tmp_path: Path, ending: str):
    """The name that a gradebook has unless another is given, with all that lies beside it."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    asked = ["git", "-C", str(tmp_path), "check-ignore", "--quiet", f"gradebook.db{ending}"]
    assert subprocess.run(asked, check=False).returncode == 0
