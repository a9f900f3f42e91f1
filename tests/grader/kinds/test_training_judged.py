"""What trained weights earn, on sequences whose targets a known network makes."""

from __future__ import annotations

import itertools
from fractions import Fraction

import msgspec
import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.training import HIGH_LOW
from grader.kinds.training.judge import TrainingFacts, judge, known_targets
from grader.kinds.training.question import TrainingParams
from grader.model.evidence import tried_on
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.model.value import Fields
from grader.training.bands import Band
from grader.training.task import FloatArray, OtherTargets, Sequences
from reference.bptt import Parameters, forward

N_IN, N_H = 2, 3
BANDS = (Band(up_to=0.1, share="1"), Band(up_to=0.5, share="1/2"), Band(up_to=1.0, share="1/4"))
START = 2


def teacher(n_out: int = 2, n_in: int = N_IN) -> Parameters:
    """Weights of which no matrix is its own transpose, and no two outputs are alike."""
    rng = np.random.default_rng(5)
    shapes = ((n_in, N_H), (N_H, N_H), (N_H, n_out), (N_H,), (n_out,))
    U, W, V, b, c = (rng.normal(size=shape) for shape in shapes)
    return Parameters(U, W, 6 * V, b, c + 9 * np.arange(n_out))


def params_of(n_out: int = 2, **changed: object) -> TrainingParams:
    table = {
        "inputs": N_IN,
        "targets": ("x[1]",) * n_out,
        "hidden": N_H,
        "stream": "test",
        "constant": (1.0,) * n_out,
        "linear": (0.5,) * n_out,
        "bands": BANDS,
        "n_seqs": 8,
        "n_steps": 12,
    }
    return TrainingParams(**{**table, **changed})


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch):
    """Make a network's outputs the targets of the hidden sequences."""

    def by(network: Parameters) -> Sequences:
        x = np.random.default_rng(1).random((8, 12, len(network.U)))
        data = Sequences(x, forward(x, network).y, START)
        # What comes before the first step that counts says nothing.
        data.y[:, :START] = 1e6
        monkeypatch.setitem(judge.__globals__, "hidden_set", lambda _: data)
        return data

    return by


def judged(
    weights: Parameters | dict[str, FloatArray], params: TrainingParams
) -> tuple[Outcome, TrainingFacts]:
    arrays = weights if isinstance(weights, dict) else weights._asdict()
    value = Fields({name: from_numpy(array) for name, array in arrays.items()})
    judgement = judge(params, Answer(fields={"weights": value}))
    return judgement.outcome, judgement.facts


def turned(weights: Parameters, *names: str) -> Parameters:
    return weights._replace(**{name: getattr(weights, name).T for name in names})


def reordered(weights: Parameters, order: tuple[int, ...]) -> Parameters:
    return weights._replace(V=weights.V[:, list(order)], c=weights.c[list(order)])


@pytest.mark.parametrize(
    ("names", "share", "code"),
    [
        ("", 1, ""),
        ("UWV", 1, ""),
        # Either way round where one of the others is in rows and one in columns,
        ("U", 1, ""),
        ("V", 1, ""),
        ("UW", 1, ""),
        ("WV", 1, ""),
        # and three quarters where both are alike.
        ("W", Fraction(3, 4), "transposed-recurrent-weights"),
        ("UV", Fraction(3, 4), "transposed-recurrent-weights"),
    ],
)
def test_weights_are_read_in_rows_and_in_columns(taught, names: str, share: Fraction, code: str) -> None:
    right = teacher()
    taught(right)
    outcome, facts = judged(turned(right, *names), params_of())
    assert (outcome.fraction, facts.reading.code) == (share, code)
    assert facts.is_trained
    assert np.abs(facts.errors).max() < 1e-9
    assert outcome.basis == tried_on(8)
    assert ("columns" in {one.code for one in outcome.feedback}) is (names in ("UWV", "UV"))


@pytest.mark.parametrize("n_out", [1, 2, 3, 4])
def test_outputs_in_another_order_earn_half_where_there_are_three_at_most(taught, n_out: int) -> None:
    right = teacher(n_out)
    taught(right)
    # Whose network without W does it as well, so that no other reading does.
    for order in itertools.permutations(range(n_out)):
        outcome, facts = judged(reordered(right, order), params_of(n_out))
        is_right = order == tuple(range(n_out))
        share = 1 if is_right else Fraction(1, 2) if n_out <= 3 else 0
        assert outcome.fraction == share
        assert facts.reading.code == ("outputs-swapped" if share == Fraction(1, 2) else "")
        assert facts.is_trained is (share != 0)


def test_two_slips_at_once_are_not_tried(taught) -> None:
    right = teacher()
    taught(right)
    assert judged(reordered(turned(right, "W"), (1, 0)), params_of())[0].fraction == 0


