"""What an installation says of itself: types, lowest versions, and how more of it is installed."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

from grader.extras import install_command
from grader.version import VERSION

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = {"instructor": "sqlalchemy", "postgres": "psycopg", "dask": "distributed"}


@pytest.mark.parametrize("package", PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
def test_type_checkers_may_read_the_package(package: str):
    """PEP 561: an empty marker of that name in each top-level package."""
    assert (ROOT / package / "py.typed").read_bytes() == b""


def test_reports_name_the_version_that_is_installed():
    """One text is the source of both; an editable installation keeps that of its day."""
    assert version("rnngrade") == VERSION


@pytest.mark.parametrize(("extra", "package"), EXTRAS.items())
def test_the_command_for_an_extra_is_one_that_pip_carries_out(extra: str, package: str):
    pytest.importorskip(package, reason=f"NOT TESTED: needs the extra {extra}")
    command = install_command(extra)
    # An index may have another project of our name.
    assert "rnngrade" not in command.replace(sys.executable, "")
    # Everything is here already: pip only has to understand what it is told, and asks no index.
    done = subprocess.run(
        [*shlex.split(command), "--dry-run"],
        env={**os.environ, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"Requirement already satisfied: {package}" in done.stdout


def test_without_pip_the_command_is_of_uv(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    words = shlex.split(install_command("instructor"))
    assert words[:4] == ["uv", "pip", "install", "--python"]
    assert Path(words[4]).resolve() == Path(sys.executable).resolve()
