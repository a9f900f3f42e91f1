"""What a class costs by its size: marking, marking again with nothing new, exports, statistics, a regrade.

    python benchmarks/scale.py [COUNT ...] [--jobs N] [--zip] [--similar]

Lays COUNT JSON answers down (100, 1,000 and 10,000 if left out), one file a student, half of the answers
wrong and no two the same bytes, and runs each command in a process of its own. Printed are its wall seconds,
the CPU of all its processes, and the most memory that the process itself took, not its workers (VmHWM).
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from class_answers import ID, exercise_text, mixed_json_answers, write

SAMPLE_S = 0.02

SETTLED_S = 2.5
"""After which what was laid down is known again: what changed just now is read each time."""


class Cost(NamedTuple):
    """What one command took."""

    wall_s: float
    cpu_s: float
    most_mib: float


def measured(*arguments: str) -> Cost:
    """Run `rnngrade` with arguments.

    Args:
        arguments: As they are typed.
    """
    before, started, most = _cpu_s(), time.monotonic(), 0.0
    with tempfile.TemporaryFile() as errors:
        command = [sys.executable, "-m", "rnngrade", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        while process.poll() is None:
            most = max(most, _most_mib(process.pid))
            time.sleep(SAMPLE_S)
        errors.seek(0)
        assert process.returncode == 0, errors.read()[-2000:].decode("utf-8", "replace")
    return Cost(time.monotonic() - started, _cpu_s() - before, most)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _most_mib(process: int) -> float:
    """The most memory that a process ever took; 0 where it has just ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return max((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), default=0.0)


def class_of(work: Path, count: int, *, is_zip: bool) -> Path:
    """A class on the disk.

    Args:
        work: Where it goes.
        count: Of students.
        is_zip: Whether as one zip file, else as a folder.
    """
    if not is_zip:
        write(work / "class", mixed_json_answers(count))
        return work / "class"
    with zipfile.ZipFile(work / "class.zip", "w", zipfile.ZIP_DEFLATED) as file:
        for one in mixed_json_answers(count):
            file.writestr(one.name, one.data)
    return work / "class.zip"


def costs(work: Path, count: int, options: argparse.Namespace) -> Iterator[tuple[str, Cost]]:
    """Each command in its turn, with what it took.

    Args:
        work: For the class, its gradebook and what is exported.
        count: Of students.
        options: As typed.
    """
    exercise, made = work / f"{ID}.toml", class_of(work, count, is_zip=options.zip)
    exercise.write_text(exercise_text(), encoding="utf-8")
    time.sleep(SETTLED_S)
    book = ("--gradebook", str(work / "class.db"))
    batch = ("batch", str(made), "--exercise", str(exercise), "--jobs", str(options.jobs), *book)
    yield "batch", measured(*batch)
    yield "batch, nothing new", measured(*batch)
    for name in ("json", "csv"):
        export = ("gradebook", "export", "--format", name, "-o", str(work / f"marks.{name}"))
        yield f"export {name}", measured(*export, *book)
    yield "gradebook show", measured("gradebook", "show", *book)
    yield "stats --no-similar", measured("stats", "--no-similar", *book)
    if options.similar:
        yield "stats", measured("stats", *book)
    regrade = ("regrade", "--exercise", str(exercise), "--jobs", str(options.jobs), *book)
    yield "regrade, nothing changed", measured(*regrade)
    text = exercise_text()
    (changed,) = (part for part in text.split("[[question]]") if 'id = "q1b"\n' in part)
    exercise.write_text(text.replace(changed, changed.replace("points = ", "points = 1")), encoding="utf-8")
    yield "regrade, one question changed", measured(*regrade)


def main() -> None:
    """Print a table for each size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("counts", nargs="*", type=int, default=[100, 1000, 10_000])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--zip", action="store_true", help="the class is one zip file")
    parser.add_argument("--similar", action="store_true", help="compare submissions, too")
    options = parser.parse_args()
    print(f"{options.jobs} workers on {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}\n")
    print("| submissions | command | wall s | CPU s | ms CPU each | MiB of the process at most |")
    print("|---|---|---|---|---|---|")
    for count in options.counts:
        with tempfile.TemporaryDirectory() as work:
            for command, cost in costs(Path(work), count, options):
                each = cost.cpu_s / count * 1e3
                print(
                    f"| {count:,} | {command} | {cost.wall_s:.1f} | {cost.cpu_s:.1f} | {each:.2f} "
                    f"| {cost.most_mib:.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
