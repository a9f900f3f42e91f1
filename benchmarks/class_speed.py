"""What an answer of a class costs, from the file on the disk to the row in the gradebook, beside the floor.

    python benchmarks/class_speed.py [--quick] [--peers PYTHON] [--rounds N] [--jobs N] [--only WORDS]

The floor is what the students' own code costs: a bare fork of a warm numpy process that loads the file and
makes the same calls, with no isolation, nobody watching, no mark, no report. All contenders are taken in turn
in every round, so that a busy minute hits all alike. CPU is that of all processes together and says what an
idle machine would do; wall says what this one did. A class is marked by `rnngrade batch` in a process of its
own, less what that takes for one answer, which is starting up. `--quick` takes less than two minutes where
the machine is idle.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from class_answers import (
    ID,
    QUICK,
    ClassSubmission,
    answers,
    exercise_text,
    full,
    json_answers,
    mixed_json_answers,
    write,
)
from class_peers import seconds_each

from grader.grading.asked import Asked
from grader.kinds import find_kind, kind_names
from grader.model.submission import AnswerFile
from grader.sandbox.host.job import Job, wall_s
from grader.sandbox.host.process import ENVIRONMENT, INSIDE
from grader.sandbox.host.readings import Readings
from grader.sandbox.inside.isolation import kernel
from grader.sandbox.inside.messages import LENGTH
from grader.specs import Kinds, load_exercise
from grader.submissions import build_submission

PR_SET_CHILD_SUBREAPER = 36
"""include/uapi/linux/prctl.h"""

PEERS = Path(__file__).parent / "sandbox_peers"
FORKS = 30

AS_INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Python keeps what it has compiled, as it does for users: else each worker would compile the grader anew."""

SLEEPS = b"import time\ntime.sleep(3600)\n"


class Cost(NamedTuple):
    """Milliseconds for one answer."""

    wall_ms: float
    cpu_ms: float


Contender = Callable[[], Cost]


def cpu_s() -> float:
    """CPU seconds of all processes that were waited for, theirs too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def adopt_orphans() -> None:
    """Become the parent of what a command leaves behind: a killed sandbox has not waited for its own."""
    kernel.prctl(PR_SET_CHILD_SUBREAPER, 1)


def wait_for_orphans(before: set[int]) -> None:
    """Wait for what a command left behind to end, so that its time is counted.

    Args:
        before: Children of this process that are not the command's.
    """
    for pid in children() - before:
        os.waitpid(pid, 0)


def children() -> set[int]:
    """Process numbers of this process's children."""
    pid = os.getpid()
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def floor(stack: ExitStack, exercise: Path, work: Path) -> Contender:
    """A bare fork for each answer that does what is asked of the student's code.

    Args:
        stack: Ends the warm process.
        exercise: Its file.
        work: For what the forks read.
    """
    loaded = load_exercise(exercise, Kinds(kind_names(), find_kind))
    submission = build_submission("ada", [AnswerFile("answer.py", full().encode())])
    readings = Readings(submission, Asked(loaded, loaded.questions).probes(submission))
    calls = (call for _, call in readings.calls)
    job = Job(
        readings.code_files, readings.reads, readings.calls, loaded.limits, wall_s(loaded.limits, calls)
    )
    requests = (job.first_request, *groups(job))
    path = work / "requests"
    bodies = map(msgspec.json.encode, requests)
    path.write_bytes(b"".join(LENGTH.pack(len(body)) + body for body in bodies))
    process = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-P", "-s", "-S", str(PEERS / "warm_fork.py"), str(INSIDE), str(path)],
            env={**ENVIRONMENT, "PYTHONPATH": str(Path(np.__file__).parents[1])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    )
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None
    assert stdout is not None

    def run() -> Cost:
        started, used = time.monotonic(), 0.0
        for _ in range(FORKS):
            stdin.write("\n")
            stdin.flush()
            used += float(stdout.readline())
        return Cost((time.monotonic() - started) / FORKS * 1e3, used / FORKS * 1e3)

    return run


def groups(job: Job) -> Iterator[msgspec.Raw]:
    """The requests for all calls, as they are sent."""
    calls = list(job.calls)
    while calls:
        count, request = job.asked.next_request(calls)
        calls = calls[count:]
        yield request


def batch(folder: Path, exercise: Path, jobs: int) -> Callable[[], tuple[float, float]]:
    """Marks a class; wall and CPU seconds of all of it.

    Args:
        folder: The class.
        exercise: Its exercise file.
        jobs: Worker processes.
    """

    def run() -> tuple[float, float]:
        with tempfile.TemporaryDirectory() as kept:
            command = [sys.executable, "-m", "rnngrade", "batch", str(folder), "--exercise", str(exercise)]
            command += ["--gradebook", str(Path(kept, "class.db")), "--jobs", str(jobs)]
            others = children()
            before, started = cpu_s(), time.monotonic()
            done = subprocess.run(command, capture_output=True, check=False, text=True, env=AS_INSTALLED)
            assert done.returncode == 0, done.stderr[-2000:]
            wall = time.monotonic() - started
            wait_for_orphans(others)
            return wall, cpu_s() - before

    return run


