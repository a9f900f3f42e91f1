from __future__ import annotations

import pytest

from grader.reports.printable import literal


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("\\frac{1}{2}", "'\\frac{1}{2}'"),
        (["\\nu", 1], "['\\nu', 1]"),
        ("1/3", "1/3"),
        ("plain", "'plain'"),
    ],
)
def test_a_backslash_is_shown_once_as_it_was_written(value: object, text: str):
    assert literal(value) == text


def test_nothing_in_a_text_acts_on_a_terminal():
    assert literal("a\x1b[31m").isprintable()
