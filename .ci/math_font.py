"""Make the font that pages carry for their formulas: the part of STIX Two Math that our formulas can need.

Without a font that knows mathematics a browser hardly lowers a subscript; the whole font has 1.5 MB. To make
it anew:

    python -m pip install "fonttools[woff]" ziamath==0.13     # ziamath brings the font along
    python .ci/math_font.py
"""

from __future__ import annotations

import sys
from importlib.metadata import files
from pathlib import Path

from fontTools import subset

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "grader" / "reports" / "html" / "font" / "stix_two_math.woff2"
sys.path.insert(0, str(ROOT))

from grader.mathematics import signs  # noqa: E402

# First and last of a row of signs.
RANGES = (
    (0x20, 0x7E),  # ASCII
    (0x391, 0x3C9),  # Greek
    (0x1D400, 0x1D467),  # bold and italic letters: browsers write a letter alone in italics
    (0x1D6E2, 0x1D71B),  # italic Greek letters
)
OTHERS = "ℎℓℝℕℤℚℂ𝔼ℙℒℱ𝒩𝒪𝒟ϕϵ−\u00a0"


def wanted_signs() -> set[int]:
    """Every sign that the page may have to show, as its code point."""
    listed = (*signs.ASCII, *signs.ACCENTS, *signs.ACCENTS.values(), *signs.RELATIONS, *signs.OPERATIONS)
    listed = (*listed, *signs.SUMS, *signs.OPENING, *signs.CLOSING, *signs.BARS, *OTHERS)
    rows = (range(first, last + 1) for first, last in RANGES)
    return {ord(sign) for sign in listed if len(sign) == 1} | {code for row in rows for code in row}


def main() -> None:
    """Write the font."""
    whole = next(one for one in files("ziamath") or () if one.name == "STIXTwoMath-Regular.ttf")
    options = subset.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = []
    # Of no use to formulas: forms of letters to choose from, kerning, and the signature of the whole font.
    options.drop_tables += ["DSIG", "GSUB", "GPOS", "GDEF"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    font = subset.load_font(str(whole.locate()), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted_signs())
    subsetter.subset(font)
    TARGET.parent.mkdir(exist_ok=True)
    subset.save_font(font, str(TARGET), options)
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
