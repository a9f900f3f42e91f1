"""The same run everywhere: nothing of the caller's environment, the same random examples, no clock.

And what tests of several folders share.
"""

from __future__ import annotations

import gc
import importlib.util
import os
import signal
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import settings

from grader.classroom import machines
from grader.explaining import LOGGER
from grader.grading import mark
from grader.kinds import find_kind
from grader.model.exercise import Exercise, Question
from grader.model.outcome import Outcome
from grader.model.submission import AnswerFile, Submission

# A busy machine is no failure, and a failure must come again on the next run.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")

# What is collected stays until the end: to look through it for garbage is a third of the time of collecting.
gc.disable()

# A shell that starts the tests in the background has Ctrl-C ignored, in all that they start, too.
signal.signal(signal.SIGINT, signal.default_int_handler)

GRADER = Path(__file__).parent / "grader"
WHAT_A_TERMINAL_SETS = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "TERM", "LINES")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for time limits comes first: at the end it would keep one worker busy, the others idle."""
    items.sort(key=lambda item: "hostile" not in item.path.parts)


def pytest_collection_finish() -> None:
    """Look for garbage again, and not among what has been collected."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def environment() -> Iterator[None]:
    """What the caller has set for rnngrade, its terminal or a platform changes nothing."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("RNNGRADE_", "GITHUB_")) or name in WHAT_A_TERMINAL_SETS:
                patch.delenv(name)
        patch.setenv("COLUMNS", "80")
        yield


@pytest.fixture(scope="session", autouse=True)
def one_worker() -> Iterator[None]:
    """Where nothing says how many, one worker marks a class: each takes long to start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machines, "processors", lambda: 1)
        yield


@pytest.fixture(autouse=True)
def no_explanation_fails(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A test in which explaining a mark fails does so too, unless it is marked `fails_to_explain`."""
    yield
    logged = [*caplog.get_records("setup"), *caplog.get_records("call")]
    failures = [record.getMessage() for record in logged if record.name == LOGGER]
    if failures and request.node.get_closest_marker("fails_to_explain") is None:
        pytest.fail(failures[0], pytrace=False)


@pytest.fixture(scope="session")
def marked_alone() -> Callable[[str, Any, str], Outcome]:
    """Marks an answer, as Python source, to a question `q` of a kind with its parameters."""

    def marked(kind: str, params: Any, source: str) -> Outcome:
        check = find_kind(kind)
        question = Question(
            id="q",
            label="q",
            points=Fraction(1),
            prompt="",
            fields={},
            asks=check.asks(params),
            kind=kind,
            params=params,
            check=check,
        )
        exercise = Exercise(id="e", title="", source="", questions=(question,), digest="")
        answer = AnswerFile("answer.py", source.encode())
        return mark(exercise, Submission(student="s", files=(answer,), digest="")).questions[0].outcome

    return marked


def loaded(path: Path) -> ModuleType:
    """A module that tests share: tests are no packages, so it is loaded by path."""
    name = f"shared_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def layouts() -> ModuleType:
    """The exports of a class in class_layouts.py."""
    return loaded(GRADER / "lms" / "class_layouts.py")


@pytest.fixture(scope="session")
def schemas() -> ModuleType:
    """The checkers of platforms' files in schemas.py."""
    return loaded(GRADER / "lms" / "schemas.py")


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """The hand-made reports of sample.py."""
    return loaded(GRADER / "reports" / "sample.py")
