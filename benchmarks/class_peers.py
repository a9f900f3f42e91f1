"""The same work done by what an instructor would use instead, one process a submission as they prescribe.

Shapes; weights run on 20 random sequences; two sequences; elman and jordan on the sheet's instance and on 20
random ones each.
"""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

REFERENCE = """
import importlib.util, os
import numpy as np

spec = importlib.util.spec_from_file_location("answer", os.environ["ANSWER"])
answer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(answer)
rng = np.random.default_rng(0)


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def elman(x, U, W, V, b, c):
    h, ys = np.zeros(len(b)), []
    for now in x:
        h = np.tanh(now @ U + h @ W + b)
        ys.append(sigmoid(h @ V + c))
    return np.array(ys)


def jordan(x, U, W, V, b, c):
    y, ys = np.zeros(len(c)), []
    for now in x:
        y = sigmoid(np.tanh(now @ U + y @ W + b) @ V + c)
        ys.append(y)
    return np.array(ys)


def instances(feeds_back_output):
    for _ in range(21):
        T, n_in, n_h, n_out = rng.integers(1, 6, 4)
        rows = n_out if feeds_back_output else n_h
        sizes = (T, n_in), (n_in, n_h), (rows, n_h), (n_h, n_out), (n_h,), (n_out,)
        yield [rng.normal(size=size) for size in sizes]


def check_shapes():
    assert tuple(answer.a_i["Wss"]) == (2, 2) and tuple(answer.a_i["Wsx"]) == (2, 3)
    assert tuple(answer.a_i["Wo"]) == (4, 2) and tuple(answer.a_i["z1"]) == (2, 1)


def check_weights():
    w = {name: np.array(value, float) for name, value in answer.b_i.items()}
    for _ in range(20):
        s, total = w["s0"], 0.0
        for x in rng.integers(-5, 6, (6, 3)):
            s = w["Wss"] @ s + w["Wsx"] @ x
            total += x.sum()
            assert np.allclose(w["Wo"] @ s, [x[0], 0, 0, total])


def check_q1a():
    assert np.allclose(answer.q1a, [0.27, 0.73, 0.94, 0.11], atol=0.006)


def check_q1b():
    assert np.allclose(answer.q1b, [0.27, 0.71, 0.96, 0.16], atol=0.006)


def check_elman():
    for case in instances(False):
        assert np.allclose(answer.elman(*case), elman(*case))


def check_jordan():
    for case in instances(True):
        assert np.allclose(answer.jordan(*case), jordan(*case))
"""
NAMES = ("shapes", "weights", "q1a", "q1b", "elman", "jordan")
PYTEST = REFERENCE + "".join(f"\n\ndef test_{name}():\n    check_{name}()\n" for name in NAMES)
GRADESCOPE = (
    REFERENCE
    + """
import unittest
from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner


class Tests(unittest.TestCase):
"""
    + "".join(f"    @weight(1)\n    def test_{name}(self):\n        check_{name}()\n\n" for name in NAMES)
    + """

with open(os.environ["RESULTS"], "w") as f:
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Tests)
    JSONTestRunner(visibility="visible", stream=f).run(suite)
"""
)


class Each(NamedTuple):
    """What one submission takes, in seconds."""

    wall_s: float
    cpu_s: float


def seconds_each(peer: str, python: str, answer_files: list[Path]) -> Each:
    """What a submission takes, two processes at a time.

    Args:
        peer: "pytest" or "gradescope-utils".
        python: An interpreter that has it.
        answer_files: What to mark.

    Raises:
        SystemExit: If the peer marks nothing: its time would mean nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "test_answer.py")
        path.write_text(PYTEST if peer == "pytest" else GRADESCOPE)
        command = [
            python,
            *(("-m", "pytest", "-q", "-p", "no:cacheprovider") if peer == "pytest" else ()),
        ]
        started, before = time.monotonic(), _cpu_s()
        running: list[subprocess.Popen[bytes]] = []
        for number, answer in enumerate(answer_files):
            environment = {
                **os.environ,
                "ANSWER": str(answer),
                "RESULTS": str(Path(folder, f"{number}.json")),
                "OPENBLAS_NUM_THREADS": "1",
            }
            if len(running) == 2:
                _require_marks(peer, running.pop(0))
            running.append(
                subprocess.Popen(
                    [*command, str(path)], cwd=folder, env=environment, stdout=subprocess.DEVNULL
                )
            )
        for process in running:
            _require_marks(peer, process)
        count = len(answer_files)
        return Each((time.monotonic() - started) / count, (_cpu_s() - before) / count)


def _require_marks(peer: str, process: subprocess.Popen[bytes]) -> None:
    # 1 is pytest's word for tests that failed; an answer with a mistake is to fail some.
    if process.wait() not in ((0, 1) if peer == "pytest" else (0,)):
        raise SystemExit(f"{peer} marked nothing (exit code {process.returncode}): is it installed there?")


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
