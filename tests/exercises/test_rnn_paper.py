"""The keys of rnn-paper, found again: by running the network, by differences, by ranks and by products."""

from __future__ import annotations

import functools
import itertools
import math
import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise, Question
from grader.model.submission import AnswerFile, Submission
from grader.specs import Kinds, find_exercise, load_exercise
from grader.variants.code import code_of

SECRET = b"of no course"
CODES = ("", *(code_of(student, "rnn-paper", SECRET) for student in ("amara", "boris", "chiara")))
"""The sample, and three variants."""


@functools.cache
def exercise(code: str) -> Exercise:
    path, kinds = find_exercise("rnn-paper").path, Kinds(kind_names(), find_kind)
    return load_exercise(path, kinds, variant=code or None)


def question(code: str, question_id: str) -> Question:
    return next(one for one in exercise(code).questions if one.id == question_id)


def params(code: str, question_id: str) -> Any:
    return question(code, question_id).params


def verdict(code: str, question_id: str, answer: object) -> str:
    file = AnswerFile("answer.py", f"{question_id} = {answer!r}".encode())
    report = mark(exercise(code), Submission(student="example", files=(file,), digest="sha256:0"))
    return str(next(one for one in report.questions if one.id == question_id).outcome.verdict)


def said(code: str, question_id: str, pattern: str) -> list[Fraction]:
    """Numbers that a prompt says, options included."""
    found = re.search(pattern, question(code, question_id).prompt)
    assert found is not None, pattern
    return [Fraction(one) for one in found.groups()]


def rows(tex: str) -> list[list[float]]:
    """The rows of a matrix in TeX."""
    inside = tex.removeprefix(r"\begin{pmatrix}").removesuffix(r"\end{pmatrix}")
    return [[float(one) for one in row.split("&")] for row in inside.split(r"\\")]


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


each_variant = pytest.mark.parametrize("code", CODES)


@each_variant
def test_it_is_a_paper_of_ten_questions_and_forty_points(code: str) -> None:
    assert len(exercise(code).questions) == 10
    assert exercise(code).max_points == 40
    assert all(2 <= len(one.hints) <= 3 for one in exercise(code).questions)


def test_later_hints_are_earned_and_the_last_costs_half_a_point() -> None:
    terms = {one.id: [tuple(term) for term in one.terms] for one in exercise("").questions}
    assert terms.pop("why") == [(0, 0)] * 3
    earned = [(0, 0), (1, 0), (2, Fraction(1, 2))]
    assert all(found == earned[: len(found)] for found in terms.values())


def test_variants_differ_in_their_numbers() -> None:
    assert len({str(exercise(code).values) for code in CODES}) == len(CODES)


@each_variant
def test_shapes_are_those_with_which_the_network_runs(code: str) -> None:
    sizes = said(code, "shapes", r"with (\d+) entries, keeps a state\s+with (\d+) and gives (\d+) outputs")
    made = arrays(*map(int, sizes))
    assert verdict(code, "shapes", {name: array.shape for name, array in made.items()}) == "correct"


@each_variant
def test_outputs_are_those_of_a_plain_run_with_the_numbers_of_the_prompt(code: str) -> None:
    prompt = question(code, "trace").prompt
    tex = dict(re.findall(r"([UWbV]) = (\\begin\{pmatrix\}.*?\\end\{pmatrix\})", prompt))
    U, W, b, V = (np.array(rows(tex[name])) for name in "UWbV")
    (c,) = said(code, "trace", r"c = (-?[\d.]+) \.\$\$")
    inputs = said(code, "trace", r"It reads (-?[\d.]+), then (-?[\d.]+), then (-?[\d.]+)\. ")
    h, y = np.zeros((2, 1)), []
    for x in inputs:
        h = np.tanh(U * float(x) + W @ h + b)
        y.append(float((V @ h)[0, 0] + float(c)))
    assert verdict(code, "trace", {"y": y}) == "correct"


@each_variant
def test_gradients_are_those_of_a_complex_step(code: str) -> None:
    inputs = said(code, "slope", r"\$x = (-?[\d.]+), (-?[\d.]+), (-?[\d.]+)\$")
    u, w = map(float, said(code, "slope", r"\$u = ([\d.]+)\$ and \$w = ([\d.]+)\$"))
    (target,) = said(code, "slope", r"h\(3\) - \(?(-?1)\)?\)\^2")

    def loss(u: complex, w: complex) -> complex:
        h: complex = 0
        for x in inputs:
            h = np.tanh(u * float(x) + w * h)
        return (h - float(target)) ** 2 / 2

    step = 1e-30
    du = float(loss(u + step * 1j, w).imag / step)
    dw = float(loss(u, w + step * 1j).imag / step)
    assert verdict(code, "slope", {"du": du, "dw": dw}) == "correct"


