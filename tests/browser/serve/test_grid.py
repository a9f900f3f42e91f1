"""A table to type numbers into: what is pasted fills it, or nothing does, and keys go from cell to cell."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from grader.answers.numbers import read_number
from grader.model.value import Text
from tests.grader.serve.pasted import FORMS, REFUSED, TABLE, VECTOR, VECTORS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(100), pytest.mark.xdist_group("grid")]

PASTE = """(cell, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    const pasted = new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true});
    return cell.dispatchEvent(pasted);
}"""


@pytest.fixture(scope="module")
def page(site: Any) -> Any:
    """The page of the exercise with every control."""
    tab = site.signed_in("grids")
    tab.go("/exercise/controls")
    return tab.page


def cells(page: Any, name: str) -> Any:
    """The cells of a grid, which are empty then."""
    found = page.locator(f"[name*='/{name}.']").all()
    for one in found:
        one.fill("")
    return found


def numbers(found: Any) -> list[Fraction]:
    """What stands in the cells, as the server reads it."""
    return [read_number(Text(one.input_value()), "").value for one in found]


def told(page: Any, name: str) -> str:
    """What the page says of the last paste."""
    text: str = page.locator(f"fieldset[id$='-{name}'] [role=status]").inner_text()
    return text


@pytest.mark.parametrize("form", FORMS)
def test_a_table_pasted_into_any_cell_fills_the_grid(page: Any, form: str) -> None:
    found = cells(page, "M")
    found[4].evaluate(PASTE, FORMS[form])
    assert told(page, "M") == "6 numbers were filled in."
    assert numbers(found) == [one for row in TABLE for one in row]


@pytest.mark.parametrize("form", VECTORS)
def test_a_row_or_a_column_fills_a_vector(page: Any, form: str) -> None:
    found = cells(page, "v")
    found[1].evaluate(PASTE, VECTORS[form])
    assert numbers(found) == VECTOR[0]


@pytest.mark.parametrize("form", REFUSED)
def test_what_does_not_fit_changes_nothing_and_says_why(page: Any, form: str) -> None:
    found = cells(page, "M")
    found[1].fill("7")
    found[4].evaluate(PASTE, REFUSED[form])
    assert told(page, "M").endswith("Nothing was changed.")
    assert [one.input_value() for one in found] == ["", "7", "", "", "", ""]


@pytest.mark.parametrize("text", ["1,5", "1/3", "1 / 3", "-2", "sqrt(2) / 2"])
def test_one_number_is_pasted_as_anywhere(page: Any, text: str) -> None:
    assert cells(page, "M")[0].evaluate(PASTE, text)  # nothing stopped the browser from doing it


def test_keys_go_from_cell_to_cell_and_enter_hands_nothing_in(page: Any) -> None:
    found = cells(page, "M")
    for at, text in enumerate("abcdef"):
        found[at].fill(text * 2)
    at = "document.activeElement.getAttribute('aria-label')"
    where = []
    found[0].focus()
    found[0].evaluate("one => one.setSelectionRange(0, 0)")
    for key in (
        "ArrowRight",
        "End",
        "ArrowRight",
        "ArrowDown",
        "Home",
        "ArrowLeft",
        "ArrowUp",
        "Enter",
        "Enter",
    ):
        page.keyboard.press(key)
        where.append(page.evaluate(at).removeprefix("M "))
    first, second, below, left = "row 1 column 1", "row 1 column 2", "row 2 column 2", "row 2 column 1"
    assert where == [first, first, second, below, below, left, first, left, left]
    assert page.url.endswith("/exercise/controls")
