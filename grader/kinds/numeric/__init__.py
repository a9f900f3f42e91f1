"""Numbers, vectors and matrices: exact, or to a number of decimal places, entry by entry."""

from __future__ import annotations

from grader.kinds.numeric.judge import judge
from grader.kinds.numeric.question import NumericParams, asks, controls, numbers
from grader.model.kind import Kind, KindExample

EXACT = {"values": {"g": [6, "1/3"]}}
FORGOTTEN = {
    **EXACT,
    "mistakes": [{"id": "start-forgotten", "values": {"g": [2, "1/3"]}, "message": "s0 is forgotten."}],
}
ROUNDED = {"values": {"y": "0.270726"}, "places": 2}

WEIGHTS = {"sizes": ["n_in", "n_h"], "values": {"n": "n_h*n_in + n_h^2 + n_h"}}
AT_SIZES = {"sizes": {"n_in": 3, "n_h": 4}, "values": {"n": "n_h*n_in + n_h^2 + n_h"}}

KIND = Kind(
    params=NumericParams,
    asks=asks,
    controls=controls,
    judge=judge,
    numbers=numbers,
    examples=(
        KindExample("A list, a third as text", EXACT, "q = dict(g=[6, '1/3'])", "correct"),
        KindExample("A column of computed numbers", EXACT, "q = dict(g=[[6.0], [1 / 3]])", "correct"),
        KindExample(
            "Fractions",
            EXACT,
            "from fractions import Fraction as F\nq = dict(g=(F(12, 2), F(1, 3)))",
            "correct",
        ),
        KindExample("Two places", ROUNDED, "q = dict(y=0.27)", "correct"),
        KindExample("More places than asked", ROUNDED, "q = dict(y='.2707')", "correct"),
        KindExample("One entry wrong", EXACT, "q = dict(g=[5, '1/3'])", "partial", code="wrong"),
        KindExample("A declared mistake", FORGOTTEN, "q = dict(g=[2, '1/3'])", "partial", code="wrong"),
        KindExample("A sign", EXACT, "q = dict(g=[-6, '1/3'])", "partial", code="sign"),
        KindExample("Too coarse for an exact value", EXACT, "q = dict(g=[6, 0.33])", "partial", code="wrong"),
        KindExample("Off by one", ROUNDED, "q = dict(y=0.28)", "partial", code="off-by-one"),
        KindExample("Too few places", ROUNDED, "q = dict(y=0.3)", "incorrect", code="too-few-places"),
        KindExample("A percentage", ROUNDED, "q = dict(y=27)", "incorrect", code="percent"),
        KindExample("A decimal comma", ROUNDED, "q = dict(y='0,27')", "correct"),
        KindExample("A column as in MATLAB", EXACT, "q = dict(g='[6; 1/3]')", "correct"),
        KindExample(
            "Decimals or thousands",
            {"values": {"y": "1.234"}},
            "q = dict(y='1,234')",
            "incorrect",
            code="comma-decimal",
        ),
        KindExample("A formula in sizes", WEIGHTS, "q = dict(n='n_h*(n_in + n_h + 1)')", "correct"),
        KindExample(
            "A term missing", WEIGHTS, "q = dict(n='n_h*(n_in + n_h)')", "incorrect", "terms-missing"
        ),
        KindExample("A number for a formula", WEIGHTS, "q = dict(n=32)", "incorrect", "missing-symbol"),
        KindExample("Another name", WEIGHTS, "q = dict(n='k*k')", "invalid", "unknown-name"),
        KindExample("A number, the sizes given", AT_SIZES, "q = dict(n=32)", "correct"),
        KindExample("Worked out", AT_SIZES, "q = dict(n='4*(3 + 4 + 1)')", "correct"),
        KindExample(
            "The formula, the sizes given", AT_SIZES, "q = dict(n='n_h*(n_in + n_h + 1)')", "correct"
        ),
        KindExample("Without biases", AT_SIZES, "q = dict(n=28)", "incorrect", "wrong"),
        KindExample("Not a number", ROUNDED, "q = dict(y=float('nan'))", "invalid"),
        KindExample("Too many numbers", EXACT, "q = dict(g=[6, '1/3', 6])", "invalid"),
    ),
)