def class_of(work: Path, name: str, made: Iterable[ClassSubmission], exercise: Path, jobs: int) -> Contender:
    """What each answer of a class costs, but for starting up.

    Args:
        work: Where the class goes.
        name: Its folder.
        made: The answers.
        exercise: Their exercise file.
        jobs: Worker processes.
    """
    handed_in = write(work / name, iter(made))
    first = work / f"{name}-first"
    write(first, iter([handed_in[0]]))
    whole, alone = batch(work / name, exercise, jobs), batch(first, exercise, jobs)

    def run() -> Cost:
        (wall, cpu), (start_wall, start_cpu) = whole(), alone()
        others = len(handed_in) - 1
        return Cost((wall - start_wall) / others * 1e3, (cpu - start_cpu) / others * 1e3)

    return run


def with_sleepers(made: Iterable[ClassSubmission]) -> Iterator[ClassSubmission]:
    """The class with one in twenty that sleeps for an hour.

    Args:
        made: The others.
    """
    for number, one in enumerate(made):
        note = f"# {number}\n".encode()
        yield one._replace(data=SLEEPS + note) if number % 20 == 19 else one


def peer(name: str, python: str, files: list[Path]) -> Contender:
    """gradescope-utils or pytest, one process an answer.

    Args:
        name: Which.
        python: An interpreter that has it.
        files: The answers.
    """

    def run() -> Cost:
        each = seconds_each(name, python, files)
        return Cost(each.wall_s * 1e3, each.cpu_s * 1e3)

    return run


def main() -> None:
    """Run all in turn and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small classes, two rounds")
    parser.add_argument("--peers", help="an interpreter with numpy, gradescope-utils and pytest")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="words of contenders beside the floor, by commas")
    options = parser.parse_args()
    adopt_orphans()
    rounds = options.rounds or (2 if options.quick else 7)
    n_code, n_data, n_hostile = (200, 1000, 40) if options.quick else (500, 5000, 300)
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        exercise, short = work / f"{ID}.toml", work / "short" / f"{ID}.toml"
        short.parent.mkdir()
        exercise.write_text(exercise_text(), encoding="utf-8")
        short.write_text(exercise_text(QUICK), encoding="utf-8")
        jobs = options.jobs
        made = {
            "answer.py": ("code", answers(n_code, 1, 0), exercise),
            "JSON, right": ("right", json_answers(n_data), exercise),
            "JSON, half of it wrong": ("mixed", mixed_json_answers(n_data), exercise),
            "answer.py, 5 % sleep": ("sleep", with_sleepers(answers(n_code, 1, 0)), short),
            "answer.py, 5 % hostile": ("hostile", answers(n_hostile), short),
        }
        words = options.only.split(",")
        runs = {"floor: a bare fork": floor(stack, exercise, work)}
        runs |= {
            name: class_of(work, folder, handed_in, file, jobs)
            for name, (folder, handed_in, file) in made.items()
            if any(word in name for word in words)
        }
        if options.peers:
            files = sorted(Path(work, "code").iterdir())[:5]
            runs |= {name: peer(name, options.peers, files) for name in ("gradescope-utils", "pytest")}
        costs: dict[str, list[Cost]] = {name: [] for name in runs}
        for _ in range(rounds):
            for name, run in runs.items():
                costs[name].append(run())
    show(costs, jobs)


def show(costs: dict[str, list[Cost]], jobs: int) -> None:
    """Print the table.

    Args:
        costs: Of each contender in each round; the first is the floor.
        jobs: Worker processes.
    """
    load = os.getloadavg()[0]
    print(f"{jobs} workers on {os.cpu_count()} cores, load average {load:.1f}; medians, least to most\n")
    head = ("ms CPU each", "x floor", "ms wall each", "a second, if idle")
    print("| | " + " | ".join(head) + " |\n|---|" + "---|" * len(head))
    base = statistics.median(one.cpu_ms for one in next(iter(costs.values())))
    for name, found in costs.items():
        cpu, wall = ([getattr(one, field) for one in found] for field in ("cpu_ms", "wall_ms"))
        middle = statistics.median(cpu)
        cells = (
            f"{middle:.2f} ({min(cpu):.2f} to {max(cpu):.2f})",
            f"{middle / base:.2f}",
            f"{statistics.median(wall):.2f} ({min(wall):.2f} to {max(wall):.2f})",
            f"{jobs * 1e3 / middle:.0f}",
        )
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
