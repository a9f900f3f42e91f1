"""The list of changes that no test could notice names changes that can still be made."""

from __future__ import annotations

import runpy
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
MUTATION = ROOT / "benchmarks" / "mutation"


def test_every_change_that_is_called_equivalent_can_be_made() -> None:
    mutants = runpy.run_path(str(MUTATION / "operators.py"))["mutants"]
    reasons = tomllib.loads((MUTATION / "equivalent.toml").read_text())
    named = [name for names in reasons.values() for name in names]
    assert len(named) == len(set(named))
    possible = {
        f"{file}: {mutant.name}"
        for file in {name.partition(": ")[0] for name in named}
        for mutant in mutants((ROOT / file).read_text())
    }
    assert sorted(set(named) - possible) == []
