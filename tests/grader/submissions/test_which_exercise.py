from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass

import numpy as np
import pytest

from grader.model.submission import AnswerFile, Submission
from grader.submissions import Naming, name_exercise, other_exercise


@dataclass(frozen=True)
class One:
    id: str
    question_ids: tuple[str, ...]
    functions: tuple[str, ...] = ()
    field_names: tuple[str, ...] = ()


MIT = One("mit-6390-recitation-8", ("a_i", "b_i"), (), ("Wss", "Wsx", "s0"))
NTU = One("ntu-cz4042-tutorial-8", ("q1a", "q1b"), ("elman",), ("y", "h"))


def named(name: str, data: bytes | str) -> Naming:
    raw = data.encode() if isinstance(data, str) else data
    return name_exercise(
        Submission(student="s", files=(AnswerFile(name, raw),), digest="sha256:0"), (MIT, NTU)
    )


def notebook(*lines: str, joined: bool = False) -> str:
    source = "\n".join(lines) if joined else [line + "\n" for line in lines]
    return json.dumps({"cells": [{"cell_type": "code", "source": source}]})


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.py", "import numpy\nEXERCISE = 'ntu-cz4042-tutorial-8'\n"),
        ("a.py", 'EXERCISE: str = "ntu-cz4042-tutorial-8"  # the sheet\r\na_i = 1'),
        ("a.py", '\ufeffEXERCISE = "ntu-cz4042-tutorial-8"\r\na_i = 1'),
        ("a.json", '{"EXERCISE" : "ntu-cz4042-tutorial-8", "a_i": 1}'),
        ("a.ipynb", notebook("# hello", 'EXERCISE = "ntu-cz4042-tutorial-8"', "a_i = 1")),
        ("a.ipynb", notebook("# hello", "EXERCISE = 'ntu-cz4042-tutorial-8'", joined=True)),
    ],
)
def test_stated_exercise_is_taken(name: str, data: str):
    assert named(name, data) == Naming("stated", NTU.id, NTU.id)


@pytest.mark.parametrize(
    ("text", "marked_as", "other"),
    [
        ("q1a = [1]\nq1b = [2]\n", MIT.id, NTU.id),
        ("q1a = [1]\na_i = 2\n", MIT.id, None),
        ("Wss = [1]\nq1a = 2\n", MIT.id, None),
        ("q1a = [1]\n", NTU.id, None),
        ("q1a = [1]\n", "mine", None),
        ("x = 1\n", MIT.id, None),
    ],
)
def test_names_of_another_exercise_alone_are_told(text: str, marked_as: str, other: str | None):
    submission = Submission(student="s", files=(AnswerFile("a.py", text.encode()),), digest="sha256:0")
    assert other_exercise(submission, (MIT, NTU), marked_as) == other


def test_what_other_files_state_is_told():
    files = tuple(AnswerFile(f"{one.id}.py", f"EXERCISE = '{one.id}'\n".encode()) for one in (MIT, NTU))
    found = name_exercise(Submission(student="s", files=files, digest="sha256:0"), (MIT, NTU))
    assert (found.exercise, found.also_stated) == (MIT.id, (NTU.id,))


def test_statement_in_a_comment_does_not_count():
    assert named("a.py", "# EXERCISE = 'ntu-cz4042-tutorial-8'\n").how == "unknown"


@pytest.mark.parametrize(
    ("name", "data", "exercise"),
    [
        ("a.py", "a_i = {}\n", MIT.id),
        ("a.py", "Wss = [[1]]\ns0 = [0]\n# unlike elman\n", MIT.id),
        ("a.py", "def elman(x): return x\n", NTU.id),
        ("a.py", "class q1b:\n    y = 1\n", NTU.id),
        ("a.json", '{"b_i": {"s0": [0]}}', MIT.id),
        ("a.ipynb", notebook("import numpy", "b_i = 1", joined=True), MIT.id),
        ("a.py", "x = 1\n", None),
        ("a.py", "a_i = 1\nq1a = 2\n", None),
        ("a.py", b"\xff\xfe\x00\x01", None),
    ],
)
def test_exercise_is_inferred_from_the_names(name: str, data: str | bytes, exercise: str | None):
    assert named(name, data) == Naming("inferred" if exercise else "unknown", exercise)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_exercise_is_inferred_from_npz_members(save):
    buffer = io.BytesIO()
    save(buffer, **{"b_i.Wss": np.eye(2), "b_i.s0": np.zeros(2)})
    assert named("a.npz", buffer.getvalue()) == Naming("inferred", MIT.id)


def test_unknown_statement_offers_the_nearest_and_still_infers():
    naming = named("a.py", "EXERCISE = 'mit-6390-recitation-9'\na_i = 1")
    assert naming == Naming("inferred", MIT.id, "mit-6390-recitation-9", MIT.id)
    assert named("a.py", "EXERCISE = 'zzz'") == Naming("unknown", None, "zzz", None)


@pytest.mark.parametrize("name", ["a.py", "a.npz", "a.json", "a.ipynb"])
@pytest.mark.parametrize("piece", [b"a", b"a.", b'" ', b"EXERCISE ", b"EXERCISE='", b"\\n", b"a_i."])
def test_hostile_bytes_do_not_take_long(name: str, piece: bytes):
    started = time.process_time()
    named(name, piece * (2_000_000 // len(piece)))
    assert time.process_time() - started < 5
