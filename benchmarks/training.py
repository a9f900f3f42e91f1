"""Figures of docs/training.md: honest work never fails, mistakes are named, and how fast it all is.

    OPENBLAS_NUM_THREADS=1 python benchmarks/training.py [student|data|gradients|networks|weights|trainer]...

Every part runs alone on one core; `weights` and `trainer` compare with PyTorch in the same run where it is
installed, and say so where it is not.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.kinds.generator.examination import examine
from grader.kinds.generator.question import Data
from grader.kinds.gradient.judge import block_errors, is_right
from grader.kinds.gradient.question import GradientParams, arguments_of, trials
from grader.kinds.gradient.trials import GradientTrial
from grader.kinds.training.question import TrainingParams, hidden_set
from grader.model.submission import AnswerFile, Submission
from grader.specs import Kinds, find_exercise, load_exercise
from grader.training.bands import share_of
from grader.training.networks import TrainedNetwork, score_many
from reference.bptt import Parameters, bptt, cost, forward
from reference.sequence_data import draw
from reference.trainer import glorot, train

EXERCISE = "ntu-cz4042-tutorial-8"
DATA_SETS = 20_000
GRADIENT_SEEDS = 25
NETWORKS = 60
WEIGHT_SETS = 10_000


def params_of(question_id: str) -> Any:
    """The parameters of a question of the exercise."""
    exercise = load_exercise(find_exercise(EXERCISE).path, Kinds(kind_names(), find_kind), with_examples=True)
    return next(question.params for question in exercise.questions if question.id == question_id)


def data() -> None:
    """Honest data sets: how many fail, and how near the nearest came."""
    params = params_of("q2_data")
    for n_seqs in (8, 64):
        rng = np.random.default_rng(2026)
        failures, largest, start = 0, 0.0, time.process_time()
        for _ in range(DATA_SETS):
            found = examine(params, params.noise, Data(*draw(n_seqs, 100, rng)))
            faults = (found.inputs, any(found.formulas), found.noise, found.is_shared)
            failures += any(faults)
            largest = max(largest, found.largest)
        each = (time.process_time() - start) / DATA_SETS
        print(
            f"{DATA_SETS} honest data sets of {n_seqs} x 100: {failures} failures, largest statistic "
            f"{largest:.2f} of its bound, {1000 * each:.1f} ms each",
            flush=True,
        )


def _by_differences(
    probe: tuple[Any, ...], step: float, is_central: bool, dtype: type[np.floating]
) -> Parameters:
    x, wanted, params = probe
    made = []
    for k, array in enumerate(params):
        gradient = np.zeros_like(array)
        for index in np.ndindex(array.shape):

            def at(change: float, k: int = k, index: tuple[int, ...] = index) -> float:
                arrays = [one.copy() for one in params]
                arrays[k][index] += change
                return cost(forward(x, Parameters(*arrays)).y, wanted)

            below, width = (at(-step), 2 * step) if is_central else (at(0.0), step)
            gradient[index] = (at(step) - below) / width
        made.append(gradient.astype(dtype))
    return Parameters(*made)


def _loops(probe: tuple[Any, ...], dtype: type[np.floating], by_columns: bool) -> Parameters:
    """Backpropagation as a student writes it: sequence by sequence, all in one precision."""
    x, wanted, params = probe
    x, wanted = x.astype(dtype), wanted.astype(dtype)
    U, W, V, b, c = (array.astype(dtype) for array in params)
    n, T, _ = x.shape
    dU, dW, dV, db, dc = (np.zeros_like(array) for array in (U, W, V, b, c))
    scale = dtype(2 / (n * T))
    for s in range(n):
        h = [np.zeros(len(b), dtype)]
        for t in range(T):
            h.append(np.tanh(U.T @ x[s, t] + W.T @ h[-1] + b if by_columns else x[s, t] @ U + h[-1] @ W + b))
        carried = np.zeros(len(b), dtype)
        for t in range(T, 0, -1):
            e = scale * (h[t] @ V + c - wanted[s, t - 1])
            dz = (1 - h[t] * h[t]) * (V @ e + carried)
            dU += np.outer(x[s, t - 1], dz)
            dW += np.outer(h[t - 1], dz)
            dV += np.outer(h[t], e)
            db += dz
            dc += e
            carried = W @ dz
    return Parameters(dU, dW, dV, db, dc)


HONEST_GRADIENTS: dict[str, Callable[[tuple[Any, ...]], Parameters]] = {
    "matrices, float64": lambda p: bptt(*p),
    "loops in rows, float64": lambda p: _loops(p, np.float64, by_columns=False),
    "loops in columns, float64": lambda p: _loops(p, np.float64, by_columns=True),
    "loops in rows, float32": lambda p: _loops(p, np.float32, by_columns=False),
    "loops in columns, float32": lambda p: _loops(p, np.float32, by_columns=True),
    "central differences 1e-4": lambda p: _by_differences(p, 1e-4, True, np.float64),
    "central differences 1e-6, handed back in float32": lambda p: _by_differences(p, 1e-6, True, np.float32),
    "forward differences 1e-6": lambda p: _by_differences(p, 1e-6, False, np.float64),
}


def _errors(
    function: Callable[[tuple[Any, ...]], Parameters], params: GradientParams, trial: GradientTrial
) -> list[float]:
    """The largest error of each gradient that a function returns on a trial."""
    x, wanted, *weights = arguments_of(params, trial).values()
    got = function((x, wanted, Parameters(*weights)))._asdict()
    found = block_errors({name: np.asarray(one, np.float64) for name, one in got.items()}, trial.right)
    return list(found.values())


def gradients() -> None:
    """200 honest gradient functions: eight ways to write one, on 25 draws of all trials."""
    params: GradientParams = params_of("q2_bptt")
    total = 0
    for name, function in HONEST_GRADIENTS.items():
        worst, failures = 0.0, 0
        for seed in range(GRADIENT_SEEDS):
            tried = trials(msgspec.structs.replace(params, seed=seed))
            errors = [_errors(function, params, trial) for trial in tried]
            worst = max(worst, *(max(one) for one in errors))
            failures += not all(
                is_right(one, trial.tolerance) for one, trial in zip(errors, tried, strict=True)
            )
        total += failures
        print(f"  {name}: {failures} of {GRADIENT_SEEDS} fail, largest error {worst:.1e}", flush=True)
    print(f"{len(HONEST_GRADIENTS) * GRADIENT_SEEDS} honest gradient functions: {total} failures", flush=True)


def networks() -> None:
    """Honest networks after several numbers of epochs: which share of the marks they get."""
    params: TrainingParams = params_of("q2_weights")
    hidden = hidden_set(params)
    rng = np.random.default_rng(77)
    for n_epochs in (1000, 2000, 5000, 10_000, 20_000):
        found: list[float] = []
        rng = np.random.default_rng(77)
        for _ in range(4):
            set_of_data = draw(8, 100, rng)
            start = glorot(rng, 3, 5, 2, runs=NETWORKS // 4)
            trained = train(*set_of_data, start, n_epochs, dtype=np.float32).params
            made = [TrainedNetwork(Parameters(*(a[i] for a in trained))) for i in range(NETWORKS // 4)]
            found += list(score_many(made, hidden).sum(axis=1) / sum(params.constant))
        shares = [share_of(ratio, params.bands, params.tolerance) for ratio in found]
        counts = {str(share): shares.count(share) for share in sorted(set(shares), reverse=True)}
        quantiles = ", ".join(f"{np.quantile(found, q):.3f}" for q in (0, 0.1, 0.5, 0.9, 1))
        print(f"{NETWORKS} honest networks, {n_epochs} epochs: shares {counts}; R {quantiles}", flush=True)


def _torch() -> Any:
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: nothing is compared with it", flush=True)
        return None
    torch.set_num_threads(1)
    return torch


def weights() -> None:
    """Scoring weight sets: all together, one by one, and one by one with torch.nn.RNN."""
    params: TrainingParams = params_of("q2_weights")
    hidden = hidden_set(params)
    made = glorot(np.random.default_rng(0), 3, 5, 2, runs=WEIGHT_SETS)
    sets = [TrainedNetwork(Parameters(*(a[i] for a in made))) for i in range(WEIGHT_SETS)]
    edges = [sum(params.constant) * band.up_to for band in params.bands]
    start = time.process_time()
    together = score_many(sets, hidden, edges)
    many_s = time.process_time() - start
    print(f"{WEIGHT_SETS} weight sets together: {many_s:.2f} s CPU", flush=True)
    few = 500
    start = time.process_time()
    alone = np.array([score_many([one], hidden, edges)[0] for one in sets[:few]])
    one_s = (time.process_time() - start) / few
    print(
        f"one by one: {1000 * one_s:.2f} ms each; largest relative difference "
        f"{np.abs(alone / together[:few] - 1).max():.1e}; ratio {one_s * WEIGHT_SETS / many_s:.1f}"
    )
    torch = _torch()
    if torch is None:
        return
    x, y = torch.tensor(hidden.x, dtype=torch.float32), torch.tensor(hidden.y, dtype=torch.float32)
    rnn, linear = torch.nn.RNN(3, 5, batch_first=True), torch.nn.Linear(5, 2)
    start, errors = time.process_time(), []
    with torch.no_grad():
        for one in sets[:few]:
            U, W, V, b, c = (torch.tensor(a, dtype=torch.float32) for a in one.params)
            rnn.weight_ih_l0.copy_(U.T)
            rnn.weight_hh_l0.copy_(W.T)
            rnn.bias_ih_l0.copy_(b)
            rnn.bias_hh_l0.zero_()
            linear.weight.copy_(V.T)
            linear.bias.copy_(c)
            errors.append((((linear(rnn(x)[0]) - y)[:, hidden.start :]) ** 2).mean(dim=(0, 1)).numpy())
    torch_s = (time.process_time() - start) / few
    print(
        f"torch.nn.RNN one by one: {1000 * torch_s:.2f} ms each; largest relative difference "
        f"{np.abs(np.array(errors) / together[:few] - 1).max():.1e}; "
        f"ratio {torch_s * WEIGHT_SETS / many_s:.1f}"
    )


def trainer() -> None:
    """The fused trainer against torch.nn.RNN with autograd and optim.Adam, epochs a CPU second."""
    rng = np.random.default_rng(1)
    x, y = draw(8, 100, rng)
    start_weights = glorot(rng, 3, 5, 2)
    torch = _torch()
    for round_number in (1, 2, 3):
        start = time.process_time()
        losses = train(x, y, start_weights, 1000).losses
        ours = 1000 / (time.process_time() - start)
        print(f"round {round_number}: fused trainer {ours:.0f} epochs/s", end="")
        if torch is None:
            print()
            continue
        rnn = torch.nn.RNN(3, 5, batch_first=True, dtype=torch.float64)
        linear = torch.nn.Linear(5, 2, dtype=torch.float64)
        U, W, V, b, c = (torch.tensor(a) for a in start_weights)
        with torch.no_grad():
            rnn.weight_ih_l0.copy_(U.T)
            rnn.weight_hh_l0.copy_(W.T)
            rnn.bias_ih_l0.copy_(b)
            rnn.bias_hh_l0.zero_()
            linear.weight.copy_(V.T)
            linear.bias.copy_(c)
        rnn.bias_hh_l0.requires_grad_(False)
        trained = [one for one in (*rnn.parameters(), *linear.parameters()) if one.requires_grad]
        optimizer = torch.optim.Adam(trained, lr=0.01)
        inputs, wanted = torch.tensor(x), torch.tensor(y)
        start = time.process_time()
        for _ in range(100):
            loss = ((linear(rnn(inputs)[0]) - wanted) ** 2).sum(2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        theirs = 100 / (time.process_time() - start)
        print(
            f", torch {theirs:.0f} epochs/s, ratio {ours / theirs:.1f}; "
            f"100th loss {losses[99]:.6f} and {float(loss.detach()):.6f}",
            flush=True,
        )


def student() -> None:
    """One student's whole question 2, right and wrong, CPU of grader and student together."""
    exercise = load_exercise(find_exercise(EXERCISE).path, Kinds(kind_names(), find_kind), with_examples=True)
    questions = [question for question in exercise.questions if question.id.startswith("q2_")]
    right = "\n".join(question.examples[0].answer for question in questions)
    wrong = "\n".join(
        next(one.answer for one in question.examples if one.diagnoses or one.verdict == "incorrect")
        for question in questions
    )
    for name, source in (("right", right), ("wrong everywhere", wrong), ("wrong again", wrong)):
        submission = Submission(student="s", files=(AnswerFile("answer.py", source.encode()),), digest="")
        start = time.process_time()
        report = mark(exercise, submission)
        ours = time.process_time() - start
        print(
            f"a student {name}: {ours:.2f} s CPU in the grader, {report.usage.cpu_s:.2f} s in the student's "
            f"code, points {float(report.points):g}",
            flush=True,
        )


PARTS = {
    "student": student,
    "data": data,
    "gradients": gradients,
    "networks": networks,
    "weights": weights,
    "trainer": trainer,
}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
