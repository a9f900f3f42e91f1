"""A training function: its losses from given data and weights, epoch by epoch.

Full-batch training is the same for everyone for the first two hundred epochs, to many digits; then rounding
takes over. So a hundred epochs are compared, strictly, and nothing is ever trained to the end.
"""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from grader.answers.arrays import from_numpy
from grader.answers.instance_seed import instance_seed
from grader.errors import Unreadable
from grader.explaining import explained
from grader.kinds.trajectory.read import Returned, read_trained
from grader.kinds.trajectory.trajectories import (
    CLIPPED,
    Fit,
    Run,
    Start,
    draw_start,
    explain,
    fit,
    mistaken_losses,
    right_run,
)
from grader.model.evidence import Untyped, tried_on
from grader.model.kind import Answer, Asks, Kind, KindExample
from grader.model.outcome import Diagnosis, Feedback, Outcome, verdict_for
from grader.model.run import Call, CallReading
from grader.model.value import Fields, Number
from grader.training.calls import not_run, result_of
from grader.training.cost_scales import scale_words
from grader.training.task import FloatArray, TaskParams, draw_sequences
from reference.bptt import cost, forward

# The training is right; what is logged or handed back is not what was asked.
OTHER_SCALE_SHARE = Fraction(3, 4)
WEIGHTS_SHARE = Fraction(3, 4)
CHANGES_DATA_SHARE = Fraction(3, 4)
KEEPS_STATE_SHARE = Fraction(1, 2)
# It starts where it should and the cost falls.
TRAINS_SHARE = Fraction(1, 4)
FALLS = 0.9
# Losses move by up to a factor of 1.84 from one entry to the next.
ABOUT = 2.0
# A hundred epochs of rounding in float32, seen in the cost.
WEIGHTS_TOLERANCE = 1e-4
# As in a step of Adam alone.
IGNORES_LR_SHARE = Fraction(3, 4)
SMALL = (2, 8, 3)
"""Sequences, steps and epochs of the short training."""
OTHER_LR = 2.0
"""The short training's learning factor over the long one's."""
TINY = (1, 1, 2)
"""The same of the one with a single hidden neuron."""
LOUD = (3, 6, 12)
"""The same of the one whose gradients are beyond what people clip at."""
# Adam's steps do not grow with the gradients; with such large targets only long ones change the cost.
LOUD_TARGETS, LOUD_LR = 100.0, 100.0
# Right in the training that is compared, not for sizes of 1 or large targets.
NEARLY_SHARE = Fraction(3, 4)