@each_variant
def test_order_of_the_fading_gradients_is_that_of_their_products(code: str) -> None:
    (steps,) = said(code, "fading", r"run for (\d+) steps")
    (kept,) = said(code, "fading", r"h\(t\) = (0[\d.]+)\\,h\(t-1\) \+ \\tanh")
    (grown,) = said(code, "fading", r"h\(t\) = (1[\d.]+)\\,h\(t-1\) \+ x")
    weight, size = said(
        code, "fading", r"\\tanh\(x\(t\) \+ ([\d.]+)\\,h\(t-1\)\)\$, with states of size ([\d.]+)"
    )
    (steep,) = said(code, "fading", r"\\sigma\(x\(t\) \+ ([\d.]+)\\,h\(t-1\)\)")
    steepest = max(s * (1 - s) for s in (Fraction(n, 100) for n in range(101)))
    factors = {
        "grows": grown,
        "turns": Fraction(-1),
        "leaky": kept,
        "tanh": weight * (1 - size**2),
        "sigmoid": steep * steepest,
    }
    products = {id: abs(math.prod([factor] * int(steps))) for id, factor in factors.items()}
    order = sorted(products, key=lambda id: -products[id])
    assert verdict(code, "fading", {"choice": order}) == "correct"
    assert min(products[a] / products[b] for a, b in itertools.pairwise(order)) > Fraction(3, 2)


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


@each_variant
def test_least_state_of_the_echo_is_the_rank_of_its_hankel_matrix(code: str) -> None:
    strength, lag = said(code, "echo", r"x\(t\) \+ ([\d.]+)\\,x\(t-(\d+)\)")
    (states,) = said(code, "echo", r"a state of (\d+) units")
    size = 8
    response = [Fraction(0)] * (2 * size)
    response[0] += 1
    response[int(lag)] += strength
    needed = rank([[response[i + j] for j in range(size)] for i in range(size)])
    assert needed > states
    answers = {number: {"possible": False, "state_size": number} for number in range(1, size)}
    assert [number for number, one in answers.items() if verdict(code, "echo", one) == "correct"] == [needed]


@each_variant
@pytest.mark.parametrize("seed", [0, 1])
def test_weights_of_the_leaky_sum_are_right_in_any_basis(code: str, seed: int) -> None:
    (rate,) = said(code, "leak", r"y_1\(t\) = ([\d.]+)\\,y_1")
    # 1 on the diagonal and whole numbers below it: the inverse is whole, too, and nothing is rounded.
    rng = np.random.default_rng(seed)
    T = np.tril(rng.integers(-3, 4, (3, 3)), -1) + np.eye(3, dtype=int)
    back = np.round(np.linalg.inv(T)).astype(int)
    assert (T @ back == np.eye(3)).all()
    W = np.array([[rate, 0, 0], [0, 0, 0], [0, 1, 0]], dtype=object)
    U, V = np.array([[1], [1], [0]], dtype=object), np.array([[1, 0, 0], [0, 0, 1]], dtype=object)
    moved = {"W": T @ W @ back, "U": T @ U, "V": V @ back}
    total, before, h = Fraction(0), 0, np.zeros((3, 1), dtype=object)
    for x in (3, -1, 2, 0, 5):
        h = moved["W"] @ h + moved["U"] * x
        total = rate * total + x
        assert (moved["V"] @ h)[:, 0].tolist() == [total, before]
        before = x
    written = {name: [[str(one) for one in row] for row in array] for name, array in moved.items()}
    assert verdict(code, "leak", written) == "correct"


TRUTHS = {
    "mean twice as many weights": False,
    "a matrix $W$ of its own": False,
    "a sum with one term for each step": True,
    "adds up something from every step": True,
    "computed at the same time": False,
    "before $h(1)$ is": False,
    "on sequences of 30 as it is": True,
    "with the same weights": True,
    "adds nothing to the gradient by $W$": True,
    "the same whatever $W$ is": True,
    "neither $x(t)$ nor $h(t-1)$": False,
    "keep the last state $h(T)$": False,
}
"""What each statement that may be drawn says, and whether it is so."""


