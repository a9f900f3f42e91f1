"""Runs the hostile corpus in one sandbox and prints what it did, one JSON object a line.

A program of its own, so that it can be run as another user and its memory be measured:
`python tests/hostile/corpus.py --level full`. All attacks stay on this machine and end by themselves.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import random
import re
import secrets
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))
sys.path.insert(0, str(HERE))

import msgspec  # noqa: E402
import numpy as np  # noqa: E402
from hostile_files import HOSTILE_FILES  # noqa: E402

from grader.errors import SandboxError  # noqa: E402
from grader.model.exercise import Limits  # noqa: E402
from grader.model.run import (  # noqa: E402
    Call,
    Read,
    RunResult,
)
from grader.model.submission import AnswerFile, Submission  # noqa: E402
from grader.model.value import Array, Fields, Items, Number, Text, Value  # noqa: E402
from grader.sandbox import Sandbox  # noqa: E402
from grader.sandbox.host.turns import Turns  # noqa: E402

PROGRAMS = HERE / "programs"
LIMITS = Limits(load_cpu_s=0.4, call_cpu_s=0.3, wall_s=8.0, memory_mib=192, output_kib=16)
INSTANCES = 3
ESCAPES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Program:
    """One program of the corpus, with what its header says."""

    name: str
    source: bytes

    def header(self, word: str, default: str) -> str:
        found = re.search(rf"^# {word}: (.+)$", self.source.decode("utf-8", "replace"), re.M)
        return found[1] if found else default


@dataclass(frozen=True)
class Machine:
    """What the attacks aim at: all of it made for them."""

    secret: str
    folder: Path
    names: dict[str, str | int]

    def argument(self) -> Value:
        def plain(value: str | int) -> Value:
            return Text(value) if isinstance(value, str) else Number(str(value), "int")

        return Fields({name: plain(value) for name, value in self.names.items()})

    def marks(self) -> Iterator[Path]:
        """Where an attack might have left something."""
        for folder in (self.folder, Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"), Path("/"), library()):
            yield from folder.glob(f"*{self.names['mark']}*")


def library() -> Path:
    return Path(np.__file__).parent.parent


@contextmanager
def machine() -> Iterator[Machine]:
    """A folder with a secret and a victim, servers on the loopback, shared memory; gone afterwards."""
    secret, mark = "token-" + secrets.token_hex(8), "hostile-" + secrets.token_hex(4)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rnngrade-hostile-")))
        folder.chmod(0o777)
        for name in ("secret.txt", "victim.txt"):
            (folder / name).write_text(secret)
            (folder / name).chmod(0o666)
        os.environ["RNNGRADE_SECRET"] = secret
        tcp = serve(stack, socket.AF_INET, ("127.0.0.1", 0), secret)
        serve(stack, socket.AF_UNIX, "\0" + mark, secret)
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        names: dict[str, str | int] = {
            "secret": str(folder / "secret.txt"),
            "secret_name": "secret.txt",
            "victim": str(folder / "victim.txt"),
            "folder": str(folder),
            "library": str(library()),
            "repository": str(HERE.parent.parent),
            "mark": mark,
            "pid": os.getpid(),
            "node": os.uname().nodename,
            "tcp": tcp,
            "udp": udp.getsockname()[1],
            "abstract": mark,
            "shared_key": shared_memory(stack),
        }
        made = Machine(secret, folder, names)
        yield made
        for path in made.marks():
            if path.is_file():
                path.unlink()


def serve(stack: ExitStack, family: int, address: Any, secret: str) -> int:
    """Answer every connection with the secret."""
    server = stack.enter_context(socket.socket(family))
    server.bind(address)
    server.listen()

    def answer() -> None:
        while True:
            try:
                connection, _ = server.accept()
                with connection:
                    connection.sendall(secret.encode())
            except OSError:
                return

    threading.Thread(target=answer, daemon=True).start()
    name = server.getsockname()
    return int(name[1]) if family == socket.AF_INET else 0


def shared_memory(stack: ExitStack) -> int:
    """A segment of System V shared memory that everybody may read; its key."""
    libc = ctypes.CDLL(None)
    key = random.SystemRandom().randrange(1, 2**31 - 1)
    segment = libc.shmget(key, 4096, 0o1666)  # IPC_CREAT
    stack.callback(libc.shmctl, segment, 0, None)  # IPC_RMID
    return key


def instances(seed: int) -> list[np.ndarray]:
    return list(np.random.default_rng(seed).normal(size=(INSTANCES, 5)))


def vector(x: np.ndarray) -> Array:
    return Array("<f8", x.shape, x.astype("<f8").tobytes())


def is_right(value: Value, x: np.ndarray) -> bool:
    """The mark of one call: the running sum of x, and nothing else."""
    if isinstance(value, Items):
        if not all(isinstance(item, Number) and item.kind in ("int", "float") for item in value.items):
            return False
        got = np.array([float(item.text) for item in value.items])  # type: ignore[union-attr]
    elif isinstance(value, Array) and value.dtype == "<f8":
        got = np.frombuffer(value.data, value.dtype).reshape(value.shape)
    else:
        return False
    return (
        got.shape == x.shape
        and bool(np.isfinite(got).all())
        and bool((abs(got - np.cumsum(x)) <= 1e-9).all())
    )


class Corpus:
    """One sandbox and the attacks on it."""

    def __init__(self, sandbox: Sandbox, machine: Machine, is_together: bool, turns: Turns) -> None:
        self.sandbox = sandbox
        self.turns = turns
        self.machine = machine
        self.is_together = is_together

    def run(self, files: Sequence[AnswerFile], seed: int, limits: Limits) -> tuple[RunResult, float]:
        calls = [
            Call(
                question="f",
                function=(("f",),),
                args=(vector(x),),
                times=1,
                cpu_s=limits.call_cpu_s,
                is_independent=self.is_together,
            )
            for x in instances(seed)
        ]
        attack = Call(
            question="attack",
            function=(("attack",),),
            args=(self.machine.argument(),),
            cpu_s=limits.call_cpu_s,
        )
        submission = Submission(student="eve", files=tuple(files), digest="sha256:0")
        with self.turns.place() as place:
            result = self.sandbox.run(submission, [Read("value"), *calls, attack], limits, place)
        right = [
            bool(reading.results) and is_right(reading.results[0], x)
            for reading, x in zip(result.calls, instances(seed), strict=False)
        ]
        return result, sum(right) / len(right)

    def program(self, program: Program) -> dict[str, Any]:
        """One program's doings."""
        limits = msgspec.structs.replace(LIMITS, wall_s=float(program.header("wall", str(LIMITS.wall_s))))
        return {
            "name": program.name,
            "expected_mark": float(program.header("mark", "0")),
            "promised": self.promised(program),
            **self.observe([AnswerFile("answer.py", program.source)], limits),
        }

    def promised(self, program: Program) -> str:
        """The level that promises to stop it; "nothing" where it only sees calls that come together."""
        by_level = program.header("promised by", "all")
        return program.header("promised together", by_level) if self.is_together else by_level

    def file(self, title: str) -> dict[str, Any]:
        """What one hostile file does."""
        name, build = HOSTILE_FILES[title]
        return {
            "name": title,
            "expected_mark": 0.0,
            "promised": "all",
            **self.observe([AnswerFile(name, build())], LIMITS),
        }

    def observe(self, files: Sequence[AnswerFile], limits: Limits) -> dict[str, Any]:
        """Run, and look at everything that must not have changed."""
        before = state_of(self.machine.folder)
        started = time.monotonic()
        try:
            result, mark = self.run(files, random.SystemRandom().randrange(2**31), limits)
        except SandboxError as error:
            return {"broken": str(error), "neighbour": self.neighbour()}
        got = [v.text for v in result.calls[-1].results if isinstance(v, Text) and v.text.startswith("GOT")]
        sent = msgspec.json.encode(result).decode("utf-8")
        return {
            "mark": mark,
            "got": got,
            "leaked": self.machine.secret in sent,
            "changed": state_of(self.machine.folder) != before or any(map(str, self.machine.marks())),
            "dirty": bool(ESCAPES.search(sent)),
            "faults": [f.kind for f in result.faults] + [c.fault.kind for c in result.calls if c.fault],
            "cpu_s": result.usage.cpu_s,
            "rss_mib": result.usage.max_rss_mib,
            "wall_s": time.monotonic() - started,
            "neighbour": self.neighbour(),
        }

    def neighbour(self) -> float:
        """The mark of a harmless answer right afterwards."""
        source = (PROGRAMS / "control_plain.py").read_bytes()
        try:
            return self.run([AnswerFile("answer.py", source)], 7, LIMITS)[1]
        except SandboxError:
            return 0.0


