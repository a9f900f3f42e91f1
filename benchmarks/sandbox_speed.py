"""How fast answers go through the sandbox, beside what others do for each answer.

    python benchmarks/sandbox_speed.py [--rounds 30] [--peers PYTHON]

All contenders do the same work, taken in turn in every round, so that a busy minute hits all alike:

- sandbox: the zygote with all isolation that this machine has; "no isolation" is the same with limits only.
- warm fork: a bare fork of a process that has numpy imported; no limits, no isolation, nobody watching.
- fresh numpy: `python -c 'import numpy'`, without any work.
- gradescope-utils, pytest: a process each that runs the checks of `benchmarks/sandbox_peers/`. Only for this:
  `python -m venv peers && peers/bin/pip install numpy gradescope-utils pytest`, then
  `--peers peers/bin/python`.

CPU is that of all processes together: grader, zygote and child.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))


from grader.model.exercise import Limits
from grader.model.run import Call, Probe, Read
from grader.model.submission import AnswerFile, Submission
from grader.model.value import Array, Value
from grader.sandbox import Sandbox
from grader.sandbox.host.job import Job
from grader.sandbox.host.process import ENVIRONMENT, INSIDE
from grader.sandbox.host.readings import Readings
from grader.sandbox.inside.messages import LENGTH

PEERS = Path(__file__).parent / "sandbox_peers"
ANSWER = (PEERS / "answer.py").read_bytes()
COUNT = 20
T, N_IN, N_H, N_OUT = 10, 3, 4, 2


class Cost(NamedTuple):
    """Milliseconds of one run."""

    wall_ms: float
    cpu_ms: float


class Work(NamedTuple):
    """What is asked of an answer."""

    name: str
    functions: tuple[str, ...]
    reads_weights: bool


WORKS = (
    Work("four matrices, elman and jordan on 20 instances each", ("elman", "jordan"), True),
    Work("elman on 20 instances", ("elman",), False),
)


def instance(seed: int, is_jordan: bool) -> dict[str, np.ndarray]:
    """Arguments of one call."""
    rng = np.random.default_rng(seed)
    sizes = {"x": (T, N_IN), "U": (N_IN, N_H), "W": (N_OUT if is_jordan else N_H, N_H), "V": (N_H, N_OUT)}
    return {name: rng.normal(size=size) for name, size in {**sizes, "b": (N_H,), "c": (N_OUT,)}.items()}


def plain(array: np.ndarray) -> Value:
    """An argument as it is handed to a probe."""
    return Array("<f8", array.shape, array.tobytes())


def probes(work: Work) -> list[Probe]:
    """The work as the sandbox is asked."""
    asked: list[Probe] = [Read("b_i")] if work.reads_weights else []
    for name in work.functions:
        for seed in range(COUNT):
            arguments = tuple(plain(array) for array in instance(seed, name == "jordan").values())
            asked.append(Call(question=name, function=((name,),), args=arguments))
    return asked


def submission() -> Submission:
    """The answer."""
    return Submission(student="ada", files=(AnswerFile("answer.py", ANSWER),), digest="sha256:0")


def zygote_cpu_s(sandbox: Sandbox) -> float:
    """CPU seconds of the zygote without its children; in a namespace it is a child of what was started."""
    assert sandbox._zygote is not None
    outer = sandbox._zygote.pid
    inner = Path(f"/proc/{outer}/task/{outer}/children").read_text().split()
    return sum(time.clock_gettime((~int(pid) << 3) | 2) for pid in [outer, *inner])


def through(sandbox: Sandbox, work: Work) -> Callable[[], Cost]:
    """One answer through a sandbox."""
    asked, answer, limits = probes(work), submission(), Limits()

    def run() -> Cost:
        wall, cpu, zygote = time.perf_counter(), time.process_time(), zygote_cpu_s(sandbox)
        result = sandbox.run(answer, asked, limits)
        wall = time.perf_counter() - wall
        assert not result.faults
        assert all(reading.fault is None for reading in result.calls)
        cpu = time.process_time() - cpu + zygote_cpu_s(sandbox) - zygote + result.usage.cpu_s
        return Cost(wall * 1e3, cpu * 1e3)

    return run


def program(*arguments: str, cwd: str, env: dict[str, str]) -> Callable[[], Cost]:
    """A process of its own for each answer."""

    def run() -> Cost:
        before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(arguments, cwd=cwd, env=env, capture_output=True, check=False)
        wall = time.perf_counter() - wall
        assert done.returncode == 0, done.stdout[-500:] + done.stderr[-500:]
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Cost(wall * 1e3, cpu * 1e3)

    return run


def warm_fork(stack: ExitStack, work: Work, folder: str) -> Callable[[], Cost]:
    """A fork of a warm process that does the work and nothing else."""
    readings = Readings(submission(), probes(work))
    job = Job(readings.code_files, readings.reads, readings.calls, Limits(), Limits().wall_s)
    requests: list[object] = [job.first_request]
    left = job.calls
    while left:
        count, request = job.asked.next_request(left)
        requests.append(request)
        left = left[count:]
    bodies = map(msgspec.json.encode, requests)
    path = Path(folder, "requests")
    path.write_bytes(b"".join(LENGTH.pack(len(body)) + body for body in bodies))
    libraries = str(Path(np.__file__).parent.parent)
    process = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-P", "-s", "-S", str(PEERS / "warm_fork.py"), str(INSIDE), str(path)],
            env={**ENVIRONMENT, "PYTHONPATH": libraries},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    )

    def run() -> Cost:
        assert process.stdin is not None
        assert process.stdout is not None
        wall = time.perf_counter()
        process.stdin.write("\n")
        process.stdin.flush()
        cpu_s = float(process.stdout.readline())
        return Cost((time.perf_counter() - wall) * 1e3, cpu_s * 1e3)

    return run


def peers(stack: ExitStack, work: Work, python: str, folder: str) -> dict[str, Callable[[], Cost]]:
    """gradescope-utils and pytest, where the interpreter has them."""
    arrays: dict[str, object] = {"count": COUNT, "functions": list(work.functions)}
    if work.reads_weights:
        arrays["weights"] = 1
    namespace: dict[str, Callable[..., np.ndarray]] = {}
    exec(ANSWER, namespace)
    for name in work.functions:
        for number in range(COUNT):
            arguments = instance(number, name == "jordan")
            arrays |= {f"{name}_{number}_{part}": array for part, array in arguments.items()}
            arrays[f"{name}_{number}_y"] = namespace[name](*arguments.values())
    for path in PEERS.glob("*.py"):
        Path(folder, path.name).write_bytes(path.read_bytes())
    np.savez(Path(folder, "instances.npz"), **arrays)  # type: ignore[arg-type]
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    commands = {
        "gradescope-utils": ("gradescope_utils", ["run_gradescope.py"]),
        "pytest": ("pytest", ["-m", "pytest", "-q", "-p", "no:cacheprovider", "suite_for_pytest.py"]),
    }
    found = {}
    for name, (module, arguments) in commands.items():
        if (
            subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode
            == 0
        ):
            found[name] = program(python, *arguments, cwd=folder, env=env)
        else:
            print(f"NOT MEASURED: {name}: {python} does not have it")
    return found


def measure(work: Work, rounds: int, python: str) -> dict[str, Cost]:
    """The median cost for each contender, measured in turn."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        full = stack.enter_context(Sandbox())
        bare = stack.enter_context(Sandbox(level="limits"))
        print(f"\n{work.name} (sandbox: {full.protection().level})")
        fresh = [sys.executable, "-c", "import numpy"]
        runs = {
            "sandbox": through(full, work),
            "sandbox, no isolation": through(bare, work) if bare.jail_report() else through(full, work),
            "warm fork": warm_fork(stack, work, folder),
            "fresh numpy, no work": program(
                *fresh, cwd=folder, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}
            ),
            **peers(stack, work, python, folder),
        }
        costs: dict[str, list[Cost]] = {name: [] for name in runs}
        for number in range(rounds + 2):
            for name, run in runs.items():
                cost = run()
                if number >= 2:
                    costs[name].append(cost)
    return {
        name: Cost(*(statistics.median(values) for values in zip(*found, strict=True)))
        for name, found in costs.items()
    }