@each_variant
def test_statements_are_true_as_they_are(code: str) -> None:
    options = params(code, "unrolled").options
    said_of = {id: [truth for part, truth in TRUTHS.items() if part in text] for id, text in options.items()}
    assert all(len(found) == 1 for found in said_of.values())
    answer = {id: found[0] for id, found in said_of.items()}
    assert verdict(code, "unrolled", {"choice": answer}) == "correct"


def test_what_the_statements_say_of_the_first_step_and_of_the_bias_is_so() -> None:
    rng = np.random.default_rng(0)
    U, b, V = rng.normal(size=(3, 2)), rng.normal(size=3), rng.normal(size=(1, 3))
    x = rng.normal(size=(4, 2))

    def states(W: Any, b: Any = b, at: int | None = None, other: Any = None) -> Any:
        """All states; with another W, or another b, at one step."""
        h, found = np.zeros(3, dtype=complex), []
        for t, one in enumerate(x):
            is_there = t == at
            W_t, b_t = (other[0], other[1]) if is_there and other is not None else (W, b)
            h = np.tanh(U @ one + W_t @ h + b_t)
            found.append(h)
        return found

    W = rng.normal(size=(3, 3))
    assert (states(W)[0] == states(rng.normal(size=(3, 3)))[0]).all()
    shares = []
    for t in range(len(x)):
        by_W = float((V @ states(W, at=t, other=(W + 1e-30j, b))[-1])[0].imag)
        by_b = float((V @ states(W, at=t, other=(W, b + 1e-30j))[-1])[0].imag)
        shares.append((by_W, by_b))
    together = float((V @ states(W + 1e-30j)[-1])[0].imag)
    assert shares[0][0] == 0
    assert together == pytest.approx(sum(one for one, _ in shares), rel=1e-9)
    assert all(one != 0 for _, one in shares)


COUNT = "n_h*(n_in + n_h + 1) + n_out*(n_h + 1)"
COST = {"parameters": COUNT, "time": "T*n_h*(n_in + n_h + n_out)", "kept": "T*n_h", "pieces": "n_h*(T/k + k)"}


@pytest.mark.parametrize("sizes", [(3, 5, 2), (1, 1, 1), (7, 2, 4)])
def test_count_is_what_the_arrays_hold(sizes: tuple[int, int, int]) -> None:
    n_in, n_h, n_out = sizes
    total = sum(one.size for one in arrays(*sizes).values())
    assert eval(COUNT, {"n_in": n_in, "n_h": n_h, "n_out": n_out}) == total
    assert verdict("", "cost", COST) == "correct"


def products(matrix: list[list[int]], vector: list[int]) -> int:
    return sum(1 for row in matrix for _ in zip(row, vector, strict=True))


def measured(n_in: int, n_h: int, n_out: int, T: int, k: int) -> dict[str, int]:
    """What a run forwards and a way back in pieces take, counted as they go."""
    U, W, V = ([[0] * n for _ in range(m)] for m, n in ((n_h, n_in), (n_h, n_h), (n_out, n_h)))
    time = sum(products(U, [0] * n_in) + products(W, [0] * n_h) + products(V, [0] * n_h) for _ in range(T))
    most, kept = 0, [t for t in range(T) if t % k == 0]
    while kept:
        piece = range(kept[-1], min(kept[-1] + k, T))
        most = max(most, len(kept) + len(piece))
        kept.pop()
    return {"time": time, "kept": T * n_h, "pieces": most * n_h}


def test_orders_are_those_of_what_is_counted() -> None:
    ratios: dict[str, list[float]] = {"time": [], "kept": [], "pieces": []}
    for n_in, n_h, n_out, T, k in itertools.product((1, 12), (1, 12), (1, 12), (60, 240), (2, 15, 60)):
        sizes = {"n_in": n_in, "n_h": n_h, "n_out": n_out, "T": T, "k": k}
        for name, count in measured(**sizes).items():
            ratios[name].append(count / eval(COST[name], sizes))
    assert all(max(found) <= 4 * min(found) for found in ratios.values())


def test_words_wait_for_a_person() -> None:
    assert sum(item.points for item in params("", "why").rubric) == question("", "why").points
    assert verdict("", "why", "Gradients vanish. " * 40) == "pending"
