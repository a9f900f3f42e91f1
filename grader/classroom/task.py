"""Marking submissions, on this machine or another: bytes in, bytes out, nothing else is shared."""

from __future__ import annotations

import atexit
import functools
import hashlib
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader import kinds as checks
from grader import specs
from grader.classroom.exercise_marker import ExerciseMarker
from grader.errors import GraderError
from grader.gradebook.records import StoredResult
from grader.model.exercise import Exercise, Limits
from grader.model.run import Probe, Protection, RunResult
from grader.model.submission import Submission
from grader.sandbox import Sandbox
from grader.sandbox.host.alone import Alone
from grader.sandbox.host.levels import LEVELS_FOR_OTHERS
from grader.version import VERSION

CRASH_SHARE = 0.2
"""Of the wall time: a program that crashed later is not run once more, or it would hold up the class."""

TOGETHER_S = 0.5
"""Wall seconds after which no further submission of a task is begun: results are not kept back long."""


class CannotMark(GraderError):
    """This machine must not mark: other software than the one that asks, or too weak a sandbox."""


class ExerciseText(msgspec.Struct, frozen=True):
    """An exercise's file, so that every machine marks with the same one.

    Args:
        id: The exercise's.
        digest: Over the text.
        text: The file.
        variant: The code of the variant; empty where it has none.
    """

    id: str
    digest: str
    text: bytes
    variant: str = ""


class MarkTask(msgspec.Struct, frozen=True, kw_only=True, tag="one"):
    """One submission and what to mark it with.

    Args:
        exercise: The exercise.
        submission: What was submitted.
        grader_version: Of the grader that asks; another one could give other marks.
        is_unsafe_ok: Run code in a sandbox that strangers can get out of.
    """

    exercise: ExerciseText
    submission: Submission
    grader_version: str
    is_unsafe_ok: bool = False


class MarkTogether(msgspec.Struct, frozen=True, kw_only=True, tag="together"):
    """Several submissions; of each else the same as in `MarkTask`.

    Args:
        exercise: The exercise.
        submissions: What was submitted.
        grader_version: Of the grader that asks.
        is_unsafe_ok: Run code in a sandbox that strangers can get out of.
        before: Results of some of them by another version of the exercise, by digest.
    """

    exercise: ExerciseText
    submissions: tuple[Submission, ...]
    grader_version: str
    is_unsafe_ok: bool = False
    before: dict[str, StoredResult] = {}


def mark_bytes(task: bytes, place: Alone | None = None) -> bytes:
    """Mark a task; the same report for the same submission, wherever and however often.

    Args:
        task: A `MarkTask` or `MarkTogether`, encoded.
        place: Its place among those that are in flight in this process, if it may have several.

    Returns:
        A `StoredResult`, encoded; for several submissions a list: of the first, and of those after it for
        which there was time.

    Raises:
        CannotMark: If this machine must not mark it.
        SandboxError: If the sandbox itself fails.
    """
    decoded = msgspec.msgpack.decode(task, type=MarkTask | MarkTogether)
    found = mark_task(decoded, place) if isinstance(decoded, MarkTask) else mark_together(decoded, place)
    return msgspec.msgpack.encode(found)


def mark_alone(task: bytes) -> bytes:
    """Mark a task that failed before; as `mark_bytes`, but whoever runs it gives it a process of its own."""
    return mark_bytes(task)


def mark_task(task: MarkTask, place: Alone | None = None) -> StoredResult:
    """Mark a task that is decoded already; see `mark_bytes`."""
    (result,) = mark_together(
        MarkTogether(
            exercise=task.exercise,
            submissions=(task.submission,),
            grader_version=task.grader_version,
            is_unsafe_ok=task.is_unsafe_ok,
        ),
        place,
    )
    return result


def mark_together(task: MarkTogether, place: Alone | None = None) -> list[StoredResult]:
    """Mark submissions as long as there is time, the first in any case; see `mark_bytes`."""
    if task.grader_version != VERSION:
        raise CannotMark(f"this machine has rnngrade {VERSION}, not {task.grader_version}")
    marker, run = marker_of(task.exercise), WarmRun(task.is_unsafe_ok, place)
    until = time.monotonic() + TOGETHER_S
    results: list[StoredResult] = []
    for submission in task.submissions:
        if results and time.monotonic() > until:
            break
        results.append(marker.mark(submission, run, task.before.get(submission.digest)))
    return results


@functools.lru_cache(maxsize=8)
def marker_of(file: ExerciseText) -> ExerciseMarker:
    """The marker for the exercise of a file; see `exercise_of`."""
    return ExerciseMarker(exercise_of(file))


@functools.lru_cache(maxsize=8)
def exercise_of(file: ExerciseText) -> Exercise:
    """The exercise of a file that came with a task; see `read_exercise`."""
    return read_exercise(file)


def read_exercise(file: ExerciseText) -> Exercise:
    """The exercise of a file that came with a task, read anew.

    Args:
        file: Its bytes, and the digest that they must have.

    Raises:
        CannotMark: If the text is not the one of the digest.
    """
    if f"sha256:{hashlib.sha256(file.text).hexdigest()}" != file.digest:
        raise CannotMark(f"the exercise {file.id} did not arrive whole")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{file.id}.toml")
        path.write_bytes(file.text)
        kinds = specs.Kinds(checks.kind_names(), checks.find_kind)
        return specs.load_exercise(path, kinds, shown_as=path.name, variant=file.variant or None)


class WarmRun:
    """Runs a submission in this process's warm sandbox.

    Args:
        is_unsafe_ok: Run code in a sandbox that strangers can get out of.
        place: Its place among those that are in flight in this process, if it may have several.
    """

    def __init__(self, is_unsafe_ok: bool, place: Alone | None = None) -> None:
        self.is_unsafe_ok = is_unsafe_ok
        self.place = place

    def __call__(self, submission: Submission, probes: Sequence[Probe], limits: Limits) -> RunResult:
        """Run the submission; once more where it crashed early.

        Raises:
            CannotMark: If the sandbox is too weak for a stranger's code.
        """
        sandbox = warm_sandbox(os.getpid())
        if submission.has_code and not self.is_unsafe_ok:
            require_isolation(sandbox.protection())
        result = sandbox.run(submission, probes, limits, self.place)
        early = result.usage.wall_s <= CRASH_SHARE * limits.wall_s
        if early and _has_crashed(result):
            # A program that something else has killed looks like one that crashed: it gets a second chance.
            result = sandbox.run(submission, probes, limits, self.place)
        return result


@functools.cache
def warm_sandbox(process: int) -> Sandbox:
    """The sandbox of this process.

    Args:
        process: Its number; a forked process must not talk to its parent's.
    """
    sandbox = Sandbox()
    atexit.register(sandbox.close)
    return sandbox


def protection() -> Protection:
    """How this machine is protected from an answer's code."""
    return warm_sandbox(os.getpid()).protection()


def require_isolation(protection: Protection) -> None:
    """Refuse a sandbox that strangers can get out of.

    Raises:
        CannotMark: If it is too weak.
    """
    if protection.level not in LEVELS_FOR_OTHERS:
        raise CannotMark(
            f"answers with code would not be shut in here (protection {protection.level!r})",
            "`rnngrade doctor` says why; --unsafe-ok runs them all the same",
        )


def _has_crashed(result: RunResult) -> bool:
    faults = [*result.faults, *(call.fault for call in result.calls if call.fault)]
    return any(fault.kind == "crash" for fault in faults)
