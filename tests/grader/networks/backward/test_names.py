"""Names of gradients: what they are taken apart into, and how textbooks, code and libraries write them."""

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


@pytest.mark.parametrize(
    "written",
    [
        *(
            "dw",
            "dL_dw",
            "dL/dw",
            "dLdw",
            "dL_d_w",
            "dJ/dw",
            "dE_dw",
            "dloss_dw",
            "d_Loss/dw".replace("_", ""),
        ),
        *(
            "\u2202L/\u2202w",
            "\u2202w",
            "\u2202 L / \u2202 w",
            "\u2207w",
            "grad_w",
            "gradw",
            "w_grad",
            "gradient_w",
        ),
    ],
)
def test_a_derivative_by_w_is_called_dw(written):
    assert names.as_derivative(written) == "dw"


@pytest.mark.parametrize("written", ["w", "d", "grad", "dL", "Ldw", "dL_w", "dLd", "ddw", "loss", "d_w"])
def test_another_name_stays(written):
    assert names.as_derivative(written) == written
