"""Gradient questions written before networks had equations are read as ever."""

from __future__ import annotations

import numpy as np
import pytest

from grader.errors import SpecError
from grader.kinds import find_kind, kind_names
from grader.kinds.gradient.question import trials
from grader.specs import Kinds, load_exercise
from reference.bptt import Parameters, bptt

WRITTEN = """
title = "t"
source = "s"
[[question]]
id = "q"
label = "q"
points = 1
prompt = "p"
signature = "bptt(x, y, U, W, V, b, c)"
[question.check]
kind = "gradient"
function = "bptt"
sizes = [{SIZES}]
[[question.example]]
title = "right"
answer = "q = None"
verdict = "correct"
[[question.example]]
title = "wrong"
answer = "q = 1"
verdict = "invalid"
"""


def load(tmp_path, sizes):
    path = tmp_path / "old.toml"
    path.write_text(WRITTEN.replace("SIZES", sizes), encoding="utf-8")
    return load_exercise(path, Kinds(kind_names(), find_kind))


def test_it_asks_for_the_gradients_of_the_network_that_it_always_had(tmp_path):
    (question,) = load(tmp_path, "n_seqs = 3, n_steps = 7, n_in = 4, n_h = 6, n_out = 5").questions
    assert question.params.signature == "bptt(x, y, U, W, V, b, c)"
    general = [trial for trial in trials(question.params) if trial.is_general]
    assert dict(general[0].sizes) == {"N": 3, "T": 7, "n_in": 4, "n_h": 6, "n_out": 5}
    for trial in general:
        x, y = trial.instance.inputs["x"].transpose(1, 0, 2), trial.instance.targets["y"].transpose(1, 0, 2)
        params = Parameters(**trial.instance.parameters)
        for name, wanted in bptt(x, y, params)._asdict().items():
            np.testing.assert_allclose(trial.right[name], wanted, rtol=1e-10, atol=1e-12)


def test_what_is_wrong_in_it_is_still_refused(tmp_path):
    with pytest.raises(SpecError, match="different numbers"):
        load(tmp_path, "n_seqs = 3, n_steps = 3, n_in = 4, n_h = 6, n_out = 5")
