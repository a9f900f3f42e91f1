"""Weights of a trained network: the grader runs it on sequences that nobody has seen.

The mark comes from bands of R, the error over that of constant outputs. Nothing is retrained, and where the
network went wrong in a known way the report says in which.
"""

from __future__ import annotations

import functools
import itertools
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from grader.answers.instance_seed import SECRET_ENV, course_secret
from grader.errors import Unreadable
from grader.explaining import explained
from grader.kinds.training.hidden_set import hidden_generator
from grader.model.evidence import Untyped, tried_on
from grader.model.kind import Answer, Asks, Kind, KindExample
from grader.model.outcome import Diagnosis, Feedback, Outcome, verdict_for
from grader.training.bands import Band, constant_errors, share_of
from grader.training.networks import NAMES, Network, read_network
from grader.training.scoring import predict, score_many
from grader.training.task import (
    FloatArray,
    OtherTargets,
    Sequences,
    TaskParams,
    clean_targets,
    draw_sequences,
)

# The work is done and only written down the wrong way round.
TRANSPOSED_SHARE = Fraction(3, 4)
SWAPPED_SHARE = Fraction(1, 2)
# As for every network of another size than the question fixes.
OTHER_SIZE_SHARE = Fraction(1, 2)
# Below half of what a constant makes, an output has been learned; honest networks lie far on either side.
STUCK = 0.5
# What brings an output nearest to the wanted values is told where it is larger.
LEAST_FACTOR, LEAST_SHIFT = 0.1, 0.1
# More outputs than this are not tried in other orders.
MAX_PERMUTED = 3


class TrainingParams(TaskParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `training`.

    Args:
        hidden: Hidden neurons that the network must have.
        stream: Exercise id and version; together with the secret it gives the hidden sequences.
        constant: Mean squared error of the best constant, an output; from `rnngrade author bands`.
        linear: The same of the best linear predictor.
        bands: Shares of the points by R, rising; from `rnngrade author bands`.
        tolerance: By so much an edge is widened: another draw of 64 sequences moves R by 2 to 3 %.
        noise: Standard deviation of the noise that students train with.
        train_seqs: Sequences that students train on.
        n_seqs: Hidden sequences.
        n_steps: Steps of each.
        secret_env: Environment variable with the course's secret; unset, the hidden set is a public one.
    """

    hidden: int
    stream: str
    constant: tuple[float, ...]
    linear: tuple[float, ...]
    bands: tuple[Band, ...]
    tolerance: float = 0.05
    noise: float = 0.1
    train_seqs: int = 8
    n_seqs: int = 64
    n_steps: int = 100
    secret_env: str = SECRET_ENV

    def __post_init__(self) -> None:
        super().__post_init__()
        if not (len(self.constant) == len(self.linear) == len(self.targets)):
            raise ValueError("constant and linear want one number for each target")
        if not all(0 < error < float("inf") for error in self.constant):
            raise ValueError("constant: wanted numbers above 0")
        edges = [band.up_to for band in self.bands]
        if not edges or edges != sorted(edges):
            raise ValueError("bands: wanted at least one, in rising order of up_to")
        if not 0 <= self.tolerance < 1:
            raise ValueError(f"tolerance is {self.tolerance}; wanted 0 to 1")
        if min(self.hidden, self.n_seqs, self.n_steps, self.train_seqs) < 1:
            raise ValueError("hidden, train_seqs, n_seqs and n_steps are counts from 1 on")


class Reading(NamedTuple):
    """One way to read what was handed in.

    Args:
        network: The network.
        share: Factor on its band.
        code: Id of the diagnosis; empty for the network as it stands.
        message: What to say if this reading explains the answer.
    """

    network: Network
    share: Fraction = Fraction(1)
    code: str = ""
    message: str = ""


@functools.lru_cache(maxsize=16)
def _drawn(params: TrainingParams, secret: bytes) -> Sequences:
    rng = hidden_generator(params.stream, params.secret_env)
    return draw_sequences(params, params.n_seqs, params.n_steps, rng)


def hidden_set(params: TrainingParams) -> Sequences:
    """The sequences that decide, kept for the course's secret."""
    return _drawn(params, course_secret(params.secret_env))


def asks(params: TrainingParams) -> Asks:
    """The weights, under their own name or as the question's object."""
    return Asks(fields=("weights",), parts=NAMES)


def judge(params: TrainingParams, answer: Answer) -> Outcome:
    """Run the network on the hidden sequences and find its band.

    Raises:
        Unreadable: If what was handed in is no network.
    """
    if "weights" not in answer.fields:
        raise Unreadable("no weights", f"wanted a dict with {', '.join(NAMES)}", None, "missing-field")
    network = read_network(answer.fields["weights"], params.inputs, len(params.targets), "weights")
    readings = list(_readings(network))
    par = _par(params)
    edges = [sum(params.constant) * band.up_to * (1 + params.tolerance) for band in params.bands]
    edges.append(sum(params.constant) * par)
    errors = score_many([one.network for one in readings], hidden_set(params), edges)
    ratios = errors.sum(axis=1) / sum(params.constant)
    shares = [
        one.share * share_of(ratio, params.bands, params.tolerance, par)
        for one, ratio in zip(readings, ratios, strict=True)
    ]
    # Of readings with the same share the first counts: the network as it stands.
    best = max(range(len(readings)), key=lambda i: (shares[i], -i))
    reading, fraction = readings[best], shares[best]
    messages = []
    causes = [Diagnosis(reading.code, reading.message)] if reading.code else []
    if len(network.params.b) != params.hidden:
        fraction *= OTHER_SIZE_SHARE
        text = f"It has {len(network.params.b)} hidden neurons; the question fixes them at {params.hidden}."
        messages.append(Feedback("hidden-size", text))
    is_full = shares[best] == reading.share
    messages += explained(lambda: _remarks(params, network, errors[best], reading, is_full)) or []
    for mistake in explained(lambda: _recognised(params, reading.network, errors[best])) or []:
        # Full marks have no cause to be told; the remark is still worth reading.
        if fraction == 1:
            messages.append(Feedback(mistake.id, mistake.message))
        else:
            causes.append(Diagnosis(mistake.id, mistake.message))
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=tried_on(params.n_seqs),
        feedback=tuple(messages),
        evidence=(Untyped(table=explained(lambda: _evidence(params, reading.network, errors[best])) or {}),),
        diagnoses=tuple(causes),
    )


