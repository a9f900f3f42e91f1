"""The wheel in an autograder: pip installs it without an index, and what it installs marks."""

from __future__ import annotations

import glob
import io
import itertools
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from grader.errors import CannotDo
from grader.lms import own_wheel as module
from grader.lms.own_wheel import own_wheel

ROOT = Path(__file__).parents[3]
PACKAGES = ("grader", "exercises", "reference", "rnngrade")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment in which pip has installed the wheel, with no index to ask.

    What rnngrade needs is lent to it from here, behind what it has itself.
    """
    folder = tmp_path_factory.mktemp("fresh")
    name, data = own_wheel()
    (folder / name).write_bytes(data)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "env")], check=True)
    python = str(folder / "env" / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    command = [*pip, "--no-index", "--no-deps", str(folder / name)]
    subprocess.run(command, check=True, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    (lent,) = (folder / "env").glob("lib/python*/site-packages")
    (lent / "lent.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "env"


def run(env: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the fresh environment."""
    return subprocess.run(
        [str(env / "bin" / arguments[0]), *arguments[1:]],
        cwd=env,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_file_of_the_packages_is_in_it():
    names = set(zipfile.ZipFile(io.BytesIO(own_wheel()[1])).namelist())
    for package, ending in itertools.product(PACKAGES, ("py", "toml", "typed")):
        found = glob.glob(f"{package}/**/*.{ending}", root_dir=ROOT, recursive=True)
        assert {name for name in found if "/examples/" not in name} <= names
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_what_pip_installs_of_it_lists_and_marks(installed: Path, tmp_path: Path):
    found = run(installed, "python", "-c", "import grader; print(grader.__file__)").stdout
    assert found.startswith(str(installed))
    assert "mit-6390-recitation-8" in run(installed, "rnngrade", "list").stdout
    answer = ROOT / "submissions_example" / "mit-6390-recitation-8" / "amara.py"
    marked = run(installed, "rnngrade", "submit", str(answer))
    assert (marked.returncode, marked.stderr) == (0, "")
    assert "34 of 34 points" in marked.stdout


def test_an_installation_from_the_wheel_makes_the_same_wheel(installed: Path):
    """From a checkout and from a wheel: two ways that must lead to the same files."""
    take = "from grader.lms.own_wheel import own_wheel"
    code = f"import sys; {take}; sys.stdout.buffer.write(own_wheel()[1])"
    again = subprocess.run(
        [str(installed / "bin" / "python"), "-c", code],
        cwd=installed,
        env={},
        capture_output=True,
        check=True,
    ).stdout
    assert again == own_wheel()[1]


def test_without_an_installation_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "PACKAGE", "rnngrade-that-is-not-there")
    with pytest.raises(CannotDo, match=r"not installed.*--wheel FILE"):
        own_wheel()
