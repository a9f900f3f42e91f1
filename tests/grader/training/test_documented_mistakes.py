"""Every known mistake of gradients and Adam stands in the documentation as it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.kinds.trajectory.diagnose import gradient_mistakes
from grader.training.adam_mistakes import ADAM_MISTAKES

PAGE = (Path(__file__).parents[3] / "docs" / "misconceptions.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("mistake", [*gradient_mistakes(), *ADAM_MISTAKES], ids=lambda one: one.id)
def test_it_stands_in_the_documentation(mistake):
    assert f"| `{mistake.id}` | {mistake.message} |" in PAGE


def test_a_last_step_is_a_final_or_a_previous_one():
    told = " ".join(one.message for one in (*gradient_mistakes(), *ADAM_MISTAKES))
    assert "last step" not in told
    assert "last time step" not in told
