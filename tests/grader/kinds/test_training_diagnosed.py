"""What is said of trained weights that fall short, output by output, at each limit."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.kinds.training.diagnose import _affine, diagnose
from grader.kinds.training.judge import TrainingFacts, WeightReading, judge
from grader.kinds.training.question import TrainingParams
from grader.model.kind import Answer
from grader.model.value import Fields
from grader.training.bands import Band
from grader.training.networks import TrainedNetwork, predict, read_network
from grader.training.task import FloatArray, Sequences
from reference.bptt import Parameters

START = 2
BANDS = (Band(up_to=1e-9, share="1"),)


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Sequences:
    """Sequences of two inputs that are the targets, ten times as large; what comes before counts nothing."""
    x = np.random.default_rng(1).random((8, 12, 2))
    made = Sequences(x, 10 * x, START)
    made.y[:, :START] = 1e6
    for module in (judge, diagnose):
        monkeypatch.setitem(module.__globals__, "hidden_set", lambda _: made)
    return made


def params_of(*constant: float) -> TrainingParams:
    return TrainingParams(
        inputs=2, targets=("x[1]",) * 2, hidden=2, stream="test", constant=constant, linear=(0.5, 0.5),
        bands=BANDS, n_seqs=8, n_steps=12,
    )  # fmt: skip


def weights(a: float, c: float, other: float = 0.0) -> Parameters:
    """As good as linear: y1 is a times ten times the first input, some of the second, and c; y2 is right."""
    V = 1e5 * np.array([[a, 0.0], [other, 1.0]])
    return Parameters(1e-4 * np.eye(2), np.zeros((2, 2)), V, np.zeros(2), np.array([c, 0.0]))


def network_of(given: Parameters, *left_out: str) -> TrainedNetwork:
    fields = {name: from_numpy(one) for name, one in given._asdict().items() if name not in left_out}
    return read_network(Fields(fields), 2, 2, "weights")


def said(
    network: TrainedNetwork, errors: list[float], params: TrainingParams, is_trained: bool = False
) -> list[tuple[str, str]]:
    facts = TrainingFacts(network, WeightReading(network), np.array(errors), is_trained)
    return [(one.code, one.message) for one in diagnose(params, facts).feedback]


OFF = "y1 goes up and down with the wanted values, but is off by {}."
HARDLY = "y1 is hardly learned: its error is 0.8 of a constant's. That happens to honest runs;"


@pytest.mark.parametrize(
    ("a", "c", "by"),
    [
        # The wanted values are y / a - c / a.
        (1.0, 0.11, "a constant"),
        (1.0, -0.11, "a constant"),
        (1.0, 0.09, None),
        (1.0, -0.09, None),
        (2.0, 0.18, "a factor"),
        (2.0, 0.22, "a factor and a constant"),
        (1 / 1.11, 0.0, "a factor"),
        (1 / 1.09, 0.0, None),
        (1 / 0.89, 0.0, "a factor"),
        (1 / 0.91, 0.0, None),
        (-1.0, 0.0, "a factor"),
        (0.5, -3.0, "a factor and a constant"),
    ],
)
def test_an_output_that_goes_with_what_is_wanted_is_told_what_it_is_off_by(
    data: Sequences, a: float, c: float, by: str | None
) -> None:
    ((code, message),) = said(network_of(weights(a, c)), [0.8, 0.1], params_of(1.0, 1.0))
    if by is None:
        assert (code, message[: len(HARDLY)]) == ("output-not-learned", HARDLY)
    else:
        assert (code, message) == ("output-off", OFF.format(by))


def test_an_output_that_goes_with_another_input_is_hardly_learned(data: Sequences) -> None:
    codes = set()
    for other in np.linspace(0.1, 3, 30):
        network = network_of(weights(2.0, 0.0, float(other)))
        came = 10 * (2 * data.x[:, START:, 0] + other * data.x[:, START:, 1]).ravel()
        design = np.column_stack([came, np.ones_like(came)])
        _, (left,), _, _ = np.linalg.lstsq(design, data.y[:, START:, 0].ravel(), rcond=None)
        rest = float(left) / len(came)
        ((code, _),) = said(network, [1.6, 0.1], params_of(2.0, 2.0))
        assert code == ("output-off" if rest <= 1.0 else "output-not-learned")
        codes.add(code)
    assert codes == {"output-off", "output-not-learned"}


ALIKE = weights(1.0, 0.0)


@pytest.mark.parametrize(
    ("errors", "codes"),
    [
        # Of two constants that make 1 and 3: no better than constants are errors of 4 and more,
        ([1.0, 3.0], ["untrained"]),
        ([0.4, 3.6], ["untrained"]),
        ([0.9, 3.0], ["output-not-learned", "output-not-learned"]),
        # and an output is learned from half of its constant's error on.
        ([0.5, 1.5], ["train-longer"]),
        ([0.51, 1.5], ["output-not-learned"]),
        ([0.5, 1.51], ["output-not-learned"]),
        ([0.1, 0.1], ["train-longer"]),
    ],
)
def test_errors_are_held_against_those_of_constants(
    data: Sequences, errors: list[float], codes: list[str]
) -> None:
    assert [code for code, _ in said(network_of(ALIKE), errors, params_of(1.0, 3.0))] == codes
    assert said(network_of(ALIKE), errors, params_of(1.0, 3.0), is_trained=True) == []


def test_what_is_off_is_told_of_a_network_that_is_no_better_than_constants(data: Sequences) -> None:
    found = said(network_of(weights(1.0, 5.0)), [9.0, 0.1], params_of(1.0, 1.0))
    assert [code for code, _ in found] == ["untrained", "output-off"]
    found = said(network_of(weights(1.0, 5.0)), [9.0, 9.0], params_of(1.0, 1.0))
    assert [code for code, _ in found] == ["untrained", "output-off"]


def test_where_a_bias_is_not_there_no_other_cause_is_guessed(data: Sequences) -> None:
    off, right = network_of(weights(2.0, 0.0), "b", "c"), network_of(ALIKE, "c")
    assert (off.missing, right.missing) == (("b", "c"), ("c",))
    ((code, _),) = said(off, [9.0, 9.0], params_of(1.0, 1.0))[:1]
    assert code == "output-off"
    assert said(right, [9.0, 9.0], params_of(1.0, 1.0)) == []
    ((code, message),) = said(right, [0.8, 0.1], params_of(1.0, 1.0))
    assert code == "output-not-learned"
    assert message == (
        "y1 is hardly learned: its error is 0.8 of a constant's. That is without c, which is not there."
    )
    both = said(network_of(ALIKE, "b", "c"), [0.8, 0.1], params_of(1.0, 1.0))
    assert "That is without b and c, which is not there." in both[0][1]
    assert said(right, [0.1, 0.1], params_of(1.0, 1.0)) == []


def test_a_jordan_network_is_told_nothing_more(data: Sequences) -> None:
    jordan = network_of(ALIKE)._replace(cell="jordan")
    assert said(jordan, [9.0, 9.0], params_of(1.0, 1.0)) == []


def test_how_the_weights_were_read_is_a_diagnosis(data: Sequences) -> None:
    network = network_of(ALIKE)
    reading = WeightReading(network, Fraction(3, 4), "transposed", "They are transposed.")
    facts = TrainingFacts(network, reading, np.array([0.1, 0.1]), True)
    assert [(one.id, one.message) for one in diagnose(params_of(1, 1), facts).diagnoses] == [
        ("transposed", "They are transposed.")
    ]
    plain = TrainingFacts(network, WeightReading(network), np.array([0.1, 0.1]), True)
    assert diagnose(params_of(1, 1), plain).diagnoses == ()


@pytest.mark.parametrize(("factor", "shift"), [(1.0, 0.0), (-2.0, 3.0), (0.25, -1.5)])
def test_factor_and_constant_are_those_of_least_squares(factor: float, shift: float) -> None:
    rng = np.random.default_rng(3)
    y = rng.normal(2.0, 1.5, (4, 9))
    wanted = factor * y + shift + 0.3 * rng.normal(size=y.shape)
    y[:, :2] = wanted[:, :2] = 1e9
    design = np.column_stack([y[:, 2:].ravel(), np.ones(28)])
    (slope, constant), (left,), _, _ = np.linalg.lstsq(design, wanted[:, 2:].ravel(), rcond=None)
    assert _affine(y, wanted, 2) == pytest.approx((slope, constant, left / 28))


@pytest.mark.parametrize("lost", [np.nan, np.inf])
def test_an_output_that_is_no_number_or_never_moves_goes_with_nothing(lost: float) -> None:
    wanted = np.arange(12.0).reshape(2, 6)
    for y in (np.ones((2, 6)), np.where(wanted == 7, lost, wanted)):
        assert _affine(y, wanted, 0) == (0.0, 0.0, float("inf"))


def test_the_judge_hands_on_what_is_told_of_weights(data: Sequences) -> None:
    value = {name: from_numpy(one) for name, one in weights(1.3, 0.0)._asdict().items()}
    params = params_of(4.0, 100.0)
    judgement = judge(params, Answer(fields={"weights": Fields(value)}))
    squares: FloatArray = (3 * data.x[:, START:, 0]) ** 2
    assert judgement.facts.errors == pytest.approx([float(squares.mean()), 0], abs=1e-4)
    assert [one.code for one in diagnose(params, judgement.facts).feedback] == ["output-off"]


def test_what_is_left_may_be_half_of_a_constants_error_exactly(data: Sequences) -> None:
    network = network_of(weights(2.0, 0.0, 1.0))
    _, _, rest = _affine(predict(network, data.x)[..., 0], data.y[..., 0], START)
    for constant, code in ((2 * rest, "output-off"), (1.999 * rest, "output-not-learned")):
        found = said(network, [1.5 * rest, 0.0], params_of(constant, 100 * rest))
        assert [one for one, _ in found] == [code]