def _par(params: TrainingParams) -> float:
    """R of the best constant outputs on the hidden sequences, at most 1."""
    return min(1.0, sum(constant_errors(hidden_set(params))) / sum(params.constant))


def _readings(network: Network) -> list[Reading]:
    params = network.params
    readings = [Reading(network)]
    if network.cell == "jordan":
        return readings
    turned = params._replace(W=params.W.T)
    if network.layout == "mixed":
        # One of U and V has rows and the other columns: either W can be meant.
        readings.append(Reading(network._replace(params=turned)))
    else:
        text = (
            "With W transposed this network does the task: W is handed in the other way round than U and V. "
            "W[i, j] leads from hidden neuron i to j where U and V have a row for each unit they start from."
        )
        code = "transposed-recurrent-weights"
        readings.append(Reading(network._replace(params=turned), TRANSPOSED_SHARE, code, text))
    outputs = range(len(params.c))
    if 1 < len(outputs) <= MAX_PERMUTED:
        for order in itertools.permutations(outputs):
            if list(order) != list(outputs):
                swapped = params._replace(V=params.V[:, list(order)], c=params.c[list(order)])
                text = "With its outputs in another order this network does the task: y1 comes first."
                readings.append(
                    Reading(network._replace(params=swapped), SWAPPED_SHARE, "outputs-swapped", text)
                )
    return readings


