"""Names of derivatives as textbooks, code and libraries write them."""

from __future__ import annotations

import pytest

from grader.answers.derivative_names import as_derivative


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
def test_a_derivative_by_w_is_called_dw(written: str) -> None:
    assert as_derivative(written) == "dw"


@pytest.mark.parametrize("written", ["w", "d", "grad", "dL", "Ldw", "dL_w", "dLd", "ddw", "loss", "d_w"])
def test_another_name_stays(written: str) -> None:
    assert as_derivative(written) == written
