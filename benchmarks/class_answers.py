"""A made-up class of any size, with the marks that must come out; used by the tests too."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
ID = "class-benchmark"
TAKEN = {
    "mit-6390-recitation-8": ("a_i", "b_i"),
    "ntu-cz4042-tutorial-8": ("q1a", "q1b", "q1a_code", "q1b_code"),
}
HOSTILE_EVERY = 20
"""One in twenty: 5 %."""

SHAPES = 'a_i = {"Wss": (2, 2), "Wsx": (2, 3), "Wo": (4, 2), "z1": (2, 1), "z2": (4, 1)}'
WEIGHTS = (
    "b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, 1]], Wsx=[[1, 0, 0], [1, 1, 1]],"
    " Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])"
)
SEQUENCES = "q1a = [0.27, 0.73, 0.94, 0.11]\nq1b = [0.27, 0.71, 0.96, 0.16]"
CODE = """
import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def elman(x, U, W, V, b, c):
    h, ys = np.zeros(len(b)), []
    for now in x:
        h = np.tanh(now @ U + h @ W{elman} + b)
        ys.append(sigmoid(h @ V + c))
    return np.array(ys)


def jordan(x, U, W, V, b, c):
    y, ys = np.zeros(len(c)), []
    for now in x:
        y = sigmoid(np.tanh(now @ U + y @ W + b) @ V + c)
        ys.append(y)
    return np.array(ys)
