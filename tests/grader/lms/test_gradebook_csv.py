"""Filling a sheet changes the cells that it must and no other byte."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.lms.gradebook_csv import defused, read_gradebook_csv

texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)
tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(texts, min_size=width, max_size=width), min_size=1, max_size=6)
)


def written(rows: list[list[str]], delimiter: str, end: str, quoting: int) -> str:
    target = io.StringIO(newline="")
    # The csv module quotes only those line ends that it writes itself.
    if any("\r" in cell or "\n" in cell for row in rows for cell in row):
        quoting = csv.QUOTE_ALL
    csv.writer(target, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return target.getvalue()


styles = st.tuples(
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.booleans(),
)


@given(tables, styles)
def test_cells_are_those_that_the_csv_module_reads(rows: list[list[str]], style: tuple[str, str, int, bool]):
    delimiter, end, quoting, has_mark = style
    rows = [[f"h{at}" for at in range(len(rows[0]) + 1)], *([*row, "x"] for row in rows)]
    text = written(rows, delimiter, end, quoting)
    data = ("\ufeff" if has_mark else "").encode() + text.encode()
    sheet = read_gradebook_csv(data, "s.csv")
    assert [[cell.text for cell in row] for row in sheet.rows] == rows
    assert sheet.replaced({}) == data


@given(tables, styles, st.data())
def test_only_the_replaced_cell_changes(
    rows: list[list[str]], style: tuple[str, str, int, bool], data: st.DataObject
):
    delimiter, end, quoting, has_mark = style
    rows = [[f"h{at}" for at in range(len(rows[0]) + 1)], *([*row, "x"] for row in rows)]
    before = ("\ufeff" if has_mark else "").encode() + written(rows, delimiter, end, quoting).encode()
    sheet = read_gradebook_csv(before, "s.csv")
    at = data.draw(st.tuples(st.integers(0, len(rows) - 1), st.integers(0, len(rows[0]) - 1)))
    new = data.draw(texts)
    cell = sheet.rows[at[0]][at[1]]
    after = sheet.replaced({cell: new})
    assert after[: cell.start] == before[: cell.start]
    assert after[len(after) - (len(before) - cell.end) :] == before[cell.end :]
    if new and at[0]:
        rows[at[0]][at[1]] = defused(new)
        assert [[one.text for one in row] for row in read_gradebook_csv(after, "s.csv").rows] == rows


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff20x",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r=1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_formula_is_written_as_text(text: str):
    sheet = read_gradebook_csv(b"a,b\n1,2\n", "s.csv")
    after = sheet.replaced({sheet.rows[1][1]: text})
    assert next(iter(csv.reader(io.StringIO(after.decode(), newline=""), strict=True))) == ["a", "b"]
    assert read_gradebook_csv(after, "s.csv").rows[1][1].text == f"'{text}"


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_one_error(data: bytes):
    try:
        sheet = read_gradebook_csv(data, "s.csv")
    except SubmissionError:
        return
    assert sheet.replaced({}) == data


def test_bytes_of_another_encoding_stay():
    data = b"Name,Grade\nZo\xeb,\n"
    sheet = read_gradebook_csv(data, "s.csv")
    assert sheet.rows[1][0].text == "Zoë"
    assert sheet.replaced({sheet.rows[1][1]: "5"}) == b"Name,Grade\nZo\xeb,5\n"
