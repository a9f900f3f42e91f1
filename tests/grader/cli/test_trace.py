"""`rnngrade trace`: a student's network, right or wrong, against plain loops; and nothing of the key."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.cli import main

PLANTED = ("1237/45677", "0.027081", "98317", "plantedword")

EXERCISE = """title = "Own networks"
source = "a test"

[[question]]
id = "lin"
label = "1"
points = 1
prompt = "A linear network."
[question.fields]
s0 = "start"
Wss = "n x n"
Wsx = "n x 2"
Wo = "1 x n"
[question.check]
kind = "linear_system"
structure = "rnn-a"
inputs = 2
target = ["1237/45677 * x[1] + 98317 * delay(x[2], 1)"]
[[question.example]]
title = "plantedword right"
answer = "lin = dict(s0=[0,0],Wss=[[0,0],[0,0]],Wsx=[[1,0],[0,1]],Wo=[['1237/45677', 0]])"
verdict = "partial"
[[question.example]]
title = "plantedword"
answer = '''lin = dict(s0=[0,0,0], Wss=[[0,0,0],[0,0,0],[0,1,0]], Wsx=[[1,0],[0,1],[0,0]],
Wo=[["1237/45677", 0, 98317]])'''
verdict = "correct"

[[question]]
id = "gates"
label = "2"
points = 1
prompt = "Step units."
[question.fields]
U = "n_h x n_in"
W = "n_h x n_h"
b = "n_h"
V = "n_out x n_h"
c = "n_out"
[question.check]
kind = "design"
alphabet = { x = [0, 1] }
[question.check.network]
inputs = { x = "n_in" }
parameters = { U = "n_h x n_in", W = "n_h x n_h", b = "n_h", V = "n_out x n_h", c = "n_out" }
equations = ["h(t) = step(U @ x(t) + W @ h(t-1) + b)", "y(t) = step(V @ h(t) + c)"]
[question.check.target]
inputs = { x = "number" }
sizes = { y = "number" }
equations = ["y(t) = mod(x(t) + y(t-1), 2)"]
[[question.example]]
title = "plantedword right"
answer = "gates = dict(U=[[1], [1]], W=[[1, -1], [1, -1]], b=[-1, -2], V=[[1, -1]], c=[-1])"
verdict = "correct"
[[question.example]]
title = "wrong"
answer = "gates = dict(U=[[1], [1]], W=[[0, 0], [0, 0]], b=[-1, -2], V=[[1, -1]], c=[-1])"
verdict = "incorrect"

[[question]]
id = "run"
label = "3"
points = 1
prompt = "A function."
signature = "run(x, W, U)"
[question.check]
kind = "code"
function = "run"
arguments = { x = "T x n_in" }
returns = ["h: T x n_h"]
[question.check.network]
inputs = { x = "n_in" }
parameters = { W = "n_h x n_h", U = "n_h x n_in" }
equations = ["h(t) = tanh(W @ h(t-1) + U @ x(t))"]
[[question.example]]
title = "plantedword right"
answer = '''
import numpy as np
def run(x, W, U):
    h, hs = np.zeros(len(W)), []
    for row in x:
        h = np.tanh(W @ h + U @ row)
        hs.append(h)
    return np.array(hs)
'''
verdict = "correct"
[[question.example]]
title = "wrong"
answer = "def run(x, W, U):\\n    return x * 0"
verdict = "incorrect"

