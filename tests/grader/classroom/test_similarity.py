from __future__ import annotations

import random
import re
import time

import pytest

from grader.classroom.shingles import shingles, tokens
from grader.classroom.similarity import Traces, similarities
from grader.model.submission import AnswerFile

PROGRAM = '''
import numpy as np

def elman(x, U, W, V, b, c):
    """The network."""
    h = np.zeros(len(b))
    ys = []
    for now in x:
        # one step
        h = np.tanh(now @ U + h @ W + b)
        ys.append(1 / (1 + np.exp(-(h @ V + c))))
    return np.array(ys)

def adam(params, grads, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    for key in params:
        m[key] = beta1 * m[key] + (1 - beta1) * grads[key]
        v[key] = beta2 * v[key] + (1 - beta2) * grads[key] ** 2
        params[key] -= lr * (m[key] / (1 - beta1 ** t)) / (np.sqrt(v[key] / (1 - beta2 ** t)) + eps)
    return params, m, v
'''
OTHER = """
from math import exp, tanh

def layer(signals, weights, bias):
    return [sum(s * row[k] for s, row in zip(signals, weights)) + bias[k] for k in range(len(bias))]

class Network:
    def __init__(self, *weights):
        self.weights = weights
        self.state = None

    def step(self, now):
        U, W, V, b, c = self.weights
        if self.state is None:
            self.state = [0.0] * len(b)
        fresh, kept = layer(now, U, b), layer(self.state, W, [0] * len(b))
        self.state = [tanh(f + k) for f, k in zip(fresh, kept)]
        return [1 / (1 + exp(-u)) for u in layer(self.state, V, c)]
"""


def code(text: str, name: str = "answer.py") -> frozenset[int]:
    return shingles((AnswerFile(name, text.encode()),))


def disguised(text: str) -> str:
    """Other names, comments and spaces, the functions in another order."""
    for old, new in (("now", "cur"), ("grads", "g"), ("params", "theta"), ("key", "k"), ("ys", "out")):
        text = re.sub(rf"\b{old}\b", new, text)
    head, elman, adam = re.split(r"(?=\ndef )", text)
    return (
        (head + adam + elman)
        .replace("# one step", "# my idea")
        .replace(" = ", "=")
        .replace("The network", "Mine")
    )


def traces(student: str, **more: object) -> Traces:
    return Traces(student=student, submission=f"sha256:{student}", **{"fingerprints": {}, **more})  # type: ignore[arg-type]


def wrong(*questions: str, values: str = "x") -> dict[str, dict[str, str]]:
    return {question: {"values": values} for question in questions}


def own(student: str) -> Traces:
    """Someone with wrong values that nobody else has."""
    return traces(student, fingerprints=wrong("a", "b", values=student))


CROWD = [own(f"z{at}") for at in range(20)]


def test_renamed_and_reordered_code_is_seen():
    (pair,) = similarities(
        [traces("ada", code=code(PROGRAM)), traces("bo", code=code(disguised(PROGRAM)))]
    ).pairs
    assert pair.students == ("ada", "bo")
    assert pair.code > 0.7


def test_two_ways_to_write_a_network_are_not_alike():
    assert similarities([traces("ada", code=code(PROGRAM)), traces("bo", code=code(OTHER))]).pairs == ()


def test_code_that_the_course_gave_to_all_is_no_evidence():
    given = [traces(f"s{at}", code=code(PROGRAM)) for at in range(20)]
    assert similarities(given).pairs == ()


def test_the_same_wrong_values_in_two_questions_are_evidence():
    found = similarities(
        [*CROWD, traces("ada", fingerprints=wrong("a", "b")), traces("bo", fingerprints=wrong("a", "b"))]
    )
    assert [(one.students, one.wrong_values) for one in found.pairs] == [(("ada", "bo"), ("a", "b"))]


def test_one_wrong_value_alone_is_none():
    assert similarities([*CROWD, *(traces(s, fingerprints=wrong("a")) for s in ("ada", "bo"))]).pairs == ()


def test_a_known_mistake_explains_the_same_values():
    both = [
        traces(student, fingerprints=wrong("a", "b"), recognised=frozenset({"a"}))
        for student in ("ada", "bo")
    ]
    assert similarities([*CROWD, *both]).pairs == ()


def test_what_many_share_is_no_evidence():
    many = [traces(f"s{at}", fingerprints=wrong("a", "b")) for at in range(10)]
    assert similarities([*CROWD, *many]).pairs == ()


def test_the_same_unusual_weights_are_evidence():
    basis = {"w": {"basis": "same"}}
    (pair,) = similarities([*CROWD, *(traces(s, fingerprints=basis) for s in ("ada", "bo"))]).pairs
    assert pair.same_basis == ("w",)


def test_identical_files_are_one_group_and_not_all_pairs():
    copies = [
        Traces(student=f"s{at:03}", submission="same", fingerprints=wrong("a", "b"), code=code(PROGRAM))
        for at in range(300)
    ]
    found = similarities([*CROWD, *copies])
    assert [len(group) for group in found.identical] == [300]
    assert found.pairs == ()


def test_nothing_handed_in_is_not_identical():
    nothing = [Traces(student=s, submission="", fingerprints={}) for s in ("ada", "bo")]
    assert similarities(nothing).identical == ()


def test_a_notebook_is_read_by_its_cells():
    import json

    cells = [
        {"cell_type": "markdown", "source": "# x"},
        {"cell_type": "code", "source": PROGRAM.splitlines(True)},
    ]
    assert code(json.dumps({"cells": cells}), "a.ipynb") == code(PROGRAM)


def test_tokens_forget_names_and_texts_but_not_what_is_called():
    assert list(tokens("y = np.tanh('a' + f(z))  # c")) == list(tokens('q=np.tanh("b"+g(w))'))
    assert list(tokens("np.tanh(x)")) != list(tokens("np.exp(x)"))


HOSTILE = ["'" * 200_000, "'''" * 60_000, '"\\' * 90_000, "#" * 200_000, "'\\" * 90_000 + "\n", "a" * 200_000]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_costs_one_pass(text: str):
    started = time.process_time()
    code(text)
    code(text, "a.ipynb")
    assert time.process_time() - started < 3


@pytest.mark.parametrize("seed", range(20))
def test_no_bytes_stop_it(seed: int):
    data = random.Random(seed).randbytes(3000)
    shingles((AnswerFile("a.py", data), AnswerFile("b.ipynb", data), AnswerFile("c.npz", data)))
    shingles((AnswerFile("b.ipynb", b"[" * 100_000), AnswerFile("d.ipynb", b'{"cells": [1]}')))


def test_what_hundreds_share_in_a_large_class_is_not_looked_at_pair_by_pair():
    def of(number: int, print_: str) -> Traces:
        return Traces(student=f"s{number}", submission=f"{number}", fingerprints={"b": {"basis": print_}})

    common = [of(number, "common") for number in range(101)]
    rare = [of(number, "rare") for number in range(101, 201)]
    others = [of(number, f"own {number}") for number in range(201, 5000)]
    pairs = similarities([*common, *rare, *others]).pairs
    assert len(pairs) == 100 * 99 // 2
    assert all(int(name[1:]) in range(101, 201) for one in pairs for name in one.students)
