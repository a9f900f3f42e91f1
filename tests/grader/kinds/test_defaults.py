"""What an exercise file leaves out is what the published schema says."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.kinds import find_kind, kind_names
from grader.specs.networks import Networks, with_networks

DEFINITIONS = json.loads(
    (Path(__file__).parents[3] / "docs" / "schemas" / "exercise.json").read_text(encoding="utf-8")
)["$defs"]


def tables(kind: str) -> list[dict[str, Any]]:
    """Parameters of the kind's examples."""
    path = Path(__file__).with_name("answers_to_kinds") / f"{kind}.py"
    examples = runpy.run_path(str(path))["EXAMPLES"] if path.exists() else find_kind(kind).examples
    return [example.params for example in examples]


@pytest.mark.parametrize("kind", kind_names())
def test_a_parameter_that_is_left_out_has_its_published_default(kind: str) -> None:
    wanted = find_kind(kind).params
    published = DEFINITIONS[wanted.__name__]["properties"]
    for table in tables(kind):
        params = msgspec.convert(with_networks(table, wanted, Networks(), "", ""), wanted)
        left_out = [name for name in published if "default" in published[name] and name not in table]
        found = msgspec.to_builtins([getattr(params, name) for name in left_out], enc_hook=str)
        assert json.loads(json.dumps(found)) == [published[name]["default"] for name in left_out]
