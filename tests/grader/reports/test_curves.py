"""Curves as text."""

from __future__ import annotations

import math
import sys

import pytest

from grader.reports.curves import LABEL, plot


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize(("width", "height"), [(12, 2), (40, 5), (80, 20)])
def test_a_plot_keeps_to_its_size(width, height, ascii_only):
    lines = plot([[math.sin(i / 5) for i in range(100)], [0.5] * 30], width, height, ascii_only)
    assert len(lines) == height
    assert max(map(len, lines)) <= width
    if ascii_only:
        assert all(line.isascii() for line in lines)


def test_a_rising_line_rises():
    lines = plot([[0, 1, 2, 3]], LABEL + 4, 4, ascii_only=True)
    assert [line[LABEL:] for line in lines] == ["   *", "  *", " *", "*"]
    assert lines[0].startswith("      3|")
    assert lines[-1].startswith("      0|")


def test_two_curves_are_told_apart_and_meet():
    lines = plot([[0, 1], [1, 1]], LABEL + 2, 2, ascii_only=True)
    assert [line[LABEL:] for line in lines] == ["o#", "*"]


def test_braille_dots_stand_where_the_values_are():
    lines = plot([[0.0, 1.0]], LABEL + 2, 2, ascii_only=False)
    # The first dot is the lowest of its column, the last the highest.
    assert ord(lines[1][LABEL]) & 0x40
    assert ord(lines[0][LABEL + 1]) & 0x08


def test_a_logarithmic_axis_is_labelled_with_values():
    lines = plot([[100, 10, 1, 0, -1]], LABEL + 5, 3, ascii_only=True, is_log=True)
    assert lines[0].strip().startswith("100|")
    assert lines[2].strip().startswith("1|")


@pytest.mark.parametrize("series", [[], [[]], [[math.nan, math.inf]]])
def test_nothing_to_draw_is_no_lines(series):
    assert plot(series, 40, 5, ascii_only=False) == []


def test_no_room_is_no_lines():
    assert plot([[1, 2]], LABEL + 1, 5, ascii_only=True) == []
    assert plot([[1, 2]], 40, 1, ascii_only=True) == []


def test_holes_are_left_out_and_flat_curves_are_drawn():
    assert plot([[1, math.nan, 1]], LABEL + 3, 3, ascii_only=True)[1][LABEL:] == "* *"


LARGEST = sys.float_info.max


@pytest.mark.parametrize("is_log", [False, True])
@pytest.mark.parametrize(
    "series",
    [
        [LARGEST, LARGEST],
        [LARGEST, -LARGEST, 1.0],
        [5e-324, 5e-324],
        [5e-324, LARGEST],
        [10**5000, 2],
        ["nan", "inf", None, True, 2.0, [1.0], 3.0],
    ],
)
def test_whatever_stands_in_a_curve_is_drawn_or_left_out(series, is_log):
    for ascii_only in (True, False):
        lines = plot([series], 40, 5, ascii_only, is_log=is_log)
        assert len(lines) == 5
        assert max(map(len, lines)) <= 40


def test_the_largest_and_the_smallest_number_stand_at_the_ends():
    lines = plot([[LARGEST, 0.0, -LARGEST]], LABEL + 3, 3, ascii_only=True)
    assert [line[LABEL:] for line in lines] == ["*", " *", "  *"]
