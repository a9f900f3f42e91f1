"""No fact of any kind can be shown by oversight."""

from __future__ import annotations

import importlib
import pkgutil
import typing
from collections.abc import Iterator

import pytest

from grader.kinds import kind_names
from grader.model.evidence import LEVELS, Evidence, RecordedFacts, ShownFrom

for name in kind_names():
    for module in pkgutil.iter_modules(importlib.import_module(f"grader.kinds.{name}").__path__):
        importlib.import_module(f"grader.kinds.{name}.{module.name}")


def every_evidence(root: type[Evidence] = Evidence) -> Iterator[type[Evidence]]:
    for kind in root.__subclasses__():
        if kind is not RecordedFacts and kind.__module__.startswith("grader."):
            yield kind
        yield from every_evidence(kind)


@pytest.mark.parametrize(
    "kind", list(every_evidence()), ids=lambda kind: f"{kind.__module__}.{kind.__name__}"
)
def test_every_fact_of_a_kind_says_from_which_level_it_is_shown(kind: type[Evidence]) -> None:
    hints = typing.get_type_hints(kind, include_extras=True)
    for name in kind.__struct_fields__:
        marks = [mark for mark in getattr(hints[name], "__metadata__", ()) if isinstance(mark, ShownFrom)]
        assert [mark.level for mark in marks if mark.level in LEVELS] != [], name
        assert len(marks) == 1, name


WITH_WANTED_VALUES = {"counterexample", "counterexamples", "network", "series", "state_map"}


def test_wanted_values_are_not_shown_below_the_level_of_counterexamples() -> None:
    found = set()
    for kind in every_evidence():
        shown = kind(**dict.fromkeys(kind.__struct_fields__, 0)).facts("location")
        assert not WITH_WANTED_VALUES & set(shown), kind
        found |= WITH_WANTED_VALUES & set(kind.__struct_fields__)
    assert found == WITH_WANTED_VALUES
