"""Fields or a function known by name only: how a student's edition asks what it cannot mark.

No author writes it: `rnngrade author release` does, for questions of kinds whose key is more than a value.
"""

from __future__ import annotations

from grader.kinds.withheld.judge import judge
from grader.kinds.withheld.question import WithheldParams, asks, controls, probes
from grader.model.kind import Kind, KindExample

KIND = Kind(
    params=WithheldParams,
    asks=asks,
    controls=controls,
    judge=judge,
    probes=probes,
    examples=(
        KindExample("A field", {"fields": ["y"]}, "q = dict(y=[1, 2])", "pending", code="handed-in"),
        KindExample("One of two", {"fields": ["y", "h"]}, "q = dict(y=[1, 2])", "pending"),
        KindExample("None", {"fields": ["y"]}, "", "missing"),
        KindExample("No fields", {"fields": ["y", "h"]}, "q = 3", "invalid"),
        KindExample("A function", {"function": "gru"}, "def gru(x, h): return h", "pending"),
        KindExample("No function", {"function": "gru"}, "def lstm(x, h): return h", "missing"),
        KindExample("A function's name", {"function": "gru"}, "gru = 3", "invalid"),
    ),
)
"""No example is correct: nothing is known of what is right."""