[[question]]
id = "num"
label = "4"
points = 1
prompt = "A number."
[question.fields]
n = "a number"
[question.check]
kind = "numeric"
values = { n = "0.027081" }
[[question.example]]
title = "right"
answer = "num = dict(n='0.027081')"
verdict = "correct"
[[question.example]]
title = "wrong"
answer = "num = dict(n=1)"
verdict = "incorrect"
"""

LIN = {"s0": [1, "1/2"], "Wss": [[1, "1/3"], [0, 2]], "Wsx": [[1, 0], ["0.1", 1]], "Wo": [[1, -1]]}
GATES = {"U": [[1], [2]], "W": [[1, -1], [1, -1]], "b": [-1, -2], "V": [[1, -1]], "c": [-1]}


@pytest.fixture
def exercise(tmp_path: Path) -> str:
    path = tmp_path / "exercise.toml"
    path.write_text(EXERCISE)
    return str(path)


class Traced:
    """Runs the command on an answer."""

    def __init__(self, folder: Path, exercise: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.exercise, self.capsys = folder, exercise, capsys

    def __call__(self, answer: dict[str, Any] | str, question: str, *inputs: str, more: tuple[str, ...] = ()):
        path = self.folder / ("answer.py" if isinstance(answer, str) else "answer.json")
        path.write_text(answer if isinstance(answer, str) else json.dumps(answer))
        given = [word for one in inputs for word in ("--input", one)]
        code = main(["trace", str(path), "--exercise", self.exercise, "--question", question, *given, *more])
        shown = self.capsys.readouterr()
        assert not [word for word in PLANTED if word in shown.out + shown.err]
        return code, shown.out, shown.err

    def values(self, answer: dict[str, Any] | str, question: str, *inputs: str) -> dict[str, Any]:
        code, out, err = self(answer, question, *inputs, more=("--format", "json"))
        assert code == 0, err
        return {one["what"]: one["value"] for step in json.loads(out)["steps"] for one in step["worked"]}


@pytest.fixture
def traced(tmp_path: Path, exercise: str, capsys) -> Traced:
    return Traced(tmp_path, exercise, capsys)


def fractions(value: Any) -> Any:
    return [fractions(one) for one in value] if isinstance(value, list) else Fraction(value)


def product(rows: list[list[Fraction]], vector: list[Fraction]) -> list[Fraction]:
    return [sum((a * b for a, b in zip(row, vector, strict=True)), Fraction(0)) for row in rows]


def test_every_value_of_a_linear_network_is_exact(traced: Traced):
    found = traced.values({"lin": LIN}, "lin", "1 2; 1/7 0; -1 0.5")
    s, W = fractions(LIN["s0"]), {name: fractions(LIN[name]) for name in ("Wss", "Wsx", "Wo")}
    for t, x in enumerate(([1, 2], [Fraction(1, 7), 0], [-1, Fraction(1, 2)]), start=1):
        before, fed = product(W["Wss"], s), product(W["Wsx"], x)
        s = [a + b for a, b in zip(before, fed, strict=True)]
        assert fractions(found[f"Wss s({t - 1})"]) == before
        assert fractions(found[f"Wsx x({t})"]) == fed
        assert fractions(found[f"s({t})"]) == s
        assert fractions(found[f"g({t})"]) == product(W["Wo"], s)


def test_a_trained_network_runs_as_its_weights_are(tmp_path: Path, capsys):
    rng = np.random.default_rng(1)
    U, W, V, b, c = (rng.normal(size=size) for size in ((3, 5), (5, 5), (5, 2), 5, 2))
    weights = {name: array.tolist() for name, array in zip("UWVbc", (U, W, V, b, c), strict=True)}
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps({"q2_weights": {"weights": weights}}))
    asked = ["--exercise", "ntu-cz4042-tutorial-8", "--question", "q2_weights", "--format", "json"]
    assert main(["trace", str(answer), *asked, "--input", "0.5 0 1; 1 1 0.25"]) == 0
    steps, h = json.loads(capsys.readouterr().out)["steps"], np.zeros(5)
    for step, x in zip(steps, ([0.5, 0, 1], [1, 1, 0.25]), strict=True):
        h = np.tanh(x @ U + h @ W + b)
        worked = {one["what"]: one["value"] for one in step["worked"]}
        np.testing.assert_allclose(worked[f"h({step['t']})"], h, rtol=1e-12)
        np.testing.assert_allclose(worked[f"y({step['t']})"], h @ V + c, rtol=1e-12)


def test_gates_are_shown_with_their_sums(traced: Traced):
    bits = [1, 1, 0, 1]
    found = traced.values({"gates": GATES}, "gates", " ".join(map(str, bits)))
    U, W, b, V, c = (np.array(GATES[name]) for name in "UWbVc")
    h = np.zeros(2, dtype=int)
    for t, bit in enumerate(bits, start=1):
        total = U @ [bit] + W @ h + b
        h = (total >= 0).astype(int)
        assert found[f"U x({t}) + W h({t - 1}) + b"] == total.tolist()
        assert found[f"h({t})"] == h.tolist()
        assert found[f"y({t})"] == (V @ h + c >= 0).astype(int).tolist()


ONES = '{"x": [[1]], "W": [[1]], "U": [[1]]}'

WRONG_RUN = """
import numpy as np
print("\\033[2J")
def run(x, W, U):
    return np.array([[np.sin(row[0]), len(x)] for row in x])
