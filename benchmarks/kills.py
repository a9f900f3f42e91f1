"""Kill a run of `rnngrade batch` at random instants, go on, and hold what is exported against a quiet run.

    python benchmarks/kills.py [KILLS] [--seed N]

Each kill is `kill -9` of one process of the run: the marking process, a worker, its sandbox, a lane of it, or
a student's program. What was exported must be the same byte for byte, with one result for each hand-in.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from class_answers import ID, QUICK, answers, exercise_text, write

MOST_KILLS = 5
"""Kills while one class is marked; then it is left in peace, or it might never come to an end."""

MOST_RUNS = 8
"""A class must be done after so many."""

GONE_WITHIN_S = 10.0


class Killed(NamedTuple):
    """How often what was killed, and what went wrong.

    Args:
        kills: How often each sort of process was killed.
        classes: How many classes were marked to their end.
        problems: What was not as it must be.
    """

    kills: Counter[str]
    classes: int
    problems: list[str]


class Setting(NamedTuple):
    """A class folder and its exercise."""

    folder: Path
    exercise: Path


def prepare(work: Path, count: int) -> Setting:
    """Lay down a class.

    Args:
        work: An empty folder.
        count: Of students.
    """
    exercise = work / f"{ID}.toml"
    exercise.write_text(exercise_text(QUICK), encoding="utf-8")
    write(work / "class", answers(count, hostile_every=6))
    # Two pairs of identical files: they are judged once.
    for number in (0, 1):
        data = (work / "class" / f"student{number:05}.py").read_bytes()
        (work / "class" / f"twin{number}.py").write_bytes(data)
    return Setting(work / "class", exercise)


def start(setting: Setting, gradebook: Path) -> subprocess.Popen[bytes]:
    """Start a run.

    Args:
        setting: What to mark.
        gradebook: Where results go.
    """
    command = [sys.executable, "-m", "grader", "batch", str(setting.folder), "--jobs", "2"]
    command += ["--exercise", str(setting.exercise), "--gradebook", str(gradebook)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def exported(gradebook: Path) -> bytes:
    """What the gradebook exports.

    Args:
        gradebook: Where results are.
    """
    command = [sys.executable, "-m", "grader", "gradebook", "export", "--gradebook", str(gradebook)]
    return subprocess.run(command, capture_output=True, check=True).stdout


def process_tree(process: int) -> dict[int, str]:
    """A process, called "parent", and all below it, each with what it is."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found, level = {process: "parent"}, [process]
    for sort in ("worker", "sandbox", "sandbox", "lane", "lane", "program", "program"):
        level = [one for one, parent in parents.items() if parent in level]
        found.update(dict.fromkeys(level, sort))
    return found


def kill_one(process: subprocess.Popen[bytes], rng: random.Random) -> str | None:
    """Kill one process of a run, each sort as likely; says which."""
    if process.poll() is not None:
        return None
    members = process_tree(process.pid)
    sort = rng.choice(sorted(set(members.values())))
    victim = rng.choice([one for one, what in members.items() if what == sort])
    try:
        os.kill(victim, signal.SIGKILL)
    except ProcessLookupError:
        return None
    return sort


def kill_and_resume(work: Path, kills: int, seed: int = 0, count: int = 24) -> Killed:
    """Mark a class again and again while its processes are killed.

    Args:
        work: An empty folder.
        kills: How many.
        seed: Of the instants.
        count: Of students.
    """
    rng = random.Random(seed)
    setting = prepare(work, count)
    quiet = work / "quiet.db"
    started = time.monotonic()
    quiet_run = start(setting, quiet)
    assert quiet_run.wait() == 0
    seconds = time.monotonic() - started
    expected = exported(quiet)
    done: Counter[str] = Counter()
    problems: list[str] = []
    classes = 0
    while done.total() < kills:
        gradebook = work / f"{classes}.db"
        problems += _one_class(setting, gradebook, rng, seconds, done, kills)
        problems += _compared(gradebook, expected, classes)
        classes += 1
    return Killed(done, classes, problems)


def _one_class(
    setting: Setting, gradebook: Path, rng: random.Random, seconds: float, done: Counter[str], kills: int
) -> list[str]:
    """Run until it ends by itself with nothing undecided."""
    killed = 0
    for _ in range(MOST_RUNS):
        process = start(setting, gradebook)
        members: dict[int, str] = {}
        # Twice in a run: the first may hit a worker only, and the run goes on.
        for _ in range(2):
            if done.total() < kills and killed < MOST_KILLS:
                time.sleep(rng.uniform(0, seconds * 0.7))
                members |= process_tree(process.pid)
                sort = kill_one(process, rng)
                done.update([sort] if sort else [])
                killed += sort is not None
        code = process.wait()
        left = _left_over(members, process.pid)
        if left:
            return [f"processes were left: {left}"]
        if code == 0:
            return []
    return [f"not done after {MOST_RUNS} runs"]


def _left_over(members: dict[int, str], parent: int) -> list[int]:
    end = time.monotonic() + GONE_WITHIN_S
    while True:
        left = [one for one in members if one != parent and _is_ours(one)]
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.05)


def _is_ours(process: int) -> bool:
    """Whether a process still runs, and its number is not another program's by now."""
    try:
        return "zombie" not in Path(f"/proc/{process}/status").read_text() and "grader" in Path(
            f"/proc/{process}/cmdline"
        ).read_text(errors="replace")
    except OSError:
        return False


def _compared(gradebook: Path, expected: bytes, number: int) -> list[str]:
    problems = [] if exported(gradebook) == expected else [f"class {number}: another export"]
    with sqlite3.connect(gradebook) as connection:
        (attempts,) = connection.execute("SELECT count(*) FROM attempts").fetchone()
        (doubled,) = connection.execute(
            "SELECT count(*) FROM (SELECT attempt FROM results WHERE is_undecided = 0"
            " GROUP BY attempt HAVING count(*) > 1)"
        ).fetchone()
        (broken,) = connection.execute("PRAGMA integrity_check").fetchone()
    if attempts != len(list(Path(gradebook.parent, "class").iterdir())):
        problems.append(f"class {number}: {attempts} attempts")
    problems += [f"class {number}: {doubled} doubled"] if doubled else []
    return problems + ([f"class {number}: {broken}"] if broken != "ok" else [])


def main() -> None:
    """Kill as often as asked and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", nargs="?", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        killed = kill_and_resume(Path(work), options.kills, options.seed)
    print(f"{killed.kills.total()} kills {dict(killed.kills)}, {killed.classes} classes marked to their end")
    print("\n".join(killed.problems) or "the same export each time, nothing lost, nothing doubled")
    sys.exit(bool(killed.problems))


if __name__ == "__main__":
    main()
