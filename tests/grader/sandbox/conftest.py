from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from grader.model.exercise import Limits
from grader.model.run import Call, CallReading, Probe, Read, RunResult
from grader.model.submission import AnswerFile, Submission
from grader.model.value import Value
from grader.sandbox import Sandbox

QUICK = Limits(load_cpu_s=0.5, call_cpu_s=0.3, wall_s=20.0, memory_mib=256, output_kib=4)

Files = str | bytes | dict[str, str | bytes]
Run = Callable[..., RunResult]


def submission(files: Files) -> Submission:
    named = files if isinstance(files, dict) else {"answer.py": files}
    data = {name: text.encode() if isinstance(text, str) else text for name, text in named.items()}
    return Submission(
        student="ada", files=tuple(AnswerFile(*item) for item in data.items()), digest="sha256:0"
    )


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def run(sandbox: Sandbox) -> Run:
    """Run files (a .py source, or file contents by name) with probes under quick limits."""

    def run(files: Files, *probes: Probe, limits: Limits = QUICK) -> RunResult:
        return sandbox.run(submission(files), probes, limits)

    return run


@pytest.fixture
def read(run: Run) -> Callable[[Files, str], Value | None]:
    """The plain value of one name."""

    def read(files: Files, name: str = "value") -> Value | None:
        return run(files, Read(name)).names.get(name)

    return read


@pytest.fixture
def call(run: Run) -> Callable[..., CallReading]:
    """What one call of the function `f` gives."""

    def call(files: Files, *args: Value, times: int = 1, **more: object) -> CallReading:
        probe = Call(question="q", function=(("f",),), args=args, times=times, cpu_s=0.3, **more)  # type: ignore[arg-type]
        return run(files, probe).calls[0]

    return call
