"""`rnngrade author new`: first exercise files that lint clean, about any network."""

from __future__ import annotations

import ast
import math
import tomllib
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main

NETWORKS = [
    "lstm", "gru-reset-after", "elman", "stacked", "bidirectional", "last-step", "encoder-decoder",
    "rnn-b", "pooled",
]  # fmt: skip


def new(*options: str) -> int:
    return main(["author", "new", *options])


@pytest.mark.parametrize("network", NETWORKS)
def test_file_of_every_kind_lints_clean(network: str, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "first.toml"
    assert new("--network", network, "--output", str(path)) == 0
    assert "is ready" in capsys.readouterr().out
    assert main(["author", "lint", str(path)]) == 0
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert [one["check"]["kind"] for one in written["question"]] == ["trace", "code", "count", "shape"]
    for question in written["question"]:
        verdicts = [one["verdict"] for one in question["example"]]
        assert verdicts.count("correct") >= 2
        assert len(verdicts) - verdicts.count("correct") >= 3


def sigmoid(u: float) -> float:
    return 1 / (1 + math.exp(-u))


def gru(values: dict[str, Any]) -> list[list[float]]:
    """Cho et al. (2014): the reset gate acts on the state before its product with a matrix."""
    units = range(len(values["bz"]))
    h, states = [0.0 for _ in units], []
    for x in values["x"]:

        def summed(gate: str, state: list[float], x: list[float] = x) -> list[float]:
            return [
                sum(values[f"W{gate}"][i][j] * x[j] for j in range(len(x)))
                + sum(values[f"U{gate}"][i][j] * state[j] for j in units)
                + values[f"b{gate}"][i]
                for i in units
            ]

        z, r = ([sigmoid(u) for u in summed(gate, h)] for gate in "zr")
        n = [math.tanh(u) for u in summed("n", [r[i] * h[i] for i in units])]
        h = [(1 - z[i]) * n[i] + z[i] * h[i] for i in units]
        states.append(h)
    return states


def test_right_answer_of_a_trace_is_what_a_loop_gives(tmp_path: Path) -> None:
    path = tmp_path / "gru.toml"
    assert new("--network", "gru", "--kinds", "trace", "--output", str(path)) == 0
    question = tomllib.loads(path.read_text(encoding="utf-8"))["question"][0]
    assert question["example"][0]["verdict"] == "correct"
    call = ast.parse(question["example"][0]["answer"]).body[0].value  # type: ignore[attr-defined]
    (answer,) = [ast.literal_eval(one.value) for one in call.keywords if one.arg == "h"]
    for given, wanted in zip(answer, gru(question["check"]["values"]), strict=True):
        assert given == pytest.approx(wanted, abs=0.00501)


def test_number_of_a_count_is_what_the_arrays_hold(tmp_path: Path) -> None:
    path = tmp_path / "lstm.toml"
    assert new("--network", "library/lstm", "--kinds", "count", "--output", str(path)) == 0
    question = tomllib.loads(path.read_text(encoding="utf-8"))["question"][0]
    n_in, n_h = (question["check"]["sizes"][name] for name in ("n_in", "n_h"))
    assert f"parameters={4 * n_h * (n_in + n_h + 1)}" in question["example"][0]["answer"]


def test_network_of_a_file_is_copied_into_the_exercise(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path("networks.toml").write_text(
        '[network.leaky-one]\ninputs = { x = "2" }\nparameters = { U = "n x 2", a = "number" }\n'
        'equations = ["h(t) = (1 - a) * h(t-1) + a * tanh(U @ x(t))"]\nstart = { h = "h0" }\n',
        encoding="utf-8",
    )
    assert new("--network", "networks.toml#leaky-one", "--kinds", "count, shape,code,trace") == 0
    assert "[network.leaky_one]" in Path("leaky_one.toml").read_text(encoding="utf-8")
    assert main(["author", "lint", "leaky_one.toml"]) == 0


def test_file_that_is_there_is_kept(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path("elman.toml").write_text("mine", encoding="utf-8")
    assert new("--network", "elman", "--kinds", "count") == 2
    assert "already there" in capsys.readouterr().err
    assert Path("elman.toml").read_text(encoding="utf-8") == "mine"
    assert new("--network", "elman", "--kinds", "count", "--force") == 0
    assert "kind" in Path("elman.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--network", "lsmt"], "did you mean 'lstm'"),
        (["--network", "lstm", "--kinds", "trace,cuont"], "no draft of kind 'cuont'"),
        (["--network", "adder", "--kinds", "count"], "it has no weights"),
        (["--network", "nowhere.toml#lstm"], "nowhere.toml"),
        (["--network", "lstm", "--kinds", ","], "name at least one kind"),
    ],
)
def test_what_cannot_be_drafted_is_said(options: list[str], told: str, tmp_path: Path, capsys: Any) -> None:
    assert new(*options, "--output", str(tmp_path / "new.toml")) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "new.toml").exists()


