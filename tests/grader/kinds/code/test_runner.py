"""Many calls of a right function in one run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.kinds.code.question import CodeParams, runner
from grader.networks.library import library_names, library_network

SIZES = {"N": 2, "T": 4}


@pytest.mark.parametrize("name", library_names())
def test_each_of_many_calls_gives_what_it_gives_alone(name: str) -> None:
    run, calls = runner(CodeParams(function="net", network=library_network(name).network)), []

    def counted(inputs: Any, parameters: Any) -> Any:
        calls.append(inputs)
        return run.run(inputs, parameters)

    sizes = SIZES | {axis: 2 + k for k, axis in enumerate(run.signature.axes) if axis not in SIZES}
    rng = np.random.default_rng(1)
    many = [
        {key: rng.normal(size=run.signature.shape_of(key, sizes)) for key in run.signature.arguments}
        for _ in range(4)
    ]
    together = run._replace(run=counted).returned_of_each(many)
    for alone, one in zip(map(run.returned, many), together, strict=True):
        for wanted, found in zip(alone, one, strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)
    assert len(calls) == 2, "the first alone, and all together"


def test_what_gives_other_numbers_together_is_run_one_by_one() -> None:
    run = runner(CodeParams(function="net", network=library_network("library/elman").network))

    def mixed(inputs: Any, parameters: Any) -> Any:
        values = run.run(inputs, parameters)
        return {name: value + (value.ndim > 3) for name, value in values.items()}

    sizes = {"T": 3, "N": 1, "n_in": 2, "n_h": 3, "n_out": 1}
    arrays = {key: np.ones(run.signature.shape_of(key, sizes)) for key in run.signature.arguments}
    many = [arrays, {key: array / 2 for key, array in arrays.items()}]
    found = run._replace(run=mixed).returned_of_each(many)
    for alone, one in zip(map(run.returned, many), found, strict=True):
        np.testing.assert_array_equal(one, alone)
