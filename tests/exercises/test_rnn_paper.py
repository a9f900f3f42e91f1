"""The keys of rnn-paper, found again: by running the network, by differences, by ranks and by products."""

from __future__ import annotations

import functools
import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise
from grader.model.report import QuestionReport
from grader.model.submission import AnswerFile, Submission
from grader.specs import Kinds, find_exercise, load_exercise

STEPS = 20
"""As question 6 says."""


@functools.cache
def exercise() -> Exercise:
    return load_exercise(find_exercise("rnn-paper").path, Kinds(kind_names(), find_kind))


def params(question_id: str) -> Any:
    return next(one.params for one in exercise().questions if one.id == question_id)


def marked(question_id: str, answer: object) -> QuestionReport:
    file = AnswerFile("answer.py", f"{question_id} = {answer!r}".encode())
    report = mark(exercise(), Submission(student="example", files=(file,), digest="sha256:0"))
    return next(one for one in report.questions if one.id == question_id)


def verdict(question_id: str, answer: object) -> str:
    return str(marked(question_id, answer).outcome.verdict)


def arrays(n_in: int, n_h: int, n_out: int) -> dict[str, Any]:
    """Arrays with which the network of the introduction runs; numpy refuses all others."""
    made = {
        "U": np.ones((n_h, n_in)), "W": np.ones((n_h, n_h)), "b": np.ones(n_h),
        "V": np.ones((n_out, n_h)), "c": np.ones(n_out),
    }  # fmt: skip
    h = np.zeros(n_h)
    for _ in range(3):
        h = np.tanh(made["U"] @ np.ones(n_in) + made["W"] @ h + made["b"])
    assert (made["V"] @ h + made["c"]).shape == (n_out,)
    return made


def test_it_is_a_paper_of_ten_questions_and_forty_points() -> None:
    assert len(exercise().questions) == 10
    assert exercise().max_points == 40
    assert all(2 <= len(one.hints) <= 3 for one in exercise().questions)


def test_shapes_are_those_with_which_the_network_runs() -> None:
    made = arrays(**params("shapes").sizes)
    assert verdict("shapes", {name: array.shape for name, array in made.items()}) == "correct"


def test_outputs_are_those_of_a_plain_run() -> None:
    values = params("trace").values
    U, W, b, V, c = (np.array(values[name], dtype=float) for name in "UWbVc")
    h, y = np.zeros(2), []
    for x in values["x"]:
        h = np.tanh(U[:, 0] * float(x) + W @ h + b)
        y.append(float((V @ h + c)[0]))
    assert verdict("trace", {"y": y}) == "correct"


def loss(u: complex, w: complex) -> complex:
    values = params("slope").values
    h: complex = 0
    for x in values["x"]:
        h = np.tanh(u * float(x) + w * h)
    return (h - float(values["d"])) ** 2 / 2


def test_gradients_are_those_of_a_complex_step() -> None:
    u, w = (float(params("slope").values[name]) for name in "uw")
    step = 1e-30j
    gradients = {"du": float(loss(u + step, w).imag / 1e-30), "dw": float(loss(u, w + step).imag / 1e-30)}
    assert verdict("slope", gradients) == "correct"


# The factor of one step back, as the prompt has it; of the sigmoid the most that there can be.
FACTORS = {
    "grows": 1.05,
    "turns": 1.0,
    "leaky": 0.9,
    "tanh": 1.2 * (1 - 0.6**2),
    "sigmoid": 1.6 * 0.25,
}


def test_order_of_the_fading_gradients_is_that_of_their_products() -> None:
    products = {id: math.prod([factor] * STEPS) for id, factor in FACTORS.items()}
    order = sorted(products, key=lambda id: -products[id])
    assert verdict("fading", {"choice": order}) == "correct"
    ratios = [products[a] / products[b] for a, b in itertools.pairwise(order)]
    assert min(ratios) > 2


def markov(lag: int, most: int) -> list[Fraction]:
    """What a single 1 is answered with by question 8's echo."""
    response = [Fraction(0)] * most
    response[0] += 1
    response[lag] += Fraction(1, 2)
    return response


def rank(rows: list[list[Fraction]]) -> int:
    rows, found = [list(row) for row in rows], 0
    for column in range(len(rows[0])):
        pivot = next((i for i in range(found, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for i in range(found + 1, len(rows)):
            factor = rows[i][column] / rows[found][column]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found


def test_least_state_of_the_echo_is_the_rank_of_its_hankel_matrix() -> None:
    size = 6
    response = markov(2, 2 * size)
    needed = rank([[response[i + j] for j in range(size)] for i in range(size)])
    assert needed > params("echo").state_size
    answers = [{"possible": False, "state_size": size} for size in range(1, 7)]
    right = [number for number, one in enumerate(answers, start=1) if verdict("echo", one) == "correct"]
    assert right == [needed]


@pytest.mark.parametrize("seed", [0, 1])
def test_weights_of_the_leaky_sum_are_right_in_any_basis(seed: int) -> None:
    # 1 below the diagonal and whole numbers above it: the inverse is whole, too, and nothing is rounded.
    rng = np.random.default_rng(seed)
    T = np.tril(rng.integers(-3, 4, (3, 3)), -1) + np.eye(3, dtype=int)
    back = np.round(np.linalg.inv(T)).astype(int)
    assert (T @ back == np.eye(3)).all()
    W = np.array([[Fraction(9, 10), 0, 0], [0, 0, 0], [0, 1, 0]], dtype=object)
    U, V = np.array([[1], [1], [0]], dtype=object), np.array([[1, 0, 0], [0, 0, 1]], dtype=object)
    moved = {"W": T @ W @ back, "U": T @ U, "V": V @ back}
    x, total, before, h = [3, -1, 2, 0, 5], Fraction(0), 0, np.zeros((3, 1), dtype=object)
    for one in x:
        h = moved["W"] @ h + moved["U"] * one
        total = Fraction(9, 10) * total + one
        assert (moved["V"] @ h)[:, 0].tolist() == [total, before]
        before = one
    written = {name: [[str(one) for one in row] for row in array] for name, array in moved.items()}
    assert verdict("leak", written) == "correct"


@pytest.mark.parametrize("sizes", [(3, 5, 2), (1, 1, 1), (7, 2, 4)])
def test_count_is_what_the_arrays_hold(sizes: tuple[int, int, int]) -> None:
    n_in, n_h, n_out = sizes
    total = sum(one.size for one in arrays(*sizes).values())
    right = "n_h*(n_in + n_h + 1) + n_out*(n_h + 1)"
    assert eval(right, {"n_in": n_in, "n_h": n_h, "n_out": n_out}) == total
    assert verdict("cost", right) == "correct"


def test_words_wait_for_a_person() -> None:
    rubric = params("why").rubric
    points = next(one.points for one in exercise().questions if one.id == "why")
    assert sum(item.points for item in rubric) == points
    assert verdict("why", "Gradients vanish. " * 40) == "pending"
