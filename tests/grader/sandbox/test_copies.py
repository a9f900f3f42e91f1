"""More than one copy of the grader on a machine: an answer can read none of them, or the level says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.model.exercise import Limits
from grader.model.run import Read
from grader.model.submission import AnswerFile, Submission
from grader.model.value import Text
from grader.sandbox import Sandbox
from grader.sandbox.host import process, visible_paths, zygote

PATIENT = Limits(load_cpu_s=10.0, wall_s=60.0)
SECRET = "the right answer is 42"

PLACES = (
    "lib/python3.9/site-packages/exercises/one.toml",  # another Python's
    "lib/python3/dist-packages/reference/two.py",  # Debian's
    "lib/course/lib/python3.12/site-packages/grader/three.py",
    "lib/checkout/exercises/four.toml",
    "lib/exercises/five.toml",
    "lib/on_the_path/reference/six.py",  # PYTHONPATH, or a .pth file
    "lib/rnngrade.pyz",  # a zip application on the path
    "lib/on_the_path/rnngrade-0.1.0-py3-none-any.whl",
)
NOBODYS = "lib/python3.9/plain.txt"

OPENS = f"""
import os
found = []
for path in {{paths!r}}:
    try:
        with open(path) as file:
            if {SECRET!r} in file.read():
                found.append(os.path.basename(path))
    except OSError:
        pass
value = " ".join(sorted(found))
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of libraries with copies in it, and one file that is nobody's secret."""
    for place in (*PLACES, NOBODYS):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SECRET)
    monkeypatch.setattr(visible_paths, "SYSTEM_PATHS", (*visible_paths.SYSTEM_PATHS, str(tmp_path / "lib")))
    monkeypatch.syspath_prepend(str(tmp_path / "lib/on_the_path"))
    monkeypatch.syspath_prepend(str(tmp_path / "lib/rnngrade.pyz"))
    return tmp_path / "lib"


def read(sandbox: Sandbox, code: str) -> str:
    answer = Submission(student="eve", files=(AnswerFile("answer.py", code.encode()),), digest="sha256:0")
    result = sandbox.run(answer, [Read("value")], PATIENT)
    value = result.names["value"]
    assert isinstance(value, Text)
    return value.text


@pytest.mark.parametrize("level", ["full", "kernel", "sealed"])
def test_no_copy_of_the_grader_can_be_read(root: Path, level: zygote.Level):
    with Sandbox(level=level) as sandbox:
        if sandbox.protection().level != level:
            pytest.skip(f"NOT TESTED: this system gives {sandbox.protection().level}")
        found = read(sandbox, OPENS.format(paths=[str(root.parent / place) for place in (*PLACES, NOBODYS)]))
    assert found == ("" if level == "sealed" else "plain.txt")


@pytest.mark.parametrize("level", ["full", "kernel"])
def test_a_copy_that_is_not_hidden_lowers_the_level(
    root: Path, level: zygote.Level, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(zygote, "hidden_paths", lambda copies, readable, libraries: [])
    with Sandbox(level=level) as sandbox:
        assert sandbox.jail_report().level in (level, "kernel", "sealed")
        if sandbox.jail_report().level != level:
            pytest.skip(f"NOT TESTED: this system gives {sandbox.jail_report().level}")
        assert sandbox.protection().level == "limits"
        assert "it could read" in sandbox.jail_report().could["answers"]


def test_what_is_installed_for_another_python_is_no_library(root: Path):
    readable, libraries = [str(root)], [str(root / "python3/dist-packages")]
    copies = visible_paths.known_copies(readable, libraries)
    hidden = visible_paths.hidden_paths(copies, readable, libraries)
    assert str(root / "python3.9/site-packages") in hidden
    assert str(root / "python3/dist-packages") not in hidden
    assert str(root / "python3/dist-packages/reference") in hidden


def test_a_library_beside_a_copy_can_still_be_imported(root: Path, monkeypatch: pytest.MonkeyPatch):
    (root / "on_the_path/of_two.py").write_text("value = 'imported'")
    monkeypatch.setattr(
        process, "library_folders", lambda: [*visible_paths.library_folders(), str(root / "on_the_path")]
    )
    with Sandbox() as sandbox:
        assert read(sandbox, "import sympy\nfrom of_two import value") == "imported"
