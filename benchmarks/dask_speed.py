"""How much faster two Dask workers mark a class than one: processes of one thread each, on this machine.

    python benchmarks/dask_speed.py [--code N] [--json N] [--rounds N]

The class is marked by `rnngrade batch --executor dask://...` with one worker and with two, in turn; each time
less what a class of one answer takes. The parent and the scheduler need a core too: the CPU seconds of the
parent say how much of it, and how far two workers can be faster on two cores.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from class_answers import ID, answers, exercise_text, json_answers, write
from dask_cluster import dask_cluster


def seconds(folder: Path, exercise: Path, address: str) -> tuple[float, float]:
    """Wall seconds of a class, and the CPU seconds of `batch` itself.

    Args:
        folder: The class.
        exercise: Its exercise file.
        address: Of the scheduler, HOST:PORT.
    """
    with tempfile.TemporaryDirectory() as kept:
        command = [sys.executable, "-m", "rnngrade", "batch", str(folder), "--exercise", str(exercise)]
        command += ["--gradebook", str(Path(kept, "class.db")), "--executor", f"dask://{address}"]
        before, started = os.times(), time.monotonic()
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        wall, after = time.monotonic() - started, os.times()
    return wall, after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Print a line for each class."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--code", type=int, default=500, help="submissions of answer.py")
    parser.add_argument("--json", type=int, default=5000, help="submissions of JSON")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        exercise = work / f"{ID}.toml"
        exercise.write_text(exercise_text(), encoding="utf-8")
        clusters = []
        for n_workers in (1, 2):
            place = work / f"cluster{n_workers}"
            place.mkdir()
            clusters.append(stack.enter_context(dask_cluster(place, n_workers)).address)
        print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}\n")
        print("| class | one worker, s | two workers, s | times as fast | CPU s of batch itself |")
        print("|---|---|---|---|---|")
        made = {"answer.py": answers(options.code, 1, 0), "JSON": json_answers(options.json)}
        for name, handed_in in made.items():
            written = write(work / name, handed_in)
            alone = work / f"{name}-alone"
            write(alone, iter(written[:1]))
            walls: list[list[float]] = [[], []]
            parents = []
            for _ in range(options.rounds):
                for at, address in enumerate(clusters):
                    start, _ = seconds(alone, exercise, address)
                    wall, parent = seconds(work / name, exercise, address)
                    walls[at].append(wall - start)
                    parents.append(parent)
            one, two = map(statistics.median, walls)
            faster = f"{one / two:.2f}"
            print(
                f"| {len(written):,} x {name} | {one:.1f} | {two:.1f} | {faster} "
                f"| {statistics.median(parents):.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
