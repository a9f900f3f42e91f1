"""A trained network's error on hidden sequences, compared with the bands.

The mark comes from bands of R, the error over that of constant outputs. Nothing is retrained.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec
import numpy as np
from msgspec import UNSET, UnsetType

from grader.answers.drawing import course_secret
from grader.errors import Unreadable
from grader.explaining import explained
from grader.kinds.training.question import TrainingParams, hidden_set
from grader.model.evidence import COUNTEREXAMPLE, LOCATION, Evidence, tried_on
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback
from grader.training.bands import constant_errors, share_of
from grader.training.calls import judged
from grader.training.networks import NAMES, TrainedNetwork, predict, read_network, score_many
from grader.training.task import FloatArray, OtherTargets, TaskParams, clean_targets, draw_sequences, rounded

if TYPE_CHECKING:
    from grader.networks.running.stepwise import OwnNetwork

# The work is done and only written down the wrong way round.
TRANSPOSED_SHARE = Fraction(3, 4)
SWAPPED_SHARE = Fraction(1, 2)
# As for every network of another size than the question fixes.
OTHER_SIZE_SHARE = Fraction(1, 2)
# More outputs than this are not tried in other orders.
MAX_PERMUTED = 3


class Series(msgspec.Struct, frozen=True):
    """A public sequence: for each output the predicted values and the wanted ones."""

    predicted: list[list[float]]
    wanted: list[list[float]]


class TrainingEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows of a trained network.

    Args:
        errors: Mean squared error of each output; None where it is infinite.
        ratio: R, the sum of the errors over that of constant outputs.
        sequences: How many hidden ones it was run on.
        hidden_set: "secret" or "public".
        first_step: The first step that counts, from 1.
        series: What it makes of a public sequence.
    """

    errors: Annotated[list[float | None] | UnsetType, LOCATION] = UNSET
    ratio: Annotated[float | UnsetType | None, LOCATION] = UNSET
    sequences: Annotated[int | UnsetType, LOCATION] = UNSET
    hidden_set: Annotated[str | UnsetType, LOCATION] = UNSET
    first_step: Annotated[int | UnsetType, LOCATION] = UNSET
    series: Annotated[Series | UnsetType, COUNTEREXAMPLE] = UNSET


class WeightReading(NamedTuple):
    """One way to read the weights of an answer.

    Args:
        network: The network.
        share: Factor on its band.
        code: Id of the diagnosis; empty for the network as it stands.
        message: What to say if this reading explains the answer.
    """

    network: TrainedNetwork
    share: Fraction = Fraction(1)
    code: str = ""
    message: str = ""


class TrainingFacts(NamedTuple):
    """What was read and found.

    Args:
        network: As it stands in the answer.
        reading: The way to read it that earns most.
        errors: (n_out,) mean squared errors, read so.
        is_trained: Whether these earn all that the reading can.
    """

    network: TrainedNetwork
    reading: WeightReading
    errors: FloatArray
    is_trained: bool


def judge(params: TrainingParams, answer: Answer) -> Judgement[TrainingFacts]:
    """Run the network on the hidden sequences and find its band.

    Raises:
        Unreadable: If the weights are no network.
    """
    if "weights" not in answer.fields:
        raise Unreadable("no weights", f"wanted a dict with {', '.join(NAMES)}", None, "missing-field")
    network = read_network(answer.fields["weights"], params.inputs, len(params.targets), "weights")
    facts, fraction = _best_reading(params, network)
    feedback = []
    if len(network.params.b) != params.hidden:
        fraction *= OTHER_SIZE_SHARE
        text = f"It has {len(network.params.b)} hidden neurons; the question fixes them at {params.hidden}."
        feedback.append(Feedback("hidden-size", text))
    feedback += explained(lambda: _remarks(params, facts)) or []
    if fraction == 1:
        # Full marks have no cause to be found; the remark is still worth reading.
        found = explained(lambda: known_targets(params, facts)) or ()
        feedback += [Feedback(mistake.id, mistake.message) for mistake in found]
    evidence = explained(lambda: _evidence(params, facts)) or ()
    return judged(facts, fraction, tried_on(params.n_seqs), feedback, *evidence)


def _best_reading(params: TrainingParams, network: TrainedNetwork) -> tuple[TrainingFacts, Fraction]:
    readings, constant, par = _readings(network), sum(params.constant), par_of(params)
    edges = [constant * band.up_to * (1 + params.tolerance) for band in params.bands]
    errors = score_many([one.network for one in readings], hidden_set(params), [*edges, constant * par])
    shares = [
        one.share * share_of(ratio, params.bands, params.tolerance, par)
        for one, ratio in zip(readings, errors.sum(axis=1) / constant, strict=True)
    ]
    # Of readings with the same share the first counts: the network as it stands.
    best = max(range(len(readings)), key=lambda i: (shares[i], -i))
    facts = TrainingFacts(network, readings[best], errors[best], shares[best] == readings[best].share)
    return facts, shares[best]


def par_of(params: TrainingParams) -> float:
    """R of the best constant outputs on the hidden sequences, at most 1."""
    return min(1.0, sum(constant_errors(hidden_set(params))) / sum(params.constant))


