"""Whatever plain value a student's process sends, a judge decides it: none raises, none gives up."""

from __future__ import annotations

import pytest

from benchmarks.fuzz_judges import Seed, fuzz, seeds

COUNT = 800


@pytest.fixture(scope="module")
def prepared() -> list[Seed]:
    return seeds(examples=1)


def test_no_judge_fails_on_made_up_values(prepared: list[Seed]) -> None:
    figures = fuzz(COUNT, seed=3, prepared=prepared)
    assert figures.findings == []
    # Made-up answers that are all refused at the door would show nothing.
    assert figures.verdicts["partial"] > COUNT / 20
    assert figures.verdicts["incorrect"] > COUNT / 40
