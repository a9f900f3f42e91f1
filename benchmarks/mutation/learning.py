"""Which lines each test runs, kept up to date as tests and code change.

A test file is run again when it has changed; of the others the lines are followed to where they stand now.
To learn all anew delete `.mutation/`.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from mutation.parts import TESTS
from mutation.witnesses import OPTIONS, RECORD, SOURCES

Lines = dict[str, list[int]]
"""By line the numbers of the tests that run it."""

AT_ONCE = 8
"""Files that run together, before what is known is written down: a run that is broken off goes on there."""


def learn(root: Path) -> dict[str, Any]:
    """Run what has changed; a test that already fails can notice nothing, and is left out."""
    kept = root / ".mutation" / "record.json"
    kept.parent.mkdir(exist_ok=True)
    record = json.loads(kept.read_text()) if kept.exists() else _nothing()
    _follow(record, root)
    digests = {file: _digest(root / file) for file in _test_files(root)}
    _drop(record, {file for file, digest in record["digests"].items() if digests.get(file) != digest})
    new = [file for file in digests if file not in record["digests"]]
    for first in range(0, len(new), AT_ONCE):
        files = new[first : first + AT_ONCE]
        _add(record, _run(files, root))
        record["digests"] |= {file: digests[file] for file in files}
        kept.write_text(json.dumps(record))
    kept.write_text(json.dumps(record))
    return record


def _nothing() -> dict[str, Any]:
    return {"tests": [], "seconds": [], "lines": {}, "digests": {}, "sources": {}}


def _test_files(root: Path) -> list[str]:
    found = (path for place in TESTS for path in _of(root / place))
    return [str(path.relative_to(root)) for path in found]


def _of(place: Path) -> list[Path]:
    return [place] if place.suffix else sorted(place.rglob("test_*.py"))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _run(files: Iterable[str], root: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.json"
        environment = {**os.environ, RECORD: str(path), "PYTHONPATH": str(Path(__file__).parents[1])}
        command = [sys.executable, "-m", "pytest", *OPTIONS, *files]
        ended = subprocess.run(command, cwd=root, env=environment, check=False).returncode
        if ended not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            raise RuntimeError(f"pytest ended with {ended}")
        return dict(json.loads(path.read_text()))


def _add(record: dict[str, Any], new: dict[str, Any]) -> None:
    first = len(record["tests"])
    record["tests"] += new["tests"]
    record["seconds"] += new["seconds"]
    for file, lines in new["lines"].items():
        known = record["lines"].setdefault(file, {})
        for line, tests in lines.items():
            known.setdefault(line, []).extend(first + test for test in tests)


def _drop(record: dict[str, Any], files: set[str]) -> None:
    old = {at: test for at, test in enumerate(record["tests"]) if test.partition("::")[0] not in files}
    number = {at: new for new, at in enumerate(old)}
    record["seconds"] = [record["seconds"][at] for at in old]
    record["tests"] = list(old.values())
    record["lines"] = {
        file: {line: [number[at] for at in tests if at in number] for line, tests in lines.items()}
        for file, lines in record["lines"].items()
    }
    record["digests"] = {file: digest for file, digest in record["digests"].items() if file not in files}


def _follow(record: dict[str, Any], root: Path) -> None:
    now = {
        str(path.relative_to(root)): path.read_text()
        for name in SOURCES
        for path in (root / name).rglob("*.py")
    }
    for file in record["lines"].keys() - now.keys():
        del record["lines"][file]
    for file, lines in record["lines"].items():
        before = record["sources"].get(file, "")
        if before != now[file]:
            record["lines"][file] = _moved(lines, before.splitlines(), now[file].splitlines())
    record["sources"] = now


def _moved(lines: Lines, before: list[str], after: list[str]) -> Lines:
    """The lines where they stand now; new ones are run by what ran those in their place or ahead of them."""
    moved: Lines = {}
    steps = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for step, first, end, now_first, now_end in steps:
        old = [lines.get(str(at + 1), []) for at in range(first, end)]
        if step != "equal":
            ahead = lines.get(str(first), [])
            old = [sorted({*ahead, *(test for tests in old for test in tests)})] * (now_end - now_first)
        moved |= {str(now_first + at + 1): tests for at, tests in enumerate(old) if tests}
    return moved
