"""docs/paper.md: both students' variants and reports are those of now, and its commands run."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest

from grader.cli import main
from grader.variants.code import code_of

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "paper.md").read_text(encoding="utf-8")


@pytest.fixture
def two_reports() -> ModuleType:
    spec = importlib.util.spec_from_file_location("two_reports", ROOT / ".ci" / "two_reports.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_shows_what_both_are_told_now(
    two_reports: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    assert two_reports.page() == PAGE, "python .ci/two_reports.py writes it anew"


def test_both_are_of_the_made_up_class_and_have_other_numbers(two_reports: ModuleType) -> None:
    folder = ROOT / "submissions_example" / "rnn-paper"
    assert all((folder / name).is_file() for name in two_reports.STUDENTS)
    prompts = PAGE.split("<!-- prompts -->")[1].split("```")[1]
    left, right = zip(*(line.split(" │", 1) for line in prompts.splitlines() if " │" in line), strict=True)
    assert left != right
    codes = [re.findall(r"variant (\S+) ", line)[0] for line in (left[0], right[0])]
    assert codes == [code_of(Path(name).stem, "rnn-paper", b"made up") for name in two_reports.STUDENTS]


def test_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [line for line in PAGE.splitlines() if line.startswith("rnngrade ")]
    assert len(lines) == 3
    for line in lines:
        # 200 take minutes; the page says so.
        words = shlex.split(line.replace("--variants 200", "--variants 2"))
        assert main(words[1:]) == 0, line
