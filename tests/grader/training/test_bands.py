"""Bands worked out by hand from a made-up study, and baselines from closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from grader.training.bands import (
    Band,
    Study,
    StudyPlan,
    bands_from,
    constant_errors,
    linear_errors,
    share_of,
    study,
)
from grader.training.task import Sequences, TaskParams, draw_sequences


def made(ratios, linear):
    """Two outputs whose best constants leave 3 and 1; each run's errors by its R, in unlike shares."""
    errors = [(4 * ratio * 0.25, 4 * ratio * 0.75) for ratio in ratios]
    return Study((3.0, 1.0), (4 * linear * 0.5, 4 * linear * 0.5), np.array(errors))


def test_edges_are_what_two_of_three_and_nine_of_ten_reach_and_the_baselines():
    """Of 31 ratios, a hundredth apart, the 21st is the quantile 2/3 and the 28th that of 0.9."""
    found = bands_from(made(np.arange(31) / 100 + 0.0105, 0.4003))
    assert [(band.up_to, band.share) for band in found] == [
        (pytest.approx(0.211), "1"),
        (pytest.approx(0.295), "9/10"),
        (pytest.approx(0.415), "7/10"),
        (0.5, "2/5"),
        (1.0, "3/20"),
    ]


def test_edges_are_rounded_up_and_never_fall():
    assert [band.up_to for band in bands_from(made([0.20001] * 5, 0.6))] == pytest.approx(
        [0.201, 0.211, 0.621, 0.621, 1.0]
    )
    assert [band.up_to for band in bands_from(made([2.0] * 5, 0.3))] == pytest.approx(
        [2.0, 2.1, 2.1, 2.1, 2.1]
    )


@pytest.mark.parametrize(
    ("up_to", "share", "fits"),
    [
        (0.1, "1", True),
        (1e-9, "0", True),
        (0.0, "1", False),
        (-0.1, "1", False),
        (float("inf"), "1", False),
        (float("nan"), "1", False),
        (0.1, "11/10", False),
        (0.1, "-1/10", False),
    ],
)
def test_a_band_has_a_bound_above_0_and_a_share_from_0_to_1(up_to, share, fits):
    if fits:
        assert Band(up_to=up_to, share=share).up_to == up_to
    else:
        with pytest.raises(ValueError, match="wanted"):
            Band(up_to=up_to, share=share)


@pytest.mark.parametrize(
    ("ratio", "share"),
    [
        # A quarter of tolerance, so that all edges are floats: 0.5 up to 0.625, 0.75 up to 0.9375.
        (0.5, 1),
        (0.625, 1),
        (np.nextafter(0.625, 1), 0.5),
        (0.9375, 0.5),
        (np.nextafter(0.9375, 1), 0.25),
        (np.nextafter(1.0, 0), 0.25),
        (1.0, 0.125),  # constants have 1: an edge there is not widened, one beyond it means what it says
        (1.5, 0.125),
        (np.nextafter(1.5, 2), 0),
    ],
)
def test_a_ratio_on_the_edge_is_within_the_band(ratio, share):
    shares = {0.5: "1", 0.75: "1/2", 1.0: "1/4", 1.5: "1/8"}
    bands = [Band(up_to=up_to, share=text) for up_to, text in shares.items()]
    assert share_of(float(ratio), bands, 0.25) == share


TASK = TaskParams(inputs=2, targets=("x[1]", "delay(x[2], 2)"))


@pytest.mark.parametrize("seeds", [1, 3, 5])
def test_a_study_has_a_row_for_each_seed_and_leaves_nothing_to_the_linear_predictor(seeds):
    """x is uniform on [0, 1], with the variance 1/12; what is linear in the lags has no error left."""
    plan = StudyPlan(hidden=2, noise=0.0, train_seqs=2, n_seqs=4, n_steps=8, seeds=seeds, epochs=2)
    found = study(TASK, plan, 3)
    assert found.errors.shape == (seeds, 2)
    assert len({row.tobytes() for row in found.errors}) == seeds
    assert np.isfinite(found.errors).all()
    assert found.constant == pytest.approx((1 / 12, 1 / 12), rel=0.05)
    assert found.linear == pytest.approx((0, 0), abs=1e-12)
    assert np.array_equal(study(TASK, plan, 3).errors, found.errors)
    assert not np.array_equal(study(TASK, plan, 4).errors, found.errors)


def test_baselines_take_the_judged_steps_only():
    """Three steps of two sequences; the first two steps are far off and do not count."""
    y = np.array([[[100.0], [-50.0], [1.0]], [[7.0], [30.0], [3.0]]])
    data = Sequences(np.array([[[1.0], [2.0], [3.0]], [[2.0], [1.0], [0.0]]]), y, 2)
    assert constant_errors(data) == pytest.approx((1.0,))
    # Of two points with three lags and a constant every value is met.
    assert linear_errors(data) == pytest.approx((0.0,), abs=1e-20)


@pytest.mark.parametrize(("reach", "error"), [(3, 0.0), (4, 1 / 12)])
def test_the_linear_predictor_has_the_lags_of_the_targets_and_no_more(reach, error):
    """A target one step further back than the first judged step allows is noise to it."""
    data = draw_sequences(
        TaskParams(inputs=1, targets=("delay(x[1], 3)",)), 300, 30, np.random.default_rng(1)
    )
    assert data.start == 3
    y = np.roll(data.x, reach, axis=1)
    assert linear_errors(Sequences(data.x, y, 3)) == pytest.approx((error,), rel=0.05, abs=1e-12)
