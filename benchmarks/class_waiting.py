"""What one in twenty that sleeps, loops, or does both in turn costs the others of a class.

    python benchmarks/class_waiting.py [--students N] [--rounds N] [--jobs N] [--only WORDS]

All classes are marked in turn in every round, each by `rnngrade batch` in a process of its own. The rate is
that of the honest answers, from the first mark that is kept until all of them have theirs. The last mark of
all cannot come sooner than the limits of the hostile ones allow: wall seconds for what sleeps; for what loops
its CPU seconds, one after the other on each core.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from class_answers import ID, QUICK, ClassSubmission, answers, exercise_text, write

EVERY = 20
LOOK_S = 0.02
HOSTILE_KIND = "hostile"
HOSTILE = {
    "honest": "",
    "5 % sleep": "import time\ntime.sleep(3600)\n",
    "5 % loop": "while True:\n    pass\n",
    "5 % loop and sleep in turn": (
        "import time\nwhile True:\n    time.sleep(0.1)\n    until = time.monotonic() + 0.1\n"
        "    while time.monotonic() < until:\n        pass\n"
    ),
}


class Marked(NamedTuple):
    """How fast one class was marked.

    Args:
        rate: Honest answers a second.
        last_s: Seconds from the first mark to the last.
    """

    rate: float
    last_s: float


def with_hostile(made: Iterable[ClassSubmission], program: str) -> Iterator[ClassSubmission]:
    """The class with one in twenty that is hostile; none where there is no program.

    Args:
        made: The others.
        program: The code that it submits.
    """
    for number, one in enumerate(made):
        is_hostile = program and number % EVERY == EVERY // 2
        data = f"{program}# {number}\n".encode()
        yield one._replace(kind=HOSTILE_KIND, data=data) if is_hostile else one


def n_marked(gradebook: Path, students: list[str]) -> int:
    """How many of these students have a mark by now."""
    try:
        with sqlite3.connect(f"file:{gradebook}?mode=ro", uri=True) as book:
            rows = book.execute(
                "SELECT student FROM attempts JOIN results ON results.attempt = attempts.id"
            ).fetchall()
    except sqlite3.OperationalError:
        return 0
    return len({student for (student,) in rows} & set(students))


def mark(folder: Path, exercise: Path, honest: list[str], jobs: int) -> Marked:
    """Mark a class and watch its gradebook.

    Args:
        folder: The class.
        exercise: Its exercise file.
        honest: Whose marks are waited for.
        jobs: Worker processes.
    """
    with tempfile.TemporaryDirectory() as kept:
        gradebook = Path(kept, "class.db")
        command = [sys.executable, "-m", "rnngrade", "batch", str(folder), "--exercise", str(exercise)]
        command += ["--gradebook", str(gradebook), "--jobs", str(jobs)]
        first: tuple[float, int] | None = None
        last: tuple[float, int] | None = None
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as batch:
            while batch.poll() is None:
                if last is None or last[1] < len(honest):
                    seen = (time.monotonic(), n_marked(gradebook, honest))
                    first = first or (seen if seen[1] else None)
                    last = seen
                time.sleep(LOOK_S)
        assert batch.returncode == 0
        assert first is not None
        assert last is not None
        # The last look may have come when all was done.
        seconds, count = last[0] - first[0], n_marked(gradebook, honest) - first[1]
        return Marked(count / seconds, time.monotonic() - first[0])


def main() -> None:
    """Mark all in turn and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--students", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limits", choices=("short", "default"), default="short", help="of the exercise")
    parser.add_argument("--only", default="", help="words of classes beside the honest one, by commas")
    options = parser.parse_args()
    marked_classes: dict[str, list[Marked]] = {}
    with tempfile.TemporaryDirectory() as work:
        exercise = Path(work, f"{ID}.toml")
        limits = QUICK if options.limits == "short" else ""
        exercise.write_text(exercise_text(limits), encoding="utf-8")
        classes = {}
        for name, program in HOSTILE.items():
            if name == "honest" or any(word in name for word in options.only.split(",")):
                made = with_hostile(answers(options.students, 1, 0), program)
                handed_in = write(Path(work, name.replace(" ", "-")), made)
                honest = [one.student for one in handed_in if one.kind != HOSTILE_KIND]
                classes[name] = (Path(work, name.replace(" ", "-")), exercise, honest)
        for _ in range(options.rounds):
            for name, (folder, file, honest) in classes.items():
                marked_classes.setdefault(name, []).append(mark(folder, file, honest, options.jobs))
    show(marked_classes, options.jobs)


def show(marked_classes: dict[str, list[Marked]], jobs: int) -> None:
    """Print the table.

    Args:
        marked_classes: Of each class in each round; the first is honest.
        jobs: Worker processes.
    """
    load = os.getloadavg()[0]
    print(f"{jobs} workers on {os.cpu_count()} cores, load average {load:.1f}; medians, least to most\n")
    print("| class | honest answers a second | of the honest rate | s to the last mark |\n|---|---|---|---|")
    base = [one.rate for one in next(iter(marked_classes.values()))]
    for name, marked in marked_classes.items():
        shares = [one.rate / rate for one, rate in zip(marked, base, strict=True)]
        cells = [
            f"{statistics.median(row):.{digits}f} ({min(row):.{digits}f} to {max(row):.{digits}f})"
            for row, digits in (
                ([one.rate for one in marked], 0),
                (shares, 2),
                ([one.last_s for one in marked], 1),
            )
        ]
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
