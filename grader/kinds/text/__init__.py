"""Words, within limits of length: kept and counted, and marked by a person only."""

from __future__ import annotations

from grader.kinds.text.judge import judge
from grader.kinds.text.question import TextParams, asks, controls
from grader.model.kind import Kind, KindExample

WORDS = {"min_words": 3, "max_words": 8}

KIND = Kind(
    params=TextParams,
    asks=asks,
    controls=controls,
    judge=judge,
    examples=(
        KindExample(
            "A sentence", WORDS, "q = 'Gradients vanish over many steps.'", "pending", code="handed-in"
        ),
        KindExample("By name", WORDS, "q = dict(text='Gradients vanish quickly.')", "pending"),
        KindExample("A list of lines", WORDS, "q = ['Gradients vanish', 'over steps.']", "pending"),
        KindExample("Too short", WORDS, "q = 'They vanish.'", "pending", code="too-few-words"),
        KindExample("Too long", WORDS, "q = 'They vanish ' * 5", "pending", code="too-many-words"),
        KindExample("Nothing but spaces", WORDS, "q = ' \\n '", "missing"),
        KindExample("A number", WORDS, "q = 3", "invalid"),
    ),
)
"""No example is correct: the machine never says so of words."""
