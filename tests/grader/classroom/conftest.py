from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from grader.classroom.machines import Machines, local
from grader.classroom.pending import Assignment
from grader.classroom.task import ExerciseText, exercise_of
from grader.gradebook.gradebook import Gradebook, open_gradebook
from grader.gradebook.records import Attempt
from grader.model.submission import AnswerFile
from grader.submissions import build_submission

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"

LIMIT_S = 90.0

SUMS = """
title = "Sums"
source = "made up"
limits = {load_cpu_s = 0.5, call_cpu_s = 0.5}

[[question]]
id = "shapes"
label = "1"
points = 3
prompt = "Which shapes?"
[question.fields]
A = "first"
B = "second"
[question.check]
kind = "shape"
sizes = {n = 2, m = 3}
shapes = {A = ["n", "m"], B = ["m", "n"]}
[[question.example]]
title = "Right"
answer = "shapes = dict(A=(2, 3), B=(3, 2))"
verdict = "correct"
[[question.example]]
title = "Wrong"
answer = "shapes = dict(A=(1, 1), B=(1, 1))"
verdict = "incorrect"

[[question]]
id = "number"
label = "2"
points = 1
prompt = "Which number?"
[question.fields]
value = "a number"
[question.check]
kind = "numeric"
values = {value = 42}
[[question.example]]
title = "Right"
answer = "number = 42"
verdict = "correct"
[[question.example]]
title = "Wrong"
answer = "number = 1"
verdict = "incorrect"
"""


def load_benchmark(name: str) -> ModuleType:
    """A program of benchmarks/, which may import its neighbours."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture
def benchmark() -> Callable[[str], ModuleType]:
    return load_benchmark


def asked_for(text: str = SUMS, exercise_id: str = "sums") -> Assignment:
    digest = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    return Assignment(exercise_of(ExerciseText(exercise_id, digest, text.encode())), text.encode())


@pytest.fixture
def assignment() -> Assignment:
    return asked_for()


@pytest.fixture
def changed() -> Assignment:
    """The same exercise with another number as its answer."""
    return asked_for(SUMS.replace("value = 42", "value = 43"))


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    with local(2, LIMIT_S) as found:
        yield found


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with open_gradebook(tmp_path / "gradebook.db") as book:
        yield book


@pytest.fixture
def submit() -> Callable[..., Attempt]:
    """An attempt of the exercise `sums`."""

    def submit(student: str, text: str, number: int = 1, name: str = "answer.py") -> Attempt:
        submission = build_submission(student, [AnswerFile(name, text.encode())] if text else [])
        return Attempt(student=student, exercise="sums", number=number, submission=submission)

    return submit