def state_of(folder: Path) -> list[tuple[object, ...]]:
    """Every file's name, content, mode, owner and time."""
    found: list[tuple[object, ...]] = []
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        times = (status.st_mtime_ns, status.st_ctime_ns)
        found.append(
            (path.name, path.read_bytes() if path.is_file() else b"", status.st_mode, status.st_uid, times)
        )
    return found


def descendants() -> set[int]:
    """Processes below this one, and those that have left it but run the program inside."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(text.rpartition(")")[2].split()[1])
    found = {os.getpid()}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return found - {os.getpid()}
        found |= more


def peak_memory_mib() -> float:
    """What this program used at most; getrusage would also count its parent's before exec."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"^VmHWM:\s*(\d+) kB", status, re.M)
    assert found is not None, "the kernel gives no peak memory"
    return int(found[1]) / 1024


def main() -> None:
    """Run what the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--level", default="full")
    parser.add_argument("--off", default="", help="layers to switch off, comma-separated")
    parser.add_argument("--only", default="", help="programs, comma-separated")
    parser.add_argument("--shuffle", type=int, default=0)
    parser.add_argument("--together", action="store_true", help="send a question's calls at once")
    parser.add_argument("--lanes", action="store_true", help="as where several are in flight")
    chosen = parser.parse_args()
    turns = Turns(2 if chosen.lanes else 1, on_room=lambda: None, has_memory=lambda: True)
    off = tuple(name for name in chosen.off.split(",") if name)
    only = {name for name in chosen.only.split(",") if name}
    programs = [Program(path.stem, path.read_bytes()) for path in sorted(PROGRAMS.glob("*.py"))]
    programs = [p for p in programs if p.header("machine", os.uname().machine) == os.uname().machine]
    jobs: list[Program | str] = [p for p in programs if not only or p.name in only]
    jobs += [] if only else list(HOSTILE_FILES)
    random.Random(chosen.shuffle).shuffle(jobs)
    with machine() as target:
        others = descendants()
        with Sandbox(level=chosen.level, off=off) as sandbox:
            protection = sandbox.protection()
            corpus = Corpus(sandbox, target, chosen.together, turns)
            corpus.neighbour()
            own = descendants()
            for job in jobs:
                outcome = corpus.program(job) if isinstance(job, Program) else corpus.file(job)
                print(json.dumps(outcome), flush=True)
            left = descendants() - own
        rest = descendants() - others
        print(
            json.dumps(
                {
                    "level": protection.level,
                    "layers": protection.layers,
                    "uid": os.getuid(),
                    "left": sorted(left),
                    "rest": sorted(rest),
                    "grader_rss_mib": peak_memory_mib(),
                }
            )
        )


if __name__ == "__main__":
    main()