def _remarks(
    params: TrainingParams, network: Network, errors: FloatArray, reading: Reading, is_trained: bool
) -> list[Feedback]:
    messages = []
    for name in network.missing:
        text = f"There is no bias {name}; it counts as zero. If the network was trained with one, hand it in."
        messages.append(Feedback("missing-bias", text))
    ratio = float(errors.sum()) / sum(params.constant)
    if np.isfinite(ratio):
        each = ", ".join(f"y{k} {error:.3g}" for k, error in enumerate(errors, start=1))
        start = "Read so, on" if reading.code else "On"
        text = (
            f"{start} {params.n_seqs} sequences it has not seen, its mean squared error is "
            f"{errors.sum():.3g} ({each}): R = {ratio:.3f} of what constant outputs make."
        )
    else:
        text = "Its outputs are too large for a computer's numbers."
    messages.append(Feedback("error", text))
    if network.cell == "jordan":
        text = (
            "W leads from the outputs back, as the sheet's printed equation says (Jordan). Such a network "
            "cannot learn this: y2 needs x3 from three steps ago, which the previous output does not hold. "
            "The sheet's code feeds the hidden layer back (Elman), with W of size n_h x n_h; train that one."
        )
        return [*messages, Feedback("jordan-recurrence", text)]
    if network.layout == "columns":
        text = (
            "The weights were read as columns: one row for each unit that a signal goes to. That is "
            "accepted; asked for was a row for each unit that it comes from, U of shape "
            f"{network.params.U.shape}."
        )
        messages.append(Feedback("columns", text))
    if is_trained:
        return messages
    return [*messages, *(explained(lambda: _shortcomings(params, network, errors)) or ())]


def _shortcomings(params: TrainingParams, network: Network, errors: FloatArray) -> list[Feedback]:
    """What keeps a network from full marks, output by output: only what its outputs show."""
    is_constant = not float(errors.sum()) / sum(params.constant) < _par(params)
    stuck = [k for k, error in enumerate(errors) if error > STUCK * params.constant[k]]
    told = [_shortcoming(params, network, errors, k) for k in stuck]
    off = [one for one in told if one.code == "output-off"]
    if is_constant and network.missing:
        return off
    if is_constant:
        text = (
            "That is no better than constant outputs. Draw predicted and wanted values of one sequence, each "
            "output by itself."
        )
        return [Feedback("untrained", text), *off]
    if stuck or network.missing:
        return told
    text = (
        "More epochs may lower it still. The loss jumps now and then, so keep the weights of the lowest "
        "loss, not of the last epoch."
    )
    return [Feedback("train-longer", text)]


def _shortcoming(params: TrainingParams, network: Network, errors: FloatArray, k: int) -> Feedback:
    """Whether an output goes with the wanted values at all, up to a factor and a constant."""
    data = hidden_set(params)
    factor, shift, rest = _affine(predict(network, data.x)[..., k], data.y[..., k], data.start)
    if rest <= STUCK * params.constant[k] and (abs(factor - 1) > LEAST_FACTOR or abs(shift) > LEAST_SHIFT):
        wrong = [
            *(["a factor"] if abs(factor - 1) > LEAST_FACTOR else []),
            *(["a constant"] if abs(shift) > LEAST_SHIFT else []),
        ]
        text = f"y{k + 1} goes up and down with the wanted values, but is off by {' and '.join(wrong)}."
        return Feedback("output-off", text)
    text = f"y{k + 1} is hardly learned: its error is {errors[k] / params.constant[k]:.2g} of a constant's."
    if network.missing:
        text += f" That is without {' and '.join(network.missing)}, which is not there."
    else:
        text += (
            " That happens to honest runs; start again from another seed and keep the best, or train longer."
        )
    return Feedback("output-not-learned", text)


def _affine(y: FloatArray, wanted: FloatArray, start: int) -> tuple[float, float, float]:
    """The factor and constant that bring y nearest to the wanted values, and the mean square left."""
    came, want = y[:, start:].ravel(), wanted[:, start:].ravel()
    with np.errstate(all="ignore"):
        centred = came - came.mean()
        factor = float(centred @ want / (centred @ centred))
        shift = float(want.mean() - factor * came.mean())
        rest = float(np.mean((want - factor * came - shift) ** 2))
    # An output that is constant or not finite goes with nothing.
    return (factor, shift, rest) if np.isfinite(rest) else (0.0, 0.0, float("inf"))


