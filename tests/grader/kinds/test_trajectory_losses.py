"""Training runs: honest ones lie on the reference, mistaken ones are named."""

from __future__ import annotations

import numpy as np
import pytest

from grader.kinds.trajectory import diagnose
from grader.kinds.trajectory.diagnose import explain, losses_of, training_mistakes
from grader.kinds.trajectory.fitting import Fit, fit
from grader.kinds.trajectory.question import draw_start, right_losses
from reference.sequence_data import clean_targets

N_EPOCHS, LR = 70, 0.01
# They change seventy epochs by about 1e-5 or less: only the optimiser's question is sure to see them.
# Gradients are no larger than 100 here, so that clipping beyond does nothing.
UNSEEN = {"clipped", "amsgrad", "eps-inside-root", "eps-too-large", "no-eps"}
# The same to a training, for which m and v are its own affair.
SAME = (
    {"moments-reset", "moments-lost"},
    {"correction-without-power", "t-always-1"},
    {"t-from-zero", "v-of-gradient"},
    {"db-zero", "b-not-updated"},
    {"dc-zero", "c-not-updated"},
    {"biases-not-updated", "biases-left-out"},
)


@pytest.fixture(scope="module")
def start():
    rng = np.random.default_rng(11)
    x = rng.random((4, 30, 3))
    return draw_start(x, clean_targets(x), 0.1, 5, rng)


@pytest.fixture(scope="module")
def right(start):
    return right_losses(start, N_EPOCHS, LR)


@pytest.fixture(scope="module")
def run(start):
    """Losses of a mistake; what explains them finds them computed already."""
    kept = {}

    def run(way, asked, n_epochs, lr):
        key = way, id(asked), n_epochs, lr
        if key not in kept:
            kept[key] = losses_of(way, asked, n_epochs, lr)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diagnose, "losses_of", run)
        yield lambda way: run(way, start, N_EPOCHS, LR)


@pytest.mark.parametrize("mistake", training_mistakes(), ids=lambda mistake: mistake.id)
def test_a_mistake_is_named_as_itself_or_its_like(mistake, start, right, run):
    losses = run(mistake.effect)[:-1]
    if mistake.id in UNSEEN and fit(losses, right) == Fit(1.0):
        return
    assert fit(losses, right) is None
    found = {one.id for one in explain(losses, start, N_EPOCHS, LR)}
    assert found == next((like for like in SAME if mistake.id in like), {mistake.id})


def test_errors_that_stop_before_all_thirty_steps_are_known_and_others_are_not_looked_for():
    """Beyond 25 of 30 steps a cut changes losses by less than honest rounding."""
    reaches = {one.effect.backprop.reach for one in training_mistakes()}
    assert {None, 1, 2, 3, 4, 5, 10, 20, 25} <= reaches
    assert max(reach for reach in reaches if reach is not None) == 25


@pytest.mark.parametrize("kept", [slice(None, -1), slice(1, None), slice(None)])
@pytest.mark.parametrize("id", ["truncated-1", "no-correction", "target-forgotten"])
def test_a_mistake_is_named_whether_losses_are_logged_before_or_after_each_step(id, kept, start):
    (mistake,) = (one for one in training_mistakes() if one.id == id)
    logged = losses_of(mistake.effect, start, 30, LR)[kept]
    assert [one.id for one in explain(logged, start, 30, LR)] == [id]


def test_losses_before_after_and_at_both_ends_are_right(right):
    assert fit(right[:-1], right) == fit(right[1:], right) == fit(right, right) == Fit(1.0)


def test_float32_losses_are_right(right):
    noise = 1 + 3e-7 * np.random.default_rng(0).standard_normal(len(right))
    assert fit(right * noise, right) == Fit(1.0)


def test_other_scales_are_seen(right):
    assert fit(0.5 * right[:-1], right).factor == pytest.approx(0.5)
    assert fit(np.sqrt(right), right).is_root
    assert fit(right[::2], right) is None
    assert fit(-right, right) is None


def test_nothing_explains_a_made_up_curve(start):
    assert not explain(np.linspace(70, 10, N_EPOCHS), start, N_EPOCHS, LR)
