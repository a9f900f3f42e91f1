"""Anything may be handed in: it is read, or it is said why not, at once."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

from benchmarks.fuzz_formulas import LIMIT_S, NAMES, fuzz
from grader.errors import Unreadable
from grader.formula.condition import parse_condition
from grader.formula.parse import parse_formula

# The suite's machine may be busy; the limit itself is held by running the benchmark alone.
SLACK = 4
# To keep each formula that is read would take 240: 900 strings are tried while memory is traced.
GROWTH_KIB = 80


def test_made_up_strings_are_read_or_refused_and_nothing_is_evaluated(monkeypatch: Any) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError(f"evaluated {arguments[:1]}")

    for name in ("eval", "exec", "compile"):
        monkeypatch.setattr(builtins, name, refuse)
    figures = fuzz(3000, seed=1)
    monkeypatch.undo()
    assert figures.read > 300
    assert len(figures.codes) > 12
    assert figures.slowest_s < SLACK * LIMIT_S, figures.slowest
    assert figures.grown_kib < GROWTH_KIB


@pytest.mark.parametrize("piece", ["(", "w", "-", "9", "\ud800", "((w)^", "tanh(", "a<1 and ", " "])
def test_a_hundred_thousand_characters_are_refused_by_their_number(piece: str) -> None:
    for parse in (parse_formula, parse_condition):
        with pytest.raises(Unreadable) as caught:
            parse((piece * 100_000)[:100_000], NAMES)
        assert caught.value.code == "too-long"
        assert len(str(caught.value)) < 300