"""


def test_a_function_shows_what_it_returns_and_not_what_is_right(traced: Traced):
    given = json.dumps({"x": [[0.5], [2]], "W": [[1, 0], [0, 1]], "U": [[1], [1]]})
    found = traced.values(WRONG_RUN, "run", given)
    assert found == {"h(1)": [math.sin(0.5), 2], "h(2)": [math.sin(2), 2]}
    code, out, err = traced(WRONG_RUN, "run", given)
    assert code == 0
    assert "\x1b" not in out + err
    assert f"h(1) = ({math.sin(0.5):.6g}, 2)" in out


def test_what_is_right_is_not_even_computed(traced: Traced, monkeypatch: pytest.MonkeyPatch):
    def computed(*given: object) -> None:
        raise AssertionError("the right values are computed")

    monkeypatch.setattr("grader.kinds.code.instances.Runner.values", computed)
    monkeypatch.setattr("grader.grading.judging.judge_question", computed)
    given = '{"x": [[1]], "W": [[1, 0], [0, 1]], "U": [[1], [1]]}'
    assert traced.values(WRONG_RUN, "run", given) == {"h(1)": [math.sin(1), 1]}


def test_inputs_may_stand_in_a_file(traced: Traced, tmp_path: Path):
    (tmp_path / "in.txt").write_text("1 2\n3 4\n")
    (tmp_path / "in.json").write_text('{"x": [[1, 2], [3, 4]]}')
    wanted = traced.values({"lin": LIN}, "lin", "1 2; 3 4")
    for given in (
        str(tmp_path / "in.txt"),
        str(tmp_path / "in.json"),
        "x=1 2; 3 4",
        '{"x": [[1, 2], [3, 4]]}',
    ):
        assert traced.values({"lin": LIN}, "lin", given) == wanted


def test_the_table_can_be_followed_by_hand(traced: Traced):
    code, out, _ = traced({"lin": {**LIN, "s0": [0, 0]}}, "lin", "1 0")
    assert code == 0
    assert out.splitlines() == [
        "t = 1   x(1) = (1, 0)",
        "    Wss s(0) = (0, 0)",
        "    Wsx x(1) = (1, 1/10)",
        "  s(1)       = (1, 1/10)",
        "  g(1)       = (9/10)",
        "",
        "Every value is exact.",
    ]


@pytest.mark.parametrize(
    ("answer", "question", "inputs", "told"),
    [
        ({"lin": LIN}, "lin", ["1 2 3"], "x: 3 numbers at a step; your network takes 2"),
        ({"lin": LIN}, "lin", ["1"], "x: 1 number at a step; your network takes 2"),
        ({"lin": LIN}, "lin", ["u=1 2"], "the inputs are x; given is u"),
        ({"lin": LIN}, "lin", ["1 2", "3 4"], "given twice"),
        ({"lin": LIN}, "lin", ["a b"], "x"),
        ({"lin": LIN}, "lin", ["{"], "not JSON"),
        ({"lin": LIN}, "lin", [";".join(["1 1"] * 201)], "201 steps; at most 200 are shown"),
        ({"lin": {**LIN, "Wss": [[1]]}}, "lin", ["1 2"], "s0: a flat list of 2 where 1 number was wanted"),
        ({"lin": {**LIN, "Wo": [["a", 1]]}}, "lin", ["1 2"], "letters stand in its weights"),
        (
            {"num": {"n": 1}},
            "num",
            ["1 2"],
            "no network of yours to run (of this exercise lin, gates and run",
        ),
        ({"num": {"n": 1}}, "lin", ["1 2"], "there is no object named lin"),
        ("lin = (", "lin", ["1 2"], "SyntaxError"),
        ("while True: pass", "lin", ["1 2"], "time"),
        (
            "def run(x, W, U): return 1 / 0",
            "run",
            ['{"x": [[1]], "W": [[1]], "U": [[1]]}'],
            "ZeroDivisionError",
        ),
        ("def run(x, W, U): return x", "run", ["1 2"], "run takes x (a vector of n_in), W"),
        ("def run(x, W, U): return W", "run", ['{"x": [[1]], "W": [[1,0],[0,1]], "U": [[1],[1]]}'], "(2, 2)"),
        ("lin = dict(s0=0)\ndef run(x): pass", "lin", ["1 2"], "missing"),
    ],
)
def test_what_cannot_be_run_is_said_in_one_line(traced: Traced, answer, question, inputs, told):
    code, out, err = traced(answer, question, *inputs)
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1


def test_200_steps_are_shown(traced: Traced):
    """The parity of ones is on at every odd step."""
    found = traced.values({"gates": {**GATES, "U": [[1], [1]]}}, "gates", ";".join(["1"] * 200))
    assert [fractions(found[f"y({t})"]) for t in (1, 2, 199, 200)] == [[1], [0], [1], [0]]


def test_a_network_whose_numbers_grow_is_cut_off(traced: Traced):
    weights = {**LIN, "Wss": [["1" + "0" * 40, 0], [0, "1" + "0" * 40]]}
    code, _, err = traced({"lin": weights}, "lin", ";".join(["1 1"] * 100))
    assert code == 2
    assert "grow beyond all bounds (give fewer steps)" in err
