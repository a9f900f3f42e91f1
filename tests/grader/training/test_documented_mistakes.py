"""Every known mistake of gradients and Adam stands in the documentation as it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.training.gradient_bank import BANK as GRADIENTS
from grader.training.optimizer_bank import BANK as ADAM

PAGE = (Path(__file__).parents[3] / "docs" / "misconceptions.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("mistake", [*GRADIENTS, *ADAM], ids=lambda one: one.id)
def test_it_stands_in_the_documentation(mistake):
    assert f"| `{mistake.id}` | {mistake.message} |" in PAGE


def test_a_last_step_is_a_final_or_a_previous_one():
    told = " ".join(one.message for one in (*GRADIENTS, *ADAM))
    assert "last step" not in told
    assert "last time step" not in told