def off_by(ratio: float, n_out: int = 2) -> Parameters:
    """The teacher with one bias moved, so that R is known: with constants of 1 the sum of errors is 2 R."""
    right = teacher(n_out)
    return right._replace(c=right.c + np.sqrt(ratio * n_out) * np.eye(n_out)[0])


@pytest.mark.parametrize(
    ("ratio", "share"),
    [
        # An edge is widened by a twentieth,
        (0.1049, "1"),
        (0.1051, "1/2"),
        (0.5249, "1/2"),
        (0.5251, "1/4"),
        # but not beyond what constants make.
        (0.9999, "1/4"),
        (1.0001, "0"),
        (1.04, "0"),
    ],
)
def test_the_mark_is_that_of_the_band(taught, ratio: float, share: str) -> None:
    taught(teacher())
    outcome, facts = judged(off_by(ratio), params_of())
    assert outcome.fraction == Fraction(share)
    assert facts.is_trained is (share == "1")
    assert outcome.evidence[0].ratio == pytest.approx(ratio, rel=1e-3)
    # Four digits are shown.
    assert outcome.evidence[0].ratio == float(f"{facts.errors.sum() / 2:.4g}")
    assert outcome.evidence[0].errors == [float(f"{error:.4g}") for error in facts.errors]
    assert outcome.evidence[0].errors == pytest.approx([2 * ratio, 0], rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("tolerance", [0.0, 0.2])
def test_the_tolerance_is_that_of_the_question(taught, tolerance: float) -> None:
    taught(teacher())
    for factor, share in ((0.999, 1), (1.001, Fraction(1, 2))):
        ratio = 0.1 * (1 + tolerance) * factor
        assert judged(off_by(ratio), params_of(tolerance=tolerance))[0].fraction == share


def test_who_does_no_better_than_constants_on_these_sequences_has_learned_nothing(taught) -> None:
    data = taught(teacher())
    spread = [float(np.mean((y - np.mean(y)) ** 2)) for y in np.moveaxis(data.y[:, START:], 2, 0)]
    # With constants so large R = 0.3 is what the best constant outputs make.
    params = params_of(constant=(sum(spread) / 0.6,) * 2)
    for factor, share in ((0.999, Fraction(1, 2)), (1.001, 0)):
        right = teacher()
        moved = right._replace(c=right.c + np.sqrt(sum(spread) * factor) * np.eye(2)[1])
        assert judged(moved, params)[0].fraction == share


@pytest.mark.parametrize("hidden", [2, 3, 4])
def test_a_network_of_another_size_earns_half(taught, hidden: int) -> None:
    taught(teacher())
    outcome, _ = judged(teacher(), params_of(hidden=hidden))
    assert outcome.fraction == (1 if hidden == N_H else Fraction(1, 2))
    codes = [one.code for one in outcome.feedback]
    assert codes == (["error"] if hidden == N_H else ["hidden-size", "error"])


def test_a_jordan_network_is_run_as_one_and_read_one_way_only(taught) -> None:
    rng = np.random.default_rng(5)
    right = teacher()._replace(W=rng.normal(size=(2, N_H)))
    x = np.random.default_rng(1).random((8, 12, N_IN))
    y = np.zeros((8, 12, 2))
    for s in range(8):
        back = np.zeros(2)
        for t in range(12):
            back = np.tanh(right.U.T @ x[s, t] + right.W.T @ back + right.b) @ right.V + right.c
            y[s, t] = back
    data = taught(teacher())
    data.y[:, START:] = y[:, START:]
    outcome, facts = judged(right, params_of())
    assert outcome.fraction == 1
    assert [one.code for one in outcome.feedback] == ["error", "jordan-recurrence"]
    assert (facts.reading.code, facts.reading.share) == ("", 1)
    assert judged(reordered(right, (1, 0)), params_of())[0].fraction == 0


def test_missing_biases_are_told_and_count_as_zero(taught) -> None:
    right = teacher()._replace(b=np.zeros(N_H), c=np.zeros(2))
    taught(right)
    outcome, _ = judged({name: getattr(right, name) for name in "UWV"}, params_of())
    assert outcome.fraction == 1
    assert [one.code for one in outcome.feedback] == ["missing-bias", "missing-bias", "error"]


def test_outputs_beyond_all_numbers_are_worth_nothing_and_no_error(taught) -> None:
    taught(teacher())
    outcome, _ = judged(teacher()._replace(V=np.full((N_H, 2), 1e300)), params_of())
    assert outcome.fraction == 0
    assert "too large" in outcome.feedback[0].message
    assert outcome.evidence[0].ratio is None
    assert outcome.evidence[0].errors == [None, None]


def test_no_weights_are_unreadable() -> None:
    with pytest.raises(Unreadable, match="no weights"):
        judge(params_of(), Answer(fields={}))


def linear(*factors: float) -> Parameters:
    """A network that is as good as linear: output k is its factor times input k."""
    n = len(factors)
    zeros = np.zeros((n, n)), np.zeros(n), np.zeros(n)
    return Parameters(1e-4 * np.eye(n), zeros[0], 1e4 * np.diag(factors), zeros[1], zeros[2])


# Of x1 uniform in 0 to 1 the mean square is about a third; exactly it is taken from the sequences.
@pytest.mark.parametrize(
    ("factors", "room", "second_linear", "is_found"),
    [
        ((1.1, 1.0), 2.0, 0.0, True),
        ((1.0, 1.0), 2.0, 0.0, False),
        # Nearer to the mistake than to what is right: the square of the error is halved.
        ((1.06, 1.0), 2.0, 0.0, True),
        ((1.058, 1.0), 2.0, 0.0, False),
        # The error is below a quarter of a constant's,
        ((1.1, 1.0), 1.01, 0.0, True),
        ((1.1, 1.0), 0.99, 0.0, False),
        # and outputs that the mistake leaves alone are better than what is linear in the inputs.
        ((1.1, 1.1), 2.0, 0.0, True),
        ((1.1, 1.1), 2.0, 1.01, True),
        ((1.1, 1.1), 2.0, 0.99, False),
    ],
)
def test_targets_with_a_known_mistake_are_seen_in_the_outputs_that_they_change(
    taught, factors: tuple[float, float], room: float, second_linear: float, is_found: bool
) -> None:
    data = taught(linear(1.0, 1.0))
    data.y[:, START:] = data.x[:, START:]
    squares = (data.x[:, START:] ** 2).mean(axis=(0, 1))
    errors = [(factor - 1) ** 2 * float(square) for factor, square in zip(factors, squares, strict=True)]
    same = OtherTargets(id="same", targets=("x[1]", "x[2]"), message="none")
    mistake = OtherTargets(id="tenth", targets=("1.1*x[1]", "x[2]"), message="a tenth more")
    params = params_of(
        hidden=2,
        targets=("x[1]", "x[2]"),
        mistakes=(same, mistake),
        constant=(4 * room * max(errors[0], 1e-3), 1.0),
        linear=(0.0, second_linear * errors[1]),
        bands=(Band(up_to=1.0, share="1"),),
    )
    outcome, facts = judged(linear(*factors), params)
    assert known_targets(params, facts) == ([mistake] if is_found else [])
    assert outcome.fraction == 1
    assert [one.code for one in outcome.feedback] == ["error", *(["tenth"] if is_found else [])]


def test_a_public_sequence_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RNNGRADE_COURSE_SECRET", raising=False)
    params = msgspec.convert({**HIGH_LOW, "targets": ["delay(x[1], 2)"]}, TrainingParams)
    outcome, _ = judged(linear(0.5), params)
    (evidence,) = outcome.evidence
    (predicted,), (wanted,) = evidence.series.predicted, evidence.series.wanted
    assert len(wanted) == 20
    assert wanted[:2] == [0, 0]
    assert np.array(predicted)[:-2] == pytest.approx(np.array(wanted)[2:] / 2, abs=2e-4)
    assert (evidence.first_step, evidence.sequences, evidence.hidden_set) == (3, 8, "public")
    monkeypatch.setenv("RNNGRADE_COURSE_SECRET", "a secret of the course, long enough")
    assert judged(linear(0.5), params)[0].evidence[0].hidden_set == "secret"


@pytest.mark.parametrize(
    ("changed", "is_sound"),
    [
        ({}, True),
        ({"constant": (1.0,)}, False),
        ({"linear": (1.0,)}, False),
        ({"constant": (1.0, 0.0)}, False),
        ({"constant": (float("inf"), 1.0)}, False),
        ({"linear": (0.0, 0.0)}, True),
        ({"bands": ()}, False),
        ({"bands": BANDS[::-1]}, False),
        ({"tolerance": -0.01}, False),
        ({"tolerance": 0.0}, True),
        ({"tolerance": 1.0}, False),
        ({"tolerance": 0.99}, True),
        *(({name: 0}, False) for name in ("hidden", "n_seqs", "n_steps", "train_seqs", "inputs")),
        *(({name: 1}, True) for name in ("hidden", "n_seqs", "n_steps", "train_seqs", "inputs")),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(changed: dict[str, object], is_sound: bool) -> None:
    if is_sound:
        params_of(**changed)
    else:
        with pytest.raises(ValueError, match=r"want|counts from 1|in rising"):
            params_of(**changed)


def test_outputs_beyond_all_numbers_are_shown_as_a_thousand_million(taught) -> None:
    taught(teacher())
    huge = teacher()._replace(U=np.zeros((N_IN, N_H)), W=np.zeros((N_H, N_H)), b=np.full(N_H, 50.0))
    outcome, _ = judged(huge._replace(V=np.full((N_H, 2), [1.7e308, -1.7e308])), params_of())
    first, second = outcome.evidence[0].series.predicted
    assert (set(first), set(second)) == ({1e9}, {-1e9})
