"""Mark a made-up class and compare with what an instructor would use instead.

    python benchmarks/class.py [COUNT] [--jobs N] [--peers PYTHON]

COUNT students (2,000 if left out), 5 % of them hostile or broken, as a user marks them: `rnngrade batch` in a
process of its own. Then the same without hostile ones, and JSON answers without code. Every mark is held
against what must come out; the memory of the marking process is read from the kernel.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from class_answers import ID, ClassSubmission, answers, exercise_text, json_answers, write
from class_peers import seconds_each

PEER_COUNT = 20
SAMPLE_S = 0.5


class Run(NamedTuple):
    """One run of `rnngrade batch`.

    Args:
        seconds: Wall time, start-up and all.
        code: Exit code.
        cpu_s: CPU time of all its processes.
        memory_mib: Of the marking process: at a quarter of the time, at the end, and at most.
    """

    seconds: float
    code: int
    cpu_s: float
    memory_mib: tuple[float, float, float]


def run_batch(folder: Path, exercise: Path, gradebook: Path, jobs: int) -> Run:
    """Mark a folder.

    Args:
        folder: The class.
        exercise: Its exercise file.
        gradebook: Where results go.
        jobs: Worker processes.
    """
    command = [sys.executable, "-m", "grader", "batch", str(folder), "--exercise", str(exercise)]
    command += ["--gradebook", str(gradebook), "--jobs", str(jobs)]
    before = _cpu_s()
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    samples, most = [], 0.0
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text() if process.poll() is None else ""
        sizes = {line.split(":")[0]: line.split()[1] for line in status.splitlines() if "kB" in line}
        if "VmRSS" in sizes:
            samples.append(int(sizes["VmRSS"]) / 1024)
            most = max(most, int(sizes["VmHWM"]) / 1024)
        time.sleep(SAMPLE_S)
    seconds = time.monotonic() - started
    memory_mib = (samples[len(samples) // 4], samples[-1], most)
    return Run(seconds, process.returncode, _cpu_s() - before, memory_mib)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def wrong_marks(gradebook: Path, submissions: list[ClassSubmission]) -> list[str]:
    """Students whose marks are not what must come out.

    Args:
        gradebook: Where results are.
        submissions: The class.
    """
    command = [sys.executable, "-m", "grader", "gradebook", "export", "--gradebook", str(gradebook)]
    exported = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    found = {
        record["student"]: {name: mark["fraction"] for name, mark in record["questions"].items()}
        for record in exported
    }
    assert len(found) == len(exported)
    return [
        f"{one.student} ({one.kind}): {found.get(one.student)}"
        for one in submissions
        if found.get(one.student) != one.fractions
    ] + sorted(found.keys() - {one.student for one in submissions})


def main() -> None:
    """Run all of it and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=2000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--peers", help="An interpreter with numpy, gradescope-utils and pytest.")
    parser.add_argument("--only", help="A word of the kind of class to run.", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        exercise = Path(work, f"{ID}.toml")
        exercise.write_text(exercise_text(), encoding="utf-8")
        kinds = {
            "5 % hostile or broken": answers(options.count),
            "full answer.py, no hostile": answers(options.count, seed=1, hostile_every=0),
            "JSON, no code": json_answers(options.count),
        }
        runs = {}
        for number, (kind, made) in enumerate(kinds.items()):
            if options.only not in kind:
                continue
            folder = Path(work, str(number))
            submissions = write(folder, made)
            gradebook = Path(work, f"{number}.db")
            run = run_batch(folder, exercise, gradebook, options.jobs)
            wrong = wrong_marks(gradebook, submissions)
            runs[kind] = run
            quarter, end, most = run.memory_mib
            print(
                f"{kind}: {options.count} in {run.seconds:.1f} s, {options.count / run.seconds:.0f}/s, "
                f"{run.cpu_s / options.count * 1000:.1f} ms of CPU each, exit {run.code}, "
                f"{len(wrong)} wrong marks; parent {quarter:.0f} MiB at a quarter, {end:.0f} at the end, "
                f"{most:.0f} at most",
                flush=True,
            )
            for line in wrong[:20]:
                print(f"  WRONG {line}")
        full = runs.get("full answer.py, no hostile")
        if options.peers and full:
            compare(full, options.count, options.peers, sorted(Path(work, "1").iterdir()))
        else:
            print("not compared with peers: give --peers PYTHON, and mark answer.py files")


def compare(run: Run, count: int, python: str, files: list[Path]) -> None:
    """Mark some of the same answers with peers, and print how much longer they take.

    Args:
        run: Ours.
        count: Of submissions in it.
        python: An interpreter that has them.
        files: The answers.
    """
    for peer in ("gradescope-utils", "pytest"):
        each = seconds_each(peer, python, files[:PEER_COUNT])
        wall, cpu = each.wall_s * count / run.seconds, each.cpu_s * count / run.cpu_s
        print(
            f"{peer}: {1 / each.wall_s:.1f}/s, {each.cpu_s * 1000:.0f} ms of CPU each; "
            f"it takes {wall:.0f} x our wall time, {cpu:.0f} x our CPU"
        )


if __name__ == "__main__":
    main()
