"""How long a command takes beside what it cannot do without, run in turn: wall and CPU seconds.

    python benchmarks/start_up.py [PAIRS | --memory]

`--help` beside a program of click with one command; `submit` beside `import numpy`, and as a floor an
interpreter that does nothing. CPU includes the sandbox's. Wants an idle machine: beside others the threads
that numpy starts for BLAS wait for each other, and what it takes says nothing. `--memory` prints the most
that a command, or one process that it waits for, holds at any time.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
ANSWERS = ROOT / "submissions_example" / "mit-6390-recitation-8"
ONE_COMMAND = """
import click
@click.group()
def main(): 'A program.'
@main.command()
@click.argument('name')
def hello(name): 'Say hello.'
main()
"""
CLICK = [sys.executable, "-c", ONE_COMMAND, "--help"]
NUMPY = [sys.executable, "-c", "import numpy"]
OURS = [sys.executable, "-m", "rnngrade"]
PAIRS = {
    "python -c pass / numpy": ([sys.executable, "-c", "pass"], NUMPY),
    "--help / click's": ([*OURS, "--help"], CLICK),
    "submit .py / numpy": ([*OURS, "submit", str(ANSWERS / "amara.py")], NUMPY),
    "submit .json / numpy": ([*OURS, "submit", str(ANSWERS / "dmitri.json")], NUMPY),
}


def seconds(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of one run."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    started, before = time.perf_counter(), os.times()
    subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, check=False
    )
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - started, cpu


def row(name: str, values: list[float]) -> str:
    """Median, least and most."""
    return f"{name:32} {statistics.median(values):6.3f} {min(values):6.3f} {max(values):6.3f}"


def peak_mib(command: list[str]) -> float:
    """The largest resident set of a process, or of one that it waits for."""
    printing = "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    code = f"import resource, subprocess; subprocess.run({command!r}, stdout=subprocess.DEVNULL); {printing}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Print a table."""
    if sys.argv[1:] == ["--memory"]:
        for name, (ours, _) in PAIRS.items():
            print(f"{name.partition(' /')[0]:32} {peak_mib(ours):6.1f} MiB")
        return
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    print(f"{'':32} median  least   most   ({pairs} pairs)")
    for name, (ours, others) in PAIRS.items():
        seconds(ours), seconds(others)  # the first run compiles and fills the disk's cache
        found = [(seconds(ours), seconds(others)) for _ in range(pairs)]
        for index, what in enumerate(("wall", "CPU")):
            print(row(f"{name} {what} s", [one[index] for one, _ in found]))
            print(row(f"{name} {what} ratio", [one[index] / other[index] for one, other in found]))


if __name__ == "__main__":
    main()
