"""What a loss curve earns exactly at each limit, and just beside it."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.curve import PARAMS as TABLE
from grader.kinds.curve.judge import CurveParams, asks, judge
from grader.model.evidence import tried_on
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.model.value import Fields, Items, Number, Value

PARAMS = msgspec.convert(TABLE, CurveParams)
HALF = Fraction(1, 2)


def judged(losses: Value, params: CurveParams = PARAMS, every: int | None = None, **others: Value) -> Outcome:
    fields = {"losses": losses} | ({} if every is None else {"every": Number(str(every), "int")})
    return judge(params, Answer(fields=fields, others=others)).outcome


def earned(losses: list[float], **others: Value) -> tuple[Fraction, list[str]]:
    outcome = judged(from_numpy(np.array(losses)), **others)
    return outcome.fraction, [one.code for one in outcome.feedback]


# Fresh weights cost 55 to 100, half of that is 27.5 to 50, the root 7.4 to 10, the sum over 8 x 100
# steps 44,000 to 80,000.
@pytest.mark.parametrize(
    ("start", "scale"),
    [
        (55.0, ""),
        (100.0, ""),
        (54.9, None),
        (100.1, None),
        (27.5, "half"),
        (50.0, "half"),
        (27.4, None),
        (50.1, None),
        (7.42, "root"),
        (10.0, "root"),
        (7.41, None),
        (10.1, None),
        (44_000.0, "sum"),
        (80_000.0, "sum"),
        (43_999.0, None),
        (80_001.0, None),
    ],
)
def test_the_first_loss_tells_what_was_logged(start: float, scale: str | None) -> None:
    outcome = judged(from_numpy(start * np.array([1, 0.5, 0.02, 0.02, 0.02])))
    codes = {one.code: one.message for one in outcome.feedback}
    if scale is None:
        assert outcome.fraction == HALF
        assert codes.keys() == {"unusual-start"}
    else:
        assert outcome.fraction == 1
        assert ("other-scale" in codes) is bool(scale)
        assert scale in codes.get("other-scale", "")


@pytest.mark.parametrize(
    ("losses", "share", "codes"),
    [
        # An end at nine tenths of the start falls; above that it does not.
        ([60, 54], 1, ["slow"]),
        ([60, 54.01], 0, ["does-not-fall"]),
        ([60, 1, 54.01], 0, ["does-not-fall"]),
        ([-60, -70], 0, ["negative"]),
        ([60, -0.001, 2], 0, ["negative"]),
        ([60, 0.0, 2], 0, ["below-noise"]),
        ([60, np.inf, 2], 0, ["not-finite"]),
        ([60, -np.inf, 2], 0, ["not-finite"]),
        # No training goes below 0.012, none of ours below 0.4; an end above 4.5 is slow.
        ([60, 0.012, 2], 1, ["unusually-low"]),
        ([60, 0.0119, 2], 0, ["below-noise"]),
        ([60, 0.399, 5], 1, ["unusually-low"]),
        ([60, 0.4, 2], 1, []),
        ([60, 0.4, 4.5], 1, []),
        ([60, 0.4, 4.51], 1, ["slow"]),
        # The same of half the cost, and of its root.
        ([30, 0.006, 1], 1, ["other-scale", "unusually-low"]),
        ([30, 0.0059, 1], 0, ["other-scale", "below-noise"]),
        ([30, 0.2, 2.25], 1, ["other-scale"]),
        ([8, 0.63, 2.13], 1, ["other-scale", "unusually-low"]),
        ([8, 0.64, 2.12], 1, ["other-scale"]),
        ([8, 0.64, 2.13], 1, ["other-scale", "slow"]),
        # Of an unknown scale five entries are wanted, and what falls below 0.012 / 100 of the start is noise.
        ([200, 90, 80, 70, 60], HALF, ["unusual-start"]),
        ([200, 90, 80, 70], 0, ["unusual-start"]),
        ([200, 90, 80, 0.02401, 60], HALF, ["unusual-start"]),
        ([200, 90, 80, 0.024, 60], 0, ["below-noise"]),
        ([200, 90, 80, 70, 190], 0, ["does-not-fall"]),
    ],
)
def test_a_curve_earns_what_an_honest_training_can_show(
    losses: list[float], share: Fraction | int, codes: list[str]
) -> None:
    assert earned(losses) == (share, codes)


def test_the_first_entry_that_is_not_finite_is_named() -> None:
    (said,) = judged(from_numpy(np.array([60, 2, np.nan, np.nan]))).feedback
    assert said.message == "Entry 3 is not a finite number."


def constant(value: float) -> Value:
    """A network that puts out one value: it costs the square of its distance from what is wanted."""
    shapes = {"U": (1, 2), "W": (2, 2), "V": (2, 1), "b": (2,)}
    arrays = {name: np.zeros(shape) for name, shape in shapes.items()} | {"c": np.array([value])}
    return Fields({name: from_numpy(array) for name, array in arrays.items()})


OWN = {"x_train": from_numpy(np.full((3, 4, 1), 0.5)), "y_train": from_numpy(np.full((3, 4, 1), 1.0))}


@pytest.mark.parametrize(
    ("losses", "is_of_them"),
    [
        # The weights cost (3 - 1)^2 = 4: not below half of the lowest loss,
        ([60, 8.0], True),
        ([60, 8.01], False),
        # nor above three times the largest of the last tenth, of two entries at least.
        ([60, 1, 4 / 3 + 0.01], True),
        ([60, 4 / 3 + 0.01, 1], True),
        ([60, 1.3, 1.3], False),
        ([60, 40, 1.3, 1.3], False),
        ([60] + 26 * [40] + [4 / 3 + 0.01, 1, 1], True),
        ([60] + 25 * [40] + [4 / 3 + 0.01, 1, 1], False),
        ([60] + 26 * [40] + [1, 1, 1], False),
    ],
)
def test_weights_are_of_the_run_that_ends_at_about_their_cost(losses: list[float], is_of_them: bool) -> None:
    share, codes = earned(losses, weights=constant(3.0), **OWN)
    assert (share, "other-weights" in codes) == ((1, False) if is_of_them else (HALF, True))


def test_it_is_said_on_which_data_the_weights_were_run() -> None:
    losses = from_numpy(np.array([60, 1.0, 1.0]))
    single = {name: from_numpy(np.ones((1, 1, 1))) for name in ("x_train", "y_train")}
    for others, words in ((OWN, "on your x_train"), (single, "on your x_train"), ({}, "on fresh data")):
        (said,) = judged(losses, weights=constant(-3.0), **others).feedback
        assert words in said.message


@pytest.mark.parametrize("far", [3.0, -1.0])
def test_the_cost_of_weights_is_the_sum_over_outputs(far: float) -> None:
    params = msgspec.structs.replace(PARAMS, targets=("9*x[1]", "x[1]"))
    network = constant(far)
    assert isinstance(network, Fields)
    two = {"V": from_numpy(np.zeros((2, 2))), "c": from_numpy(np.array([far, 2.0]))}
    others = {**OWN, "y_train": from_numpy(np.ones((3, 4, 2))), "weights": Fields({**network.fields, **two})}
    for end, share in ((10.0, 1), (10.01, HALF), (1.67, 1), (1.66, HALF)):  # 5 = 4 + 1; 5 / 3 = 1.667
        losses = from_numpy(np.array([60, end, end]))
        assert judged(losses, params, **others).fraction == share


def test_on_fresh_data_the_noise_of_every_output_is_added() -> None:
    # What is right costs 10 * 10 an output.
    params = msgspec.structs.replace(PARAMS, targets=("1 + 0*x[1]",), noise=10.0, start=(500.0, 600.0))
    for end, share in ((201.0, HALF), (199.0, 1), (33.4, 1), (33.3, HALF)):
        losses = from_numpy(np.array([550, end, end]))
        assert judged(losses, params, weights=constant(1.0)).fraction == share
    both = msgspec.structs.replace(params, targets=("0*x[1]", "0*x[1]"))
    network = constant(0.0)
    assert isinstance(network, Fields)
    two = {"V": from_numpy(np.zeros((2, 2))), "c": from_numpy(np.zeros(2))}
    weights = Fields({**network.fields, **two})
    for end, share in ((401.0, HALF), (399.0, 1), (66.7, 1), (66.6, HALF)):
        losses = from_numpy(np.array([550, end, end]))
        assert judged(losses, both, weights=weights).fraction == share


def test_on_fresh_data_only_steps_with_all_their_inputs_count() -> None:
    # Of 61 steps the last alone has an input from 60 steps before; zeros cost 3600 / 3 there and 0 elsewhere.
    changed = {"targets": ("60*delay(x[1], 60)",), "n_steps": 61, "start": (5000.0, 6000.0)}
    params = msgspec.structs.replace(PARAMS, **changed)
    for end, share in ((1200.0, 1), (20.0, HALF)):
        losses = from_numpy(np.array([5500, end, end]))
        assert judged(losses, params, weights=constant(0.0)).fraction == share


@pytest.mark.parametrize(
    ("keys", "is_read"),
    [
        (("0", "20", "100"), True),
        (("000", "020", "100"), True),
        (("0", "00100", "20"), False),
        (("0", "20", "end"), None),
        (("a", "b", "c"), None),
        (("0", "20", "\N{ARABIC-INDIC DIGIT THREE}"), None),
    ],
)
def test_losses_by_epoch_are_read_in_the_order_of_the_epochs(
    keys: tuple[str, ...], is_read: bool | None
) -> None:
    numbers = [Number(text, "float") for text in ("60.0", "20.0", "0.5")]
    losses = Fields(dict(zip(reversed(keys), reversed(numbers), strict=True)))
    if is_read is None:
        with pytest.raises(Unreadable):
            judged(losses)
        return
    (evidence,) = judged(losses).evidence
    assert evidence.losses == ([60.0, 20.0, 0.5] if is_read else [60.0, 0.5, 20.0])


@pytest.mark.parametrize(
    ("shape", "is_read"),
    [((3,), True), ((3, 1), True), ((1, 3), True), ((1, 3, 1), True), ((3, 3), False), ((1, 1), False)],
)
def test_a_curve_is_one_column(shape: tuple[int, ...], is_read: bool) -> None:
    losses = from_numpy(np.linspace(60, 2, int(np.prod(shape))).reshape(shape))
    if is_read:
        assert judged(losses).fraction == 1
    else:
        with pytest.raises(Unreadable):
            judged(losses)


@pytest.mark.parametrize(("n", "every", "wanted"), [(2, 0, None), (1, 1, None), (2, 1, 1), (2, 7, 7)])
def test_two_losses_and_an_epoch_between_them_are_the_least(n: int, every: int, wanted: int | None) -> None:
    losses = from_numpy(np.linspace(60, 50, n))
    if wanted is None:
        with pytest.raises(Unreadable):
            judged(losses, every=every)
    else:
        assert judged(losses, every=every).evidence[0].every == wanted


@pytest.mark.parametrize(("n", "stride"), [(400, 1), (401, 2), (800, 2), (801, 3)])
def test_a_long_curve_is_shown_thinned_out(n: int, stride: int) -> None:
    values = np.round(np.linspace(60, 2, n), 3)
    (evidence,) = judged(from_numpy(values), every=10).evidence
    assert evidence.every == 10 * stride
    assert evidence.losses == list(values)[::stride]
    (once,) = judged(from_numpy(values)).evidence
    assert once.every == stride


def test_shown_losses_have_six_digits() -> None:
    (evidence,) = judged(from_numpy(np.array([60.1234567, 2.0]))).evidence
    assert evidence.losses == [60.1235, 2.0]


def test_one_curve_was_looked_at() -> None:
    assert judged(from_numpy(np.array([60.0, 2.0]))).basis == tried_on(1, "curve")


def test_no_losses_at_all_are_unreadable() -> None:
    for value in (Items(()), Fields({})):
        with pytest.raises(Unreadable):
            judged(value)
    with pytest.raises(Unreadable):
        judge(PARAMS, Answer(fields={"every": Number("1", "int")}))


@pytest.mark.parametrize(
    "changed",
    [
        {"floor": 0.0},
        {"floor": 0.4},
        {"low": 4.5},
        {"slow": 55.0},
        {"start": (55.0, 55.0)},
        {"start": (100.0, 55.0)},
    ],
)
def test_limits_of_a_question_rise(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="floor < low < slow"):
        msgspec.convert({**TABLE, **changed}, CurveParams)


def test_weights_are_looked_at_only_where_a_question_names_them() -> None:
    assert asks(PARAMS).also == ("q_weights", "weights", "x_train", "y_train")
    assert asks(msgspec.structs.replace(PARAMS, weights="")).also == ()