"""
RIGHT = dict.fromkeys(("a_i", "b_i", "q1a", "q1b", "q1a_code", "q1b_code"), 1.0)
NOTHING = dict.fromkeys(RIGHT, 0.0)


class ClassSubmission(NamedTuple):
    """One submission of the made-up class.

    Args:
        student: The student's id.
        kind: What it shows.
        name: The file's name.
        data: The file's bytes.
        fractions: For each question the share that must come out.
    """

    student: str
    kind: str
    name: str
    data: bytes
    fractions: dict[str, float]


def full(elman: str = "", shapes: str = SHAPES) -> str:
    """A full answer.py.

    Args:
        elman: Put behind W in the Elman network: ".T" is the common mistake.
        shapes: The line for the shapes.
    """
    return "\n".join((shapes, WEIGHTS, SEQUENCES, CODE.replace("{elman}", elman)))


HOSTILE: dict[str, tuple[str, bytes, dict[str, float]]] = {
    "does not parse": ("py", b"def = 3\n", NOTHING),
    "never ends": ("py", b"while True:\n    pass\n", NOTHING),
    "leaves": ("py", b"import os\nos._exit(0)\n", NOTHING),
    "kills itself": ("py", b"import os\nos.kill(os.getpid(), 9)\n", NOTHING),
    "fills the memory": ("py", b"x = bytearray(1 << 40)\n", NOTHING),
    "prints without end": ("py", b"while True:\n    print('x' * 10000)\n", NOTHING),
    "forks": ("py", b"import os\nfor _ in range(9999):\n    os.fork()\n", NOTHING),
    "no text": ("py", bytes(range(256)) * 40, NOTHING),
    "no npz": ("npz", b"PK\x03\x04" + bytes(100), NOTHING),
    "no notebook": ("ipynb", b"{" * 50_000, NOTHING),
    "too large": ("py", b"#" * (3 << 20), NOTHING),
    "empty": ("py", b"", NOTHING),
    "other exercise": ("py", b'EXERCISE = "ntu-cz4042-tutorial-8"\nq2_curve = [1, 2]\n', NOTHING),
    "recursion in one function": (
        "py",
        (full() + "\ndef elman(*a):\n    return elman(*a)\n").encode(),
        {**RIGHT, "q1a_code": 0.0},
    ),
    "one function never ends": (
        "py",
        (full() + "\ndef jordan(*a):\n    while True: pass\n").encode(),
        {**RIGHT, "q1b_code": 0.0},
    ),
}


QUICK = "[limits]\nload_cpu_s = 0.5\ncall_cpu_s = 0.5\n"
"""For tests: what never ends is ended sooner."""


def exercise_text(limits: str = "") -> str:
    """Shapes, weights, two sequences and two functions, taken from the installed exercises.

    Args:
        limits: A table `[limits]`; those that exercises have if left out.
    """
    text = f'title = "A class for benchmarks"\nsource = "the installed exercises"\nseed = 1\n{limits}'
    for exercise, ids in TAKEN.items():
        written = (ROOT / "exercises" / exercise / "exercise.toml").read_text(encoding="utf-8")
        for part in written.split("\n[[question]]\n")[1:]:
            if any(part.startswith(f'id = "{one}"\n') for one in ids):
                text += f"\n[[question]]\n{part}\n"
    return text


def answers(count: int, seed: int = 0, hostile_every: int = HOSTILE_EVERY) -> Iterator[ClassSubmission]:
    """A class with code: 80 % right, 10 % with W transposed, 10 % with a wrong shape, some hostile or broken.

    Args:
        count: Of students.
        seed: Of the order.
        hostile_every: One in so many is hostile or broken; 0 for none.
    """
    rng = random.Random(seed)
    kinds = list(HOSTILE)
    for number in range(count):
        student, note = f"student{number:05}", f"# {seed} {number}\n".encode()
        if hostile_every and number % hostile_every == hostile_every - 1:
            kind = kinds[number // hostile_every % len(kinds)]
            suffix, data, fractions = HOSTILE[kind]
            is_commented = suffix == "py" and data != b"" and kind != "no text"
            yield ClassSubmission(student, kind, f"{student}.{suffix}", data + note * is_commented, fractions)
            continue
        kind, text, wrong = rng.choice(ORDINARY)
        yield ClassSubmission(student, kind, f"{student}.py", text.encode() + note, {**RIGHT, **wrong})


WRONG_SHAPE = SHAPES.replace('"Wo": (4, 2)', '"Wo": (2, 4)')
ORDINARY: list[tuple[str, str, dict[str, float]]] = [
    *[("right", full(), {})] * 8,
    ("W transposed", full(elman=".T"), {"q1a_code": 0.0}),
    ("wrong shape", full(shapes=WRONG_SHAPE), {"a_i": 0.8}),
]


def json_answers(count: int, seed: int = 0) -> Iterator[ClassSubmission]:
    """A class without code: shapes, weights and sequences as JSON, no two of them the same bytes.

    Args:
        count: Of students.
        seed: Of the values.
    """
    rng = random.Random(seed)
    code = dict.fromkeys(("q1a_code", "q1b_code"), 0.0)
    for number in range(count):
        student = f"student{number:05}"
        scale = rng.randint(1, 9)
        answer = {
            "student": student,
            "a_i": {"Wss": [2, 2], "Wsx": [2, 3], "Wo": [4, 2], "z1": [2, 1], "z2": [4, 1]},
            "b_i": {
                "s0": [0, 0],
                "Wss": [[0, 0], [0, 1]],
                "Wsx": [[scale, 0, 0], [1, 1, 1]],
                "Wo": [[f"1/{scale}", 0], [0, 0], [0, 0], [0, 1]],
            },
            "q1a": [0.27, 0.73, 0.94, 0.11],
            "q1b": [0.27, 0.71, 0.96, 0.16],
        }
        data = json.dumps(answer).encode()
        yield ClassSubmission(student, "right", f"{student}.json", data, {**RIGHT, **code})


def mixed_json_answers(count: int, seed: int = 0) -> Iterator[ClassSubmission]:
    """A class without code, half of it wrong: usual mistakes, and numbers that nobody else has.

    Args:
        count: Of students.
        seed: Of the values.
    """
    rng = random.Random(seed)
    for one in json_answers(count, seed):
        answer, wrong = json.loads(one.data), dict(one.fractions)
        if rng.random() < 0.5:
            answer["a_i"]["Wo"], wrong["a_i"] = [2, 4], 0.8
        if rng.random() < 0.5:
            # The first output is not the first input, the last one a sum that grows too fast.
            answer["b_i"]["Wss"][1][1], wrong["b_i"] = rng.choice([2, 3]), 0.5
        if rng.random() < 0.5:
            answer["q1b"] = [round(rng.uniform(2, 3), 4) for _ in range(4)]
            wrong["q1b"] = 0.0
        yield one._replace(kind="mixed", data=json.dumps(answer).encode(), fractions=wrong)


def write(folder: Path, submissions: Iterator[ClassSubmission]) -> list[ClassSubmission]:
    """Lay a class down in a folder.

    Args:
        folder: Made if it is not there.
        submissions: The class.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for one in submissions:
        (folder / one.name).write_bytes(one.data)
        written.append(one)
    return written
