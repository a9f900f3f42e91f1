"""Names of gradients, and the variables that they are taken apart into."""

from __future__ import annotations

import pytest

from grader.networks.backward import names


@pytest.mark.parametrize("variable", ["h", "z", "d_h", "dz_h", "e_h", "back_h", "d"])
@pytest.mark.parametrize(
    ("named", "start"),
    [
        (names.error_at, "e_"),
        (names.gradient_at, "d_"),
        (names.gradient_at_sum, "dz_"),
        (names.sent_back_to, "back_"),
    ],
)
def test_the_variable_of_a_gradient_may_itself_be_called_like_one(named, start, variable):
    assert named(variable) == start + variable
    assert names.variable_of(named(variable)) == variable


def test_what_is_no_gradient_is_a_variable():
    assert names.variable_of("h") == "h"
