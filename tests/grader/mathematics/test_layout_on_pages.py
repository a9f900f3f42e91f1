"""What a browser is told of a formula because it does not see it: bars, signs of numbers, words."""

from __future__ import annotations

import pytest

from grader.mathematics.mathml import laid_out
from grader.mathematics.tree import NAMESPACE, parse


def shape(tex: str) -> list[str]:
    """Elements that hold text, with what was set."""
    found = []
    for one in laid_out(tex).iter():
        told = "".join(f" {key}={one.get(key)}" for key in ("form", "stretchy", "width") if one.get(key))
        if (one.text or "").strip() or told:
            found.append(f"{one.tag.removeprefix(NAMESPACE)} {one.text or ''}{told}".replace("−", "-"))
    return found


@pytest.mark.parametrize(
    ("tex", "wanted"),
    [
        # MathML Core: a minus is infix, with room on both sides, unless it begins its row.
        ("(-1", ["mo ( stretchy=false", "mo - form=prefix", "mn 1"]),
        ("x = -1", ["mi x", "mo =", "mo - form=prefix", "mn 1"]),
        ("1, -x", ["mn 1", "mo ,", "mo - form=prefix", "mi x"]),
        ("a - b", ["mi a", "mo -", "mi b"]),
        ("a^2 - b", ["mi a", "mn 2", "mo -", "mi b"]),
        (") - 1", ["mo ) stretchy=false", "mo -", "mn 1"]),
        # The dictionary of operators lets bars grow with their row, and one inside a power has another row.
        (r"\lVert y \rVert^2", ["mo ‖ stretchy=false", "mi y", "mo ‖ stretchy=false", "mn 2"]),
        (r"\left| y \right|", ["mo | form=prefix stretchy=true", "mi y", "mo | form=postfix stretchy=true"]),
        (r"\tanh u", ["mi tanh", "mspace  width=0.1667em", "mi u"]),
        (
            r"2\tanh^2 u",
            ["mn 2", "mspace  width=0.1667em", "mi tanh", "mn 2", "mspace  width=0.1667em", "mi u"],
        ),
        (r"\tanh(u)", ["mi tanh", "mo ( stretchy=false", "mi u", "mo ) stretchy=false"]),
        (r"n_{\mathrm{in}}", ["mi n", "mi in"]),
        (r"x y", ["mi x", "mi y"]),
    ],
)
def test_browsers_are_told(tex: str, wanted: list[str]) -> None:
    assert shape(tex) == wanted


def test_the_formula_that_is_kept_for_other_faces_is_not_changed() -> None:
    before = [dict(one.attrib) for one in parse(r"\tanh(-u)").iter()]
    laid_out(r"\tanh(-u)")
    assert [dict(one.attrib) for one in parse(r"\tanh(-u)").iter()] == before