def one_worker(seconds: float) -> int:
    """How many elman-only answers one process gets through."""
    work, limits, answer = probes(WORKS[1]), Limits(), submission()
    with Sandbox() as sandbox:
        sandbox.run(answer, work, limits)
        end, count = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            sandbox.run(answer, work, limits)
            count += 1
    return count


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument(
        "--peers", default=sys.executable, help="an interpreter with gradescope-utils and pytest"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")
    chosen = parser.parse_args()
    print(f"load average before: {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    figures: dict[str, object] = {}
    for work in WORKS:
        costs = measure(work, chosen.rounds, chosen.peers)
        base = costs["sandbox"]
        print(f"{'':24}{'wall ms':>9}{'CPU ms':>9}{'wall':>8}{'CPU':>8}")
        for name, cost in costs.items():
            ratios = f"{cost.wall_ms / base.wall_ms:7.1f}x{cost.cpu_ms / base.cpu_ms:7.1f}x"
            print(f"{name:24}{cost.wall_ms:9.2f}{cost.cpu_ms:9.2f}{ratios}")
        isolation, all_of_it = (
            base.cpu_ms - costs[name].cpu_ms for name in ("sandbox, no isolation", "warm fork")
        )
        print(f"CPU for the isolation alone: {isolation:.2f} ms")
        print(f"CPU over a bare warm fork, with watching, capturing and decoding: {all_of_it:.2f} ms")
        figures[work.name] = {name: cost._asdict() for name, cost in costs.items()}
    with ProcessPoolExecutor(chosen.workers) as pool:
        counts = list(pool.map(one_worker, [chosen.seconds] * chosen.workers))
    rate = sum(counts) / chosen.seconds
    print(f"\n{chosen.workers} workers, {WORKS[1].name}: {rate:.0f} answers/s")
    figures["answers_per_s"] = rate
    if chosen.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
