"""Which tests run a line, and how long they take: only those can notice a change of it.

Loaded as a pytest plugin: `MUTATION_RECORD` names a file to write to, `MUTATION_ONLY` one with the tests to
run, in that order, `MUTATION_FAILED` one for the name of what fails first.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

RECORD, ONLY, FAILED = "MUTATION_RECORD", "MUTATION_ONLY", "MUTATION_FAILED"
SOURCES = ("grader", "reference")
OPTIONS = ("-q", "-p", "no:cacheprovider", "-p", "mutation.witnesses", "-p", "no:anyio")

AT_LEAST = 60
"""Tests for each line: what is kept in a cache is worked out in the first test that asks for it only."""


def is_near(test: str, file: str) -> bool:
    """Whether a test lies in the folder, or the file, that stands for a module's folder in `tests/`.

    Or marks an example of the kind of question whose folder it is.
    """
    folder = "tests/" + file.rpartition("/")[0]
    above, _, name = folder.rpartition("/")
    is_example = test.startswith(f"{above}/test_kinds.py::") and f"[{name}: " in test
    return is_example or test.startswith((folder + "/", f"{above}/test_{name}"))


class Witnesses:
    """What was recorded of the tests.

    Args:
        record: "tests" by number, their "seconds", and for each line of each file of "lines" the numbers of
            the tests that run it; lines that run on import have none.
    """

    def __init__(self, record: dict[str, Any]) -> None:
        self.tests: list[str] = record["tests"]
        self.seconds: dict[str, float] = dict(zip(self.tests, record["seconds"], strict=True))
        self.lines: dict[str, dict[str, list[int]]] = record["lines"]

    def of(self, file: str, first: int, last: int) -> list[str]:
        """The tests that run any of these lines, quickest first, and then the others of the file.

        A line that runs on import has no tests of its own: a constant shows in any test of its file, or of
        those beside it. What lies about the file in `tests/` comes ahead of the rest, with so many of the
        others as make up `AT_LEAST`.
        """
        lines = self.lines.get(file, {})
        run = {test for line in range(first, last + 1) for test in lines.get(str(line), ())}
        others = {test for tests in lines.values() for test in tests} - run
        if len(run) + len(others) < AT_LEAST:
            # What runs on import only counts as run by whichever tests were first to load it.
            others |= self._about(file) - run
        fewest = max(0, AT_LEAST - len(run)) if run else len(others)
        ranked = self._quickest(others)
        chosen = sorted(self._quickest(run) + ranked[:fewest], key=lambda test: not is_near(test, file))
        return chosen + ranked[fewest:]

    def _about(self, file: str) -> set[int]:
        """The tests near a file, and those that run a file beside it."""
        folder = file.rpartition("/")[0]
        beside = (lines for other, lines in self.lines.items() if other.rpartition("/")[0] == folder)
        near = {at for at, test in enumerate(self.tests) if is_near(test, file)}
        return near.union(*(tests for lines in beside for tests in lines.values()))

    def _quickest(self, numbers: set[int]) -> list[str]:
        return sorted((self.tests[number] for number in numbers), key=lambda test: self.seconds[test])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the chosen tests, in their order."""
    if ONLY in os.environ:
        order = {test: at for at, test in enumerate(json.loads(Path(os.environ[ONLY]).read_text()))}
        items[:] = sorted((one for one in items if one.nodeid in order), key=lambda one: order[one.nodeid])


_unfit: set[str] = set()


def _failed(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.failed:
        _unfit.add(report.nodeid)
        if FAILED in os.environ:
            Path(os.environ[FAILED]).write_text(report.nodeid)


pytest_runtest_logreport = pytest_collectreport = _failed


if RECORD in os.environ:
    import coverage

    _cover = coverage.Coverage(data_file=None, source=list(SOURCES), config_file=False)
    _seconds: dict[str, float] = {}

    def pytest_sessionstart() -> None:
        """Begin before our modules are imported."""
        _cover.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
        """Note what a test runs, set up included."""
        _cover.switch_context(item.nodeid)
        started = time.process_time()
        try:
            return (yield)
        finally:
            _seconds[item.nodeid] = time.process_time() - started
            _cover.switch_context("")

    def pytest_sessionfinish() -> None:
        """Write it down."""
        _cover.stop()
        fit = {test: seconds for test, seconds in _seconds.items() if test not in _unfit}
        data, root, numbers = _cover.get_data(), Path.cwd(), {test: at for at, test in enumerate(fit)}
        lines = {
            str(Path(file).relative_to(root)): {
                str(line): [numbers[context] for context in contexts if context in numbers]
                for line, contexts in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        record = {"tests": list(fit), "seconds": list(fit.values()), "lines": lines}
        Path(os.environ[RECORD]).write_text(json.dumps(record))
