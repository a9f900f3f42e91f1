"""The font that pages carry: only where there are formulas, and with every sign that they have."""

from __future__ import annotations

import base64
import io
import re
import tomllib
from pathlib import Path

import pytest

from grader.mathematics.tree import parse
from grader.reports.html.elements import prose
from grader.reports.html.page import page

FORMULAS = tomllib.loads(
    (Path(__file__).parents[1] / "mathematics" / "formulas.toml").read_text(encoding="utf-8")
)


def italic(letter: str) -> str:
    """What a browser shows of a letter alone: MathML Core, "italic mappings"; h has its place elsewhere."""
    if letter == "h":
        return "ℎ"
    start = 0x1D44E if letter.islower() else 0x1D434
    return chr(start + ord(letter.lower()) - ord("a"))


def test_only_a_page_with_formulas_carries_the_font() -> None:
    assert "font/woff2" in page("a", prose("The state $h_t$."))
    assert "font/woff2" not in page("a", prose("The state."))


def test_the_font_has_every_sign_of_the_formulas_and_the_sizes_to_lay_them_out() -> None:
    from fontTools.ttLib import TTFont

    found = re.search(r"data:font/woff2;base64,([^)]*)", page("a", prose("$x$")))
    assert found is not None
    font = TTFont(io.BytesIO(base64.b64decode(found[1])))
    signs: set[str] = set()
    for one in FORMULAS["formula"]:
        for element in parse(one["tex"]).iter():
            text = (element.text or "").strip()
            is_letter = element.tag.endswith("mi") and len(text) == 1 and text.isascii() and text.isalpha()
            signs |= {italic(text)} if is_letter else set(text)
    assert len(signs) > 60
    assert {sign for sign in signs if ord(sign) not in font.getBestCmap()} <= {"\u2061"}
    assert "MATH" in font


@pytest.mark.parametrize("file", ["stix_two_math.woff2", "OFL.txt"])
def test_the_font_goes_with_its_licence(file: str) -> None:
    from importlib.resources import files

    assert files("grader.reports.html").joinpath("font", file).is_file()
