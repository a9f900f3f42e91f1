"""What keeps a trained network from full marks: how it was written down, and what its outputs show."""

from __future__ import annotations

import numpy as np

from grader.explaining import explained
from grader.kinds.training.judge import TrainingFacts, known_targets, par_of
from grader.kinds.training.question import TrainingParams, hidden_set
from grader.model.outcome import Diagnosis, Feedback, Finding
from grader.training.networks import predict
from grader.training.task import FloatArray

# Below half of what a constant makes, an output has been learned; honest networks lie far on either side.
STUCK = 0.5
# What brings an output nearest to the wanted values is named where it is larger.
LEAST_FACTOR, LEAST_SHIFT = 0.1, 0.1


def diagnose(params: TrainingParams, facts: TrainingFacts) -> Finding:
    """How the weights were written down, known wrong targets, and which outputs fall short."""
    causes = [*known_targets(params, facts)]
    feedback: list[Feedback] = []
    if not facts.is_trained and facts.network.cell != "jordan":
        feedback = explained(lambda: _shortcomings(params, facts)) or []
    reading = facts.reading
    return Finding(
        diagnoses=(
            *((Diagnosis(reading.code, reading.message),) if reading.code else ()),
            *(Diagnosis(one.id, one.message) for one in causes),
        ),
        feedback=tuple(feedback),
    )


def _shortcomings(params: TrainingParams, facts: TrainingFacts) -> list[Feedback]:
    """What keeps a network from full marks, output by output: only what its outputs show."""
    errors, missing = facts.errors, facts.network.missing
    is_constant = not float(errors.sum()) / sum(params.constant) < par_of(params)
    stuck = [k for k, error in enumerate(errors) if error > STUCK * params.constant[k]]
    wrong = [_shortcoming(params, facts, k) for k in stuck]
    off = [one for one in wrong if one.code == "output-off"]
    if is_constant and missing:
        return off
    if is_constant:
        text = (
            "That is no better than constant outputs. Draw predicted and wanted values of one sequence, each "
            "output by itself."
        )
        return [Feedback("untrained", text), *off]
    if stuck or missing:
        return wrong
    text = (
        "More epochs may lower it still. The loss jumps now and then, so keep the weights of the lowest "
        "loss, not of the last epoch."
    )
    return [Feedback("train-longer", text)]


def _shortcoming(params: TrainingParams, facts: TrainingFacts, k: int) -> Feedback:
    """What to say of an output that falls short: off by a factor or a constant only, or hardly learned."""
    data, missing = hidden_set(params), facts.network.missing
    factor, shift, rest = _affine(predict(facts.network, data.x)[..., k], data.y[..., k], data.start)
    parts = (("a factor", abs(factor - 1) > LEAST_FACTOR), ("a constant", abs(shift) > LEAST_SHIFT))
    wrong = [name for name, is_off in parts if is_off]
    if rest <= STUCK * params.constant[k] and wrong:
        text = f"y{k + 1} goes up and down with the wanted values, but is off by {' and '.join(wrong)}."
        return Feedback("output-off", text)
    share = facts.errors[k] / params.constant[k]
    text = f"y{k + 1} is hardly learned: its error is {share:.2g} of a constant's."
    if missing:
        text += f" That is without {' and '.join(missing)}, which is not there."
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