def _recognised(params: TrainingParams, network: Network, errors: FloatArray) -> list[OtherTargets]:
    """Training targets with a known mistake, seen in the outputs that they change."""
    data = hidden_set(params)
    found = []
    for mistake in params.mistakes:
        wrong = clean_targets(mistake.targets, data.x)
        changed = np.abs(wrong - data.y)[:, data.start :].max(axis=(0, 1)) > 0
        against = score_many([network], data._replace(y=wrong))[0]
        fits = all(
            against[k] < 0.5 * errors[k] and errors[k] < params.constant[k] / 4
            if changed[k]
            else not params.linear[k] > 1e-6 or errors[k] < params.linear[k]
            for k in range(len(errors))
        )
        if changed.any() and fits:
            found.append(mistake)
    return found


def _evidence(params: TrainingParams, network: Network, errors: FloatArray) -> dict[str, Any]:
    """JSON-ready: the errors, whether the hidden set is secret, and a public sequence for show."""
    demo = draw_sequences(params, 1, params.n_steps, np.random.default_rng(0))
    predicted = np.nan_to_num(predict(network, demo.x)[0], nan=0.0, posinf=1e9, neginf=-1e9)
    ratio = float(errors.sum()) / sum(params.constant)
    return {
        "errors": [_rounded(error) for error in errors],
        "ratio": _rounded(ratio),
        "sequences": params.n_seqs,
        "hidden_set": "secret" if course_secret(params.secret_env) else "public",
        "first_step": demo.start + 1,
        "series": {"predicted": predicted.T.round(4).tolist(), "wanted": demo.y[0].T.round(4).tolist()},
    }


def _rounded(value: float) -> float | None:
    return float(f"{value:.4g}") if np.isfinite(value) else None


HIGH_LOW = {
    "inputs": 1,
    "targets": ["x[1]"],
    "hidden": 1,
    "stream": "example/1",
    "constant": [0.083],
    "linear": [0.0],
    "bands": [{"up_to": 0.05, "share": "1"}, {"up_to": 0.5, "share": "1/2"}],
    "n_seqs": 8,
    "n_steps": 20,
}
TWO = {**HIGH_LOW, "targets": ["x[1]", "0"], "constant": [0.083, 0.083], "linear": [0.0, 0.0]}

CHECK = Kind(
    params=TrainingParams,
    asks=asks,
    judge=judge,
    examples=(
        KindExample(
            "A network that follows its input",
            HIGH_LOW,
            "q = dict(U=[[0.1]], W=[[0]], V=[[10]], b=[0], c=[0])",
            "correct",
            code="error",
        ),
        KindExample(
            "The same under the name weights, without its zero biases",
            HIGH_LOW,
            "weights = dict(U=[[0.1]], W=[[0]], V=[[10]])",
            "correct",
            code="missing-bias",
        ),
        KindExample(
            "Learned by half",
            HIGH_LOW,
            "q = dict(U=[[0.1]], W=[[0]], V=[[5]], b=[0], c=[0.25])",
            "partial",
            code="train-longer",
        ),
        KindExample(
            "Before training",
            HIGH_LOW,
            "q = dict(U=[[0.1]], W=[[0]], V=[[-3]], b=[0], c=[0])",
            "incorrect",
            code="untrained",
        ),
        KindExample(
            "Outputs in the wrong order",
            TWO,
            "q = dict(U=[[0.1]], W=[[0]], V=[[0, 10]], b=[0], c=[0, 0])",
            "partial",
            code="error",
        ),
        KindExample(
            "More hidden neurons than asked for",
            HIGH_LOW,
            "q = dict(U=[[0.1, 0]], W=[[0, 0], [0, 0]], V=[[10], [0]], b=[0, 0], c=[0])",
            "partial",
            code="hidden-size",
        ),
        KindExample(
            "NaN after a diverged training",
            HIGH_LOW,
            "q = dict(U=[[float('nan')]], W=[[0]], V=[[10]], b=[0], c=[0])",
            "invalid",
            code="not-finite",
        ),
        KindExample(
            "Not a network",
            HIGH_LOW,
            "q = dict(U=[[0.1]], W=[[0, 1, 2]], V=[[10]], b=[0], c=[0])",
            "invalid",
            code="shape",
        ),
    ),
)
