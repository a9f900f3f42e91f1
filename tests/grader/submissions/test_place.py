from __future__ import annotations

import pytest

from grader.submissions.answer_files import line_of


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (b"b_i = 1\n", 1),
        (b"\n# b_i = 0\nb_i={}\n", 3),
        (b"import numpy\r\nclass b_i:\r\n    x = 1\r\n", 2),
        (b"def b_i(x):\n    return x\n", 1),
        (b"b_i: dict = {}\n", 1),
        (b"b_i = 1\nb_i = 2\n", 2),  # what counts is what stands there in the end
        (b"b_ii = 1\nprint(b_i)\n  b_i = 2\nab_i = 3\n", None),
        (b"", None),
    ],
)
def test_line_is_the_last_that_defines_the_name(code: bytes, line: int | None):
    assert line_of(code, "b_i") == line
