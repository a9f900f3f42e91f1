"""A class name is read once: no two public classes are called the same."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GRADER = ROOT / "grader"

OF_TWO_LANGUAGES = "nodes of formulas and of networks, and the quotient of polynomials; no file reads two"
OF_USERS = "what `import rnngrade` gives under the name of what it shows"
TWICE = {
    **dict.fromkeys(("Constant", "Power", "Product", "Quotient", "Sum"), OF_TWO_LANGUAGES),
    **dict.fromkeys(("Question", "Report"), OF_USERS),
}


@pytest.fixture(scope="module")
def homes() -> dict[str, list[str]]:
    """The files that define a class, by its name."""
    found = defaultdict(list)
    for file in sorted(GRADER.rglob("*.py")):
        # Parsing every file takes ten times as long.
        for name in re.findall(r"^class ([A-Za-z]\w*)", file.read_text(), re.MULTILINE):
            found[name].append(str(file.relative_to(GRADER)))
    return found


def test_no_two_classes_are_called_the_same(homes: dict[str, list[str]]) -> None:
    twice = {name: files for name, files in homes.items() if len(files) > 1}
    assert {name: files for name, files in twice.items() if name not in TWICE} == {}
    assert TWICE.keys() <= twice.keys(), "an exception that is none any more"


def test_a_kind_copied_as_contributors_are_told_shares_no_class_name(
    homes: dict[str, list[str]], tmp_path: Path
) -> None:
    told = re.search(r"^cp -r .*\nsed .*", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)
    assert told is not None
    shutil.copytree(GRADER / "kinds" / "numeric", tmp_path / "grader" / "kinds" / "numeric")
    subprocess.run(["bash", "-e", "-c", told[0]], cwd=tmp_path, check=True)
    texts = [file.read_text() for file in (tmp_path / "grader" / "kinds" / "my_kind").glob("*.py")]
    names = {name for text in texts for name in re.findall(r"^class ([A-Za-z]\w*)", text, re.MULTILINE)}
    assert names
    assert not names & homes.keys()
    assert not any("kinds.numeric" in text for text in texts)