def _readings(network: TrainedNetwork) -> list[WeightReading]:
    params = network.params
    readings = [WeightReading(network)]
    if network.cell == "jordan":
        return readings
    turned = params._replace(W=params.W.T)
    if network.layout == "mixed":
        # One of U and V has rows and the other columns: either W can be meant.
        readings.append(WeightReading(network._replace(params=turned)))
    else:
        text = (
            "With W transposed this network does the task: W is handed in the other way round than U and V. "
            "W[i, j] leads from hidden neuron i to j where U and V have a row for each unit they start from."
        )
        code = "transposed-recurrent-weights"
        readings.append(WeightReading(network._replace(params=turned), TRANSPOSED_SHARE, code, text))
    outputs = range(len(params.c))
    if 1 < len(outputs) <= MAX_PERMUTED:
        for order in itertools.permutations(outputs):
            if list(order) != list(outputs):
                swapped = params._replace(V=params.V[:, list(order)], c=params.c[list(order)])
                text = "With its outputs in another order this network does the task: y1 comes first."
                readings.append(
                    WeightReading(network._replace(params=swapped), SWAPPED_SHARE, "outputs-swapped", text)
                )
    return readings


def _remarks(params: TrainingParams, facts: TrainingFacts) -> list[Feedback]:
    """What is said of any network: missing biases, its error, and how it was read."""
    network, errors = facts.network, facts.errors
    messages = []
    for name in network.missing:
        text = f"There is no bias {name}; it counts as zero. If the network was trained with one, hand it in."
        messages.append(Feedback("missing-bias", text))
    ratio = float(errors.sum()) / sum(params.constant)
    if np.isfinite(ratio):
        each = ", ".join(f"y{k} {error:.3g}" for k, error in enumerate(errors, start=1))
        start = "Read so, on" if facts.reading.code else "On"
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
        messages.append(Feedback("jordan-recurrence", text))
    elif network.layout == "columns":
        text = (
            "The weights were read as columns: one row for each unit that a signal goes to. That is "
            "accepted; asked for was a row for each unit that it comes from, U of shape "
            f"{network.params.U.shape}."
        )
        messages.append(Feedback("columns", text))
    return messages


def known_targets(params: TrainingParams, facts: TrainingFacts) -> list[OtherTargets]:
    """Training targets with a known mistake, seen in the outputs that they change."""
    data, errors = hidden_set(params), facts.errors
    found = []
    for mistake in params.mistakes:
        wrong = clean_targets(mistake.targets, data.x)
        changed = np.abs(wrong - data.y)[:, data.start :].max(axis=(0, 1)) > 0
        against = score_many([facts.reading.network], data._replace(y=wrong))[0]
        fits = all(
            against[k] < 0.5 * errors[k] and errors[k] < params.constant[k] / 4
            if changed[k]
            else not params.linear[k] > 1e-6 or errors[k] < params.linear[k]
            for k in range(len(errors))
        )
        if changed.any() and fits:
            found.append(mistake)
    return found


def _evidence(params: TrainingParams, facts: TrainingFacts) -> tuple[TrainingEvidence]:
    """The errors, whether the hidden set is secret, and a public sequence for show."""
    demo = draw_sequences(params, 1, params.n_steps, np.random.default_rng(0))
    predicted = np.nan_to_num(predict(facts.reading.network, demo.x)[0], nan=0.0, posinf=1e9, neginf=-1e9)
    evidence = TrainingEvidence(
        errors=[rounded(error, 4) for error in facts.errors],
        ratio=rounded(float(facts.errors.sum()) / sum(params.constant), 4),
        sequences=params.n_seqs,
        hidden_set="secret" if course_secret(params.secret_env) else "public",
        first_step=demo.start + 1,
        series=Series(predicted.T.round(4).tolist(), demo.y[0].T.round(4).tolist()),
    )
    return (evidence,)


FED_BACK = {"elman": ("h", "n_h x n_h"), "jordan": ("y", "n_out x n_h")}


def own_network(params: TaskParams, answer: Answer) -> OwnNetwork:
    """The network of the handed-in weights, Elman or Jordan, with rows or columns; no sequence is drawn.

    Args:
        params: The question.
        answer: What was handed in for it.

    Raises:
        Unreadable: If they are no network.
    """
    # Loaded where a network is run step by step: most answers are only judged.
    from grader.networks.equations.declaration import NetworkTable, network_of
    from grader.networks.running.stepwise import OwnNetwork

    trained = read_network(answer.fields["weights"], params.inputs, len(params.targets), "weights")
    name, size = FED_BACK[trained.cell]
    table = NetworkTable(
        inputs={"x": "n_in"},
        parameters={"U": "n_in x n_h", "W": size, "V": "n_h x n_out", "b": "n_h", "c": "n_out"},
        equations=(
            f"h(t) = tanh(U.T @ x(t) + W.T @ {name}(t-1) + b)",
            "y(t) = V.T @ h(t) + c",
        ),
    )
    arrays = trained.params._asdict()
    n_in, n_h = np.shape(arrays["U"])
    return OwnNetwork(
        network=network_of(table),
        parameters={name: _exact(np.asarray(array).tolist()) for name, array in arrays.items()},
        sizes={"n_in": n_in, "n_h": n_h, "n_out": len(params.targets)},
    )


def _exact(value: Any) -> Any:
    return tuple(map(_exact, value)) if isinstance(value, list) else Fraction(value)
