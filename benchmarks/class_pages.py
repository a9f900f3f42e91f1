"""Write a class of the example class's answers as pages, and tell how long it takes and how large they are.

    python benchmarks/class_pages.py [COUNT] [--exercise ID]

COUNT students (500 if left out), each with one of the answers of the example class. They are marked first,
which is not counted; then `rnngrade report` runs in a process of its own, with every hint, so that pages hold
formulas and bring the font for them along.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "submissions_example"
LARGEST_PAGE = 150_000
"""Bytes of a student's page, its font included."""


def hand_in(exercise: str, count: int, folder: Path) -> None:
    """Lay down a class.

    Args:
        exercise: Of which example class.
        count: Of students.
        folder: Is made.
    """
    folder.mkdir()
    answers = itertools.cycle(sorted((EXAMPLES / exercise).iterdir()))
    for number, answer in zip(range(count), answers, strict=False):
        target = folder / f"{answer.stem}{number:04}{answer.suffix}"
        if answer.is_dir():
            shutil.copytree(answer, target)
        else:
            shutil.copy(answer, target)


def rnngrade(*arguments: str | Path) -> float:
    """Run the program.

    Args:
        arguments: Of the command line.

    Returns:
        Wall time in seconds, start-up and all.
    """
    started = time.monotonic()
    subprocess.run([sys.executable, "-m", "grader", *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


def main() -> None:
    """Make the class, its pages, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=500)
    parser.add_argument("--exercise", default="ntu-cz4042-tutorial-8")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder, book, pages = (Path(work, name) for name in ("class", "book.db", "pages"))
        hand_in(options.exercise, options.count, folder)
        rnngrade("batch", folder, "--exercise", options.exercise, "--gradebook", book)
        seconds = rnngrade("report", pages, "--gradebook", book, "--hints", "99")
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        sizes = sorted(path.stat().st_size for path in (pages / "students").iterdir())
        index = (pages / "index.html").stat().st_size
    assert len(sizes) == options.count
    print(
        f"{options.exercise}: {len(sizes)} pages in {seconds:.1f} s; a student's page has "
        f"{sizes[len(sizes) // 2] / 1000:.0f} kB in the middle and {sizes[-1] / 1000:.0f} kB at most, "
        f"the index {index / 1000:.0f} kB; {used.ru_maxrss / 1024:.0f} MiB at most"
    )
    if sizes[-1] > LARGEST_PAGE:
        raise SystemExit(f"a student's page is larger than {LARGEST_PAGE / 1000:.0f} kB")


if __name__ == "__main__":
    main()
