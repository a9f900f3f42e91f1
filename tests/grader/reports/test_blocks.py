"""Lines without rich are those that rich prints; where it alone knows, it is asked."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from grader.reports.blocks import NARROW, Block, HeadedTable, Headline, Notice, Paragraph, plain_lines
from grader.reports.rich_blocks import rich_text

SIGNS = "aZ  .,(=−·✓│⋮ₜᵢé\n"
texts = st.text(SIGNS, max_size=120)
one_line = st.text(SIGNS.replace("\n", ""), max_size=90)
widths = st.integers(24, 100)
styles = st.sampled_from(["", "bold", "dim"])


def same(block: Block, width: int) -> bool:
    """Whether both agree, but for blanks at the ends of lines, which nobody sees."""
    lines = plain_lines(block, width)
    assert lines is not None
    printed = rich_text(block, width, has_color=False)
    return [line.rstrip() for line in printed.split("\n")] == [*(line.rstrip() for line in lines), ""]


def test_every_sign_that_counts_as_narrow_is_one_column_wide():
    signs = [chr(code) for code in range(sys.maxunicode + 1) if NARROW.fullmatch(chr(code))]
    assert {sign for sign in signs if cell_len(sign) != 1} == {"\n"}
    assert len(signs) > 1000


@given(st.lists(st.tuples(texts, styles), min_size=1, max_size=3), st.integers(0, 8), widths)
@settings(max_examples=400, deadline=None)
def test_a_paragraph_is_wrapped_as_rich_wraps_it(parts, indent, width):
    assert same(Paragraph(tuple(parts), indent), width)


@given(one_line, widths)
@settings(max_examples=100, deadline=None)
def test_what_is_not_wrapped_is_cut_where_rich_cuts_it(text, width):
    assert same(Paragraph(((text, ""),), is_wrapped=False), width)


@given(texts, styles, widths)
@settings(max_examples=200, deadline=None)
def test_a_notice_goes_on_behind_its_sign(text, style, width):
    assert same(Notice("▲", text, style), width)


@given(texts, st.text("0123/ points", min_size=1, max_size=8).map(str.strip).filter(bool), widths)
@settings(max_examples=200, deadline=None)
def test_points_stand_at_the_right_edge(text, right, width):
    assert same(Headline(((text, "bold"),), right), width)


@given(
    st.sampled_from(["simple", "ascii"]),
    st.lists(st.tuples(*[st.text("ab [0,1]→", max_size=12)] * 4), min_size=1, max_size=5),
    st.integers(66, 100),
)
@settings(max_examples=200, deadline=None)
def test_a_table_has_the_columns_that_rich_gives_it(rules, rows, width):
    headings, right = ("", "t", "wanted", "yours"), frozenset({1})
    assert same(HeadedTable(rules, headings, tuple(rows), frozenset({0}), 5, right), width)


@pytest.mark.parametrize(
    "block",
    [
        Paragraph((("日本", ""),)),
        Notice("▲", "e\u0301"),
        Headline((("🙂", ""),), "1 / 2"),
        Headline((("a", ""),), "1 / 2" * 9),
        HeadedTable("simple", ("", "wanted"), (("a", "1" * 90),), frozenset(), 5),
    ],
    ids=str,
)
def test_what_only_rich_can_measure_is_left_to_it(block):
    assert plain_lines(block, 80) is None