COUNT = """
title = "Counts"
source = "week 1"

[[question]]
id = "n"
label = "1"
points = 1
prompt = "How many?"
fields = {{ parameters = "a number" }}

[question.check]
kind = "count"
network = "library/elman"
sizes = {sizes}

[[question.example]]
title = "Right"
answer = "n = {right}"
verdict = "correct"

[[question.example]]
title = "Wrong"
answer = "n = 1"
verdict = "incorrect"
"""


def test_audit_proposes_sizes_that_tell_more(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "count.toml"
    path.write_text(COUNT.format(sizes="{ n_in = 2, n_h = 2, n_out = 2 }", right=16), encoding="utf-8")
    assert main(["author", "audit", str(path)]) == 0
    told = capsys.readouterr().out
    # With all sizes 2 each matrix holds 4 numbers, and 2 + 2 = 2 * 2.
    assert "cannot be told apart: biases-missing, input-weights-missing, recurrent-weights-missing" in told
    assert "cannot be seen: other-feedback, sizes-added" in told
    better = tomllib.loads(told.split("more could be told with: ")[1].splitlines()[0])["sizes"]
    n_in, n_h, n_out = better["n_in"], better["n_h"], better["n_out"]
    right = n_h * (n_in + n_h + 1) + n_out * (n_h + 1)
    sizes = f"{{ n_in = {n_in}, n_h = {n_h}, n_out = {n_out} }}"
    path.write_text(COUNT.format(sizes=sizes, right=right), encoding="utf-8")
    assert main(["author", "lint", str(path)]) == 0
    assert main(["author", "audit", str(path)]) == 0
    assert "each is told from every other" in capsys.readouterr().out


def test_audit_proposes_values_for_a_trace_that_tell_more(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "trace.toml"
    assert new("--network", "elman", "--kinds", "trace", "--output", str(path)) == 0
    text = path.read_text(encoding="utf-8")
    (old,) = [line for line in text.splitlines() if line.startswith("values = ")]
    values = tomllib.loads(old)["values"]
    # Of an input and weights that are all zero next to nothing of a mistake can be seen.
    zeros = {name: zeroed(value) for name, value in values.items()}
    inside = ", ".join(f"{name} = {value}" for name, value in zeros.items())
    path.write_text(text.replace(old, f"values = {{ {inside} }}"), encoding="utf-8")
    capsys.readouterr()
    assert main(["author", "audit", str(path)]) == 0
    hidden = capsys.readouterr().out
    better = hidden.split("more could be told with: ")[1].splitlines()[0]
    path.write_text(text.replace(old, better), encoding="utf-8")
    assert main(["author", "audit", str(path)]) == 0
    assert n_untold(capsys.readouterr().out) < n_untold(hidden)


def zeroed(value: Any) -> Any:
    return [zeroed(one) for one in value] if isinstance(value, list) else 0.0


def n_untold(told: str) -> int:
    lines = [
        line for line in told.splitlines() if line.startswith(("  cannot be told apart", "  cannot be seen"))
    ]
    return sum(len(line.split(", ")) for line in lines)