class TrajectoryParams(TaskParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `trajectory`.

    Args:
        function: Its name; called as function(x, y, params, n_epochs, lr) with params a dict of U, W, V, b
            and c; returns (params, losses), one loss an epoch.
        hidden: Hidden neurons.
        noise: Standard deviation of the noise on the targets.
        n_seqs: Sequences.
        n_steps: Steps of each.
        n_epochs: Epochs compared; beyond 200 rounding decides.
        lr: Learning factor.
        seed: Of data and weights.
    """

    function: str = "train"
    hidden: int
    noise: float = 0.1
    n_seqs: int = 4
    n_steps: int = 30
    n_epochs: int = 100
    lr: float = 0.01
    seed: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.function.isidentifier():
            raise ValueError(f"function is {self.function!r}, which is no name")
        if not 1 <= self.n_epochs <= 200:
            raise ValueError(f"n_epochs is {self.n_epochs}; beyond 200 honest trainings differ by rounding")
        if min(self.hidden, self.n_seqs, self.n_steps) < 1 or not self.lr > 0:
            raise ValueError("hidden, n_seqs and n_steps are counts from 1 on, lr is above 0")

    @property
    def signature(self) -> str:
        """How the function is called, for messages."""
        return f"{self.function}(x, y, params, n_epochs, lr)"


class Task(NamedTuple):
    """A training to make, with which learning factor, and what it gives."""

    start: Start
    n_epochs: int
    lr: float
    run: Run


class Tasks(NamedTuple):
    """The training that is compared, a short one, one of size 1, and one with large targets."""

    long: Task
    short: Task
    tiny: Task
    loud: Task


def tasks(params: TrajectoryParams) -> Tasks:
    """All trainings, in the order of the calls."""
    return _tasks(params, instance_seed(f"trajectory/{params.function}", params.seed))


@functools.lru_cache(maxsize=16)
def _tasks(params: TrajectoryParams, seed: int) -> Tasks:
    rng = np.random.default_rng(seed)
    long = params.n_seqs, params.n_steps, params.n_epochs
    lr, hidden = params.lr, params.hidden
    return Tasks(
        _drawn(params, long, lr, hidden, rng),
        _drawn(params, SMALL, OTHER_LR * lr, hidden, rng),
        _drawn(params, TINY, lr, 1, rng),
        _drawn(params, LOUD, LOUD_LR * lr, hidden, rng, LOUD_TARGETS),
    )


def _drawn(
    params: TrajectoryParams,
    size: tuple[int, int, int],
    lr: float,
    hidden: int,
    rng: np.random.Generator,
    scale: float = 1.0,
) -> Task:
    n_seqs, n_steps, n_epochs = size
    data = draw_sequences(params, n_seqs, n_steps, rng)
    start = draw_start(data.x, scale * data.y, params.noise, hidden, rng)
    return Task(start, n_epochs, lr, right_run(start, n_epochs, lr))


def probes(params: TrajectoryParams) -> tuple[Call, ...]:
    """The training that is compared, a short one, twice to catch kept state, then the two others.

    The long one comes first: what a short one leaves behind would spoil it.
    """
    return tuple(
        Call(
            question="",
            function=(),
            args=(
                from_numpy(task.start.x),
                from_numpy(task.start.y),
                Fields({name: from_numpy(array) for name, array in task.start.params._asdict().items()}),
                Number(str(task.n_epochs), "int"),
                Number(repr(task.lr), "float"),
            ),
            times=times,
            returns_arguments=True,
        )
        for task, times in zip(tasks(params), (1, 2, 1, 1), strict=True)
    )


def judge(params: TrajectoryParams, answer: Answer) -> Outcome:
    """The same losses as right training, or the mistake that gives these.

    Raises:
        Unreadable: If the function does not run or returns no losses.
    """
    task, short, *others = tasks(params)
    call, short_call, *other_calls = answer.calls
    got = read_trained(result_of(call, params.signature, _asked(task)), *task.start, params.function)
    result_of(short_call, params.signature, _asked(short))
    if short_call.fault is not None:
        raise not_run(short_call.fault, params.signature, _asked(short))
    shorts = [read_trained(value, *short.start, params.function) for value in short_call.results]
    runs = [one.losses for one in shorts]
    keeps_state = not _are_alike(*runs)
    evidence: dict[str, Any] = {
        "epochs": task.n_epochs,
        "losses": [float(f"{loss:.6g}") if np.isfinite(loss) else None for loss in got.losses[:201]],
    }
    found = fit(got.losses, task.run.losses)
    if found is None:
        return _wrong(params, task, got, evidence, keeps_state)
    is_like = _is_like(found, fit(runs[0], short.run.losses))
    ignores_lr = not is_like and _is_like(
        found, fit(runs[0], right_run(short.start, short.n_epochs, params.lr).losses)
    )
    if not (is_like or ignores_lr or keeps_state):
        fraction = TRAINS_SHARE if _trains(short, shorts[0]) and _trains(task, got) else Fraction(0)
        return Outcome(
            verdict=verdict_for(fraction),
            fraction=fraction,
            basis=tried_on(len(Tasks._fields)),
            feedback=(_short_differs(),),
            evidence=(Untyped(table=evidence),),
        )
    pairs = list(zip(others, other_calls, strict=True))
    elsewhere = [told for pair in pairs if (told := _elsewhere(params, found, *pair)) is not None]
    clipped = explained(lambda: _clipped(params, *pairs[-1])) if len(elsewhere) else None
    fraction, messages = Fraction(1), []
    for share, message in (
        *_scale(params, found),
        *_weights(task, got),
        *_data(got),
        *((_kept(),) if keeps_state else ()),
        *((_ignores_lr(params),) if ignores_lr else ()),
        *(() if keeps_state or ignores_lr else elsewhere),
    ):
        fraction = min(fraction, share)
        messages.append(message)
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=tried_on(len(Tasks._fields)),
        feedback=tuple(messages),
        evidence=(Untyped(table=evidence),),
        diagnoses=(clipped,) if clipped and not (keeps_state or ignores_lr) else (),
    )


def _elsewhere(
    params: TrajectoryParams, found: Fit, task: Task, call: CallReading
) -> tuple[Fraction, Feedback] | None:
    """What is wrong with a training of size 1, or with large targets; None if nothing is."""
    is_tiny = task.n_epochs == TINY[-1] and len(task.start.x) == 1
    sizes = _asked(task) if is_tiny else f"{_asked(task)}, targets {LOUD_TARGETS:g} times as large"
    try:
        got = read_trained(result_of(call, params.signature, sizes), *task.start, params.function)
    except Unreadable as failure:
        what = failure.message
    else:
        if _is_like(found, fit(got.losses, task.run.losses)):
            return None
        what = "its losses are not those of full-batch Adam"
    text = f"The long training is right, but with {sizes}: {what}."
    return NEARLY_SHARE, Feedback("wrong-at-size-one" if is_tiny else "wrong-where-large", text)


def _clipped(params: TrajectoryParams, task: Task, call: CallReading) -> Diagnosis | None:
    """That gradients are clipped, where that gives the losses with large targets."""
    if not call.results:
        return None
    got = read_trained(call.results[0], *task.start, params.function)
    for suspect in CLIPPED:
        if fit(got.losses, mistaken_losses(suspect, task.start, task.n_epochs, task.lr)):
            return Diagnosis(suspect.id, suspect.message)
    return None


def _are_alike(first: FloatArray, again: FloatArray) -> bool:
    return first.shape == again.shape and np.allclose(first, again, rtol=1e-4, equal_nan=True)


def _is_like(found: Fit, of_short: Fit | None) -> bool:
    """Whether the losses of the short training lie on its own run as those of the long one do."""
    if of_short is None or of_short.is_root != found.is_root:
        return False
    # A sum, or a mean over one step less, has another factor for each number of sequences and steps.
    return found.factor != 1 or of_short.factor == 1


def _trains(task: Task, got: Returned) -> bool:
    """Whether the weights that come back have about the last or lowest loss, below the first."""
    if got.params is None or len(got.losses) < 2:
        return False
    with np.errstate(all="ignore"):
        at_end = cost(forward(task.start.x, got.params).y, task.start.y)
        falls = at_end < FALLS * task.run.losses[0] and got.losses[-1] < FALLS * got.losses[0]
        ratios = [at_end / loss for loss in (got.losses[-1], got.losses.min())]
    return bool(falls and any(1 / ABOUT <= ratio <= ABOUT for ratio in ratios))


def _ignores_lr(params: TrajectoryParams) -> tuple[Fraction, Feedback]:
    text = f"It trains with {params.lr:g} whatever lr is: use the argument lr."
    return IGNORES_LR_SHARE, Feedback("ignores-lr", text)


def _asked(task: Task) -> str:
    n_seqs, n_steps, _ = task.start.x.shape
    sequences = (
        f"{n_seqs} sequence{'' if n_seqs == 1 else 's'} of {n_steps} step{'' if n_steps == 1 else 's'}"
    )
    return f"{sequences}, n_epochs = {task.n_epochs}"


def _short_differs() -> Feedback:
    n_seqs, n_steps, n_epochs = SMALL
    text = (
        f"Its losses of a short training, {n_seqs} sequences of {n_steps} steps for {n_epochs} epochs with "
        "twice the lr, are not those of full-batch Adam, though the long one's are."
    )
    return Feedback("short-training-differs", text)


def _scale(params: TrajectoryParams, found: Fit) -> list[tuple[Fraction, Feedback]]:
    if found == Fit(1.0):
        return []
    words = _scale_words(params, found)
    text = f"The training is right, but its losses are on another scale: {words}."
    return [(OTHER_SCALE_SHARE, Feedback("other-scale", text))]


def _scale_words(params: TrajectoryParams, found: Fit) -> str:
    if found.is_root:
        return "the root of the cost is logged"
    scales = scale_words(params.n_seqs, params.n_steps, len(params.targets))
    fits = [words for value, words in scales if abs(found.factor / value - 1) < 1e-4]
    if not fits:
        return f"each is {found.factor:.4g} times the cost"
    # With two outputs half the cost is the mean over them: all with the fewest mistakes are told.
    told = [words for words in fits if words.count(", and ") == fits[0].count(", and ")]
    # The factor of 1/2 is a missing 2 in a gradient; in a cost it stands before the sum.
    before, after = "the 2 of the squared error's derivative is missing", "half the cost is logged"
    return ", or ".join(words.replace(before, after) for words in told)


def _weights(task: Task, got: Returned) -> list[tuple[Fraction, Feedback]]:
    if got.params is None:
        text = "The losses are right, but no trained weights come back: return (params, losses)."
        return [(WEIGHTS_SHARE, Feedback("no-weights", text))]
    with np.errstate(all="ignore"):
        at_end = cost(forward(task.start.x, got.params).y, task.start.y)
    # The weights after the last step, or the best ones of the run.
    losses = task.run.losses
    # Who logs before each step does not see the cost after the last.
    for right in (losses[-1], losses.min(), losses[:-1].min()):
        if abs(at_end / right - 1) <= WEIGHTS_TOLERANCE:
            return []
    text = f"The losses are right, but the weights that come back have the cost {at_end:.4g}: "
    if abs(at_end / task.run.losses[0] - 1) <= WEIGHTS_TOLERANCE:
        text += "they are the starting weights."
    else:
        text += "they are not those after the last epoch."
    return [(WEIGHTS_SHARE, Feedback("other-weights", text))]


def _data(got: Returned) -> list[tuple[Fraction, Feedback]]:
    if not got.changed:
        return []
    text = f"It changes {' and '.join(got.changed)} of its caller in place; work on a copy."
    return [(CHANGES_DATA_SHARE, Feedback("changes-inputs", text))]


def _kept() -> tuple[Fraction, Feedback]:
    text = (
        "Called a second time with the same arguments it gives other losses: something is kept from call to "
        "call."
    )
    return KEEPS_STATE_SHARE, Feedback("keeps-state", text)


def _wrong(
    params: TrajectoryParams, task: Task, got: Returned, evidence: dict[str, Any], keeps_state: bool
) -> Outcome:
    bare = Feedback("wrong-losses", "The losses are not those of full-batch Adam.")
    messages = [explained(lambda: _first_difference(task, got.losses)) or bare]
    messages += [message for _, message in _data(got)]
    if keeps_state:
        messages.append(_kept()[1])
    found = explained(lambda: list(explain(got.losses, task.start, task.n_epochs, params.lr))) or []
    starts_right = bool(len(got.losses)) and abs(got.losses[0] / task.run.losses[0] - 1) < 1e-4
    falls = len(got.losses) > 1 and got.losses[-1] < FALLS * got.losses[0]
    # A known mistake explains every single loss; else the weights must show that something was trained.
    trains = falls if found else starts_right and _trains(task, got)
    fraction = TRAINS_SHARE if trains else Fraction(0)
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=tried_on(len(Tasks._fields)),
        feedback=tuple(messages),
        evidence=(Untyped(table=evidence),),
        diagnoses=tuple(dict.fromkeys(Diagnosis(suspect.id, suspect.message) for suspect, _ in found)),
    )


def _first_difference(task: Task, losses: FloatArray) -> Feedback:
    n, wanted = len(losses), task.n_epochs
    if n not in (wanted, wanted + 1):
        text = f"It returns {n} losses for {wanted} epochs; one an epoch was asked for."
        return Feedback("number-of-losses", text)
    if not np.isfinite(losses).all():
        epoch = int(np.flatnonzero(~np.isfinite(losses))[0]) + 1
        return Feedback("not-finite", f"From epoch {epoch} on the loss is not a finite number.")
    right = task.run.losses
    starts = [right[:n]] if n == wanted + 1 else [right[:n], right[1:]]
    agreed = max(_agreeing(losses, part) for part in starts)
    if agreed == 0:
        text = (
            "The first loss is not the cost of the given weights on the given data: does it start from "
            "params, and is the cost the mean over sequences and steps of the error summed over outputs?"
        )
        return Feedback("starts-elsewhere", text)
    epochs = "loss is" if agreed == 1 else f"{agreed} losses are"
    return Feedback("wrong-losses", f"The first {epochs} right, then they differ from full-batch Adam's.")


def _agreeing(losses: FloatArray, part: FloatArray) -> int:
    """How many losses from the first on are right."""
    wrong = np.flatnonzero(np.abs(losses / part - 1) > 1e-5)
    return int(wrong[0]) if len(wrong) else len(losses)


PARAMS = {"inputs": 3, "targets": ["5*x[1] - 0.2*delay(x[3], 1)", "x[2]"], "hidden": 4, "n_epochs": 40}
TRAIN = """import numpy as np
def train(x, y, params, n_epochs, lr):
    p = {k: a.copy() for k, a in params.items()}
    m = {k: 0 * a for k, a in p.items()}
    v = {k: 0 * a for k, a in p.items()}
    n, T, _ = x.shape
    losses = []
    for t in range(1, n_epochs + 1):
        h = np.zeros((T + 1, n, len(p["b"])))
        for s in range(T):
            h[s + 1] = np.tanh(x[:, s] @ p["U"] + h[s] @ p["W"] + p["b"])
        e = h[1:] @ p["V"] + p["c"] - y.swapaxes(0, 1)
        losses.append((e ** 2).sum() / (n * T))
        e = 2 * e / (n * T)
        g = {k: 0 * a for k, a in p.items()}
        later = 0
        for s in reversed(range(T)):
            later = (1 - h[s + 1] ** 2) * (e[s] @ p["V"].T + later)
            g["U"] += x[:, s].T @ later
            g["W"] += h[s].T @ later
            g["b"] += later.sum(0)
            later = later @ p["W"].T
        g["V"] = np.einsum("snh,sno->ho", h[1:], e)
        g["c"] = e.sum((0, 1))
        for k in p:
            m[k] = 0.9 * m[k] + 0.1 * g[k]
            v[k] = 0.999 * v[k] + 0.001 * g[k] ** 2
            p[k] = p[k] - lr * m[k] / (1 - 0.9 ** t) / (np.sqrt(v[k] / (1 - 0.999 ** t)) + 1e-8)
    return p, losses
"""


def _changed(before: str, after: str) -> str:
    assert before in TRAIN
    return TRAIN.replace(before, after)


CHECK = Kind(
    params=TrajectoryParams,
    asks=lambda params: Asks(function=params.function),
    probes=probes,
    judge=judge,
    examples=(
        KindExample("Losses before each step", PARAMS, TRAIN, "correct"),
        KindExample("Losses first", PARAMS, _changed("return p, losses", "return losses, p"), "correct"),
        KindExample(
            "Half the cost is logged",
            PARAMS,
            _changed("/ (n * T))", "/ (2 * n * T))"),
            "partial",
            "other-scale",
        ),
        KindExample(
            "Plain gradient descent",
            PARAMS,
            _changed("m[k] / (1 - 0.9 ** t) / (np.sqrt(v[k] / (1 - 0.999 ** t)) + 1e-8)", "g[k]"),
            "partial",
            "wrong-losses",
        ),
        KindExample(
            "Weights of its own", PARAMS, _changed("a.copy()", "0.3 + 0 * a"), "incorrect", "starts-elsewhere"
        ),
        KindExample(
            "The data changed in place",
            PARAMS,
            _changed("    return p", "    x *= 0\n    return p"),
            "partial",
            "changes-inputs",
        ),
        KindExample(
            "Another training where there are few epochs",
            PARAMS,
            _changed("    p = {k: a.copy()", "    lr = lr if n_epochs > 9 else 3 * lr\n    p = {k: a.copy()"),
            "partial",
            "short-training-differs",
        ),
        KindExample(
            "Made-up losses",
            PARAMS,
            _changed("return p, losses", "return params, [losses[0] * 0.97**k for k in range(n_epochs)]"),
            "incorrect",
            "wrong-losses",
        ),
        KindExample(
            "lr ignored", PARAMS, _changed("    n, T", "    lr = 0.01\n    n, T"), "partial", "ignores-lr"
        ),
        KindExample(
            "m and v kept from call to call",
            PARAMS,
            _changed("n_epochs, lr)", "n_epochs, lr, m={}, v={})")
            .replace("    m = {k: 0 * a for k, a in p.items()}\n", "")
            .replace(
                "    v = {", "    for k in p:\n        m.setdefault(k, 0.0), v.setdefault(k, 0.0)\n    _ = {"
            ),
            "partial",
            "keeps-state",
        ),
        KindExample(
            "The sum is logged",
            PARAMS,
            _changed("(e ** 2).sum() / (n * T)", "(e ** 2).sum()"),
            "partial",
            "other-scale",
        ),
        KindExample("Nothing returned", PARAMS, _changed("return p", "p"), "invalid", "returns-none"),
        KindExample(
            "An argument more",
            PARAMS,
            _changed("n_epochs, lr)", "n_epochs, lr, batch)"),
            "invalid",
            "does-not-run-exception",
        ),
    ),
)
