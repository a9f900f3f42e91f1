"""Evidence that an answer is wrong: the smallest input, wanted and got side by side, and curves."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from grader.reports.facts import (
    DIGITS,
    StoredCounterexample,
    counterexample_of,
    first_different,
    loss_curve_of,
    predictions_of,
    row_texts,
    step_texts,
    steps_around,
    unrolled_of,
)
from grader.reports.html.elements import Child, element, list_of, table
from grader.reports.html.figures import Curve, curves
from grader.reports.html.unrolled import unrolled_figure
from grader.reports.printable import FRACTION, literal

MOST_CHARACTERS = 1500
LONGEST_FRACTION = 40
LEAST_STEPS = 6
"""Steps from which on a plot is drawn: fewer are seen in the table at a glance."""
MOST_MATRIX_ENTRIES = 400


def evidence_blocks(evidence: dict[str, Any]) -> list[ET.Element]:
    """The evidence of a question that can be drawn; for the rest the page says where to find it."""
    found: list[ET.Element] = []
    is_whole = True
    for part in (_counterexample, _unrolled, _curves):
        try:
            found += part(evidence)
        except Exception:
            is_whole = False
    if not is_whole:
        text = "Some of what shows it cannot be drawn here; it is whole in the report of --format json."
        found.append(element("p", {}, text))
    return found


def _unrolled(evidence: dict[str, Any]) -> Iterator[ET.Element]:
    if (drawing := unrolled_of(evidence)) is not None:
        yield unrolled_figure(drawing)


def _counterexample(evidence: dict[str, Any]) -> Iterator[ET.Element]:
    found = counterexample_of(evidence)
    if found is None:
        return
    wanted, got = found.wanted, found.got
    yield element("p", {}, "The smallest input found that shows it:")
    if given := list_of(
        element("code", {}, _short(f"{name} = {literal(value)}"))
        for name, value in found.named_inputs.items()
    ):
        yield given
    if found.is_by_name:
        yield from _by_name(found)
    elif not _are_steps(wanted, got):
        yield from (_value("wanted", wanted, None), _value("yours", got, wanted))
    elif found.is_by_sequence:
        columns = _columns(found, _units(evidence))
        yield _by_step(columns, wanted, got, first_different(wanted, got), "sequence")
    else:
        step = found.wrong_step
        yield _by_step(_columns(found, _units(evidence)), wanted, got, step)
        if step is not None and (drawn := _pictured(wanted, got, step)):
            yield drawn


def _by_name(found: StoredCounterexample) -> Iterator[ET.Element]:
    for name, value in found.wanted.items():
        if name in found.wrong_names:
            yield _value(f"{name}, wanted", value, None)
            yield _value(f"{name}, yours", found.got.get(name), value)


def _units(evidence: dict[str, Any]) -> dict[str, Any]:
    """Values of the student's units on the counterexample, where they are known from the first step on."""
    units = evidence.get("units")
    if "units" in evidence:
        return units if isinstance(units, dict) else {}
    try:
        drawn = unrolled_of(evidence)
    except msgspec.ValidationError:
        # What comes in, what is wanted and what came can be shown without it.
        return {}
    if drawn is None or drawn.first_step != 1:
        return {}
    computed = {link.target for link in drawn.links} - {drawn.wrong_layer}
    return {name: rows for name, rows in drawn.values.items() if name in computed}


def _columns(found: StoredCounterexample, units: dict[str, Any]) -> dict[str, list[Any]]:
    """Columns for inputs and for the student's units, where they are known for every step."""
    own = {f"your {name}": rows for name, rows in units.items()}
    return {
        str(name): rows
        for name, rows in {**found.named_inputs, **own}.items()
        if isinstance(rows, list) and len(rows) == len(found.wanted)
    }


def _by_step(
    columns: dict[str, list[Any]],
    wanted: list[Any],
    got: list[Any],
    wrong_step: int | None,
    a_row: Literal["t", "sequence"] = "t",
) -> ET.Element:
    rows: list[list[Child]] = []
    for t in steps_around(len(wanted), wrong_step):
        texts = row_texts(wanted[t - 1], got[t - 1], before_wrong=t < (wrong_step or 1))
        is_wrong = t == wrong_step
        yours = element("span", {"class": "differs"}, texts[1]) if is_wrong else texts[1]
        rows.append(
            [
                "→ differs first here" if is_wrong else "",
                str(t),
                *(_short(literal(one[t - 1], DIGITS)) for one in columns.values()),
                texts[0],
                yours,
            ]
        )
    title = "Step by step" if a_row == "t" else "Sequence by sequence"
    return table(["", a_row, *columns, "wanted", "yours"], rows, title)


def _pictured(wanted: list[Any], got: list[Any], wrong_step: int) -> ET.Element | None:
    """A plot of the first output that differs, over all steps; None for few steps and for non-numbers."""
    if len(wanted) < LEAST_STEPS or not 1 <= wrong_step <= len(wanted):
        return None
    width = len(wanted[0]) if isinstance(wanted[0], list) else 0
    at_step = wanted[wrong_step - 1], got[wrong_step - 1]
    place = next((k for k in range(width) if not _is_alike(at_step[0][k], at_step[1][k])), 0)
    both = [[_float(row[place] if width else row) for row in rows] for rows in (wanted, got)]
    name = f"Output {place + 1}" if width > 1 else "The output"
    finding = (
        f"{name} over all steps. Line: yours. Crosses: wanted. They differ first at the dashed line, "
        f"step {wrong_step}."
    )
    chosen = [Curve("yours", both[1]), Curve("wanted", both[0], is_points=True)]
    return curves(f"{name}, wanted and yours", finding, chosen, marked=wrong_step)


def _is_alike(wanted: object, got: object) -> bool:
    texts = step_texts(wanted, got)
    return texts[0] == texts[1]


def _float(value: object) -> object:
    """A fraction written as text as a number; all else as it is."""
    if not isinstance(value, str) or len(value) > LONGEST_FRACTION or not FRACTION.fullmatch(value):
        return value
    above, below = map(int, value.split("/"))
    return above / below if below else value


def _value(name: str, value: Any, other: object) -> ET.Element:
    """A matrix as a matrix, entries that differ from the other marked; anything else as text."""
    if not _is_matrix(value):
        return element("p", {}, f"{name} = ", element("code", {}, _short(literal(value))))
    rows = [[_entry(entry, _at(other, i, j)) for j, entry in enumerate(row)] for i, row in enumerate(value)]
    return table([], rows, name)


def _at(matrix: Any, i: int, j: int) -> object:
    """An entry; None where there is none."""
    return matrix[i][j] if _is_matrix(matrix) and i < len(matrix) and j < len(matrix[i]) else None


def _entry(entry: object, wanted: object) -> Child:
    if wanted is None or wanted == entry:
        return literal(entry, 6)
    here, there = step_texts(wanted, entry)[1], step_texts(wanted, entry)[0]
    if _is_close(entry, wanted):
        return here
    return element("span", {"class": "differs"}, f"{here} ≠ {there}")


def _is_close(entry: object, wanted: object) -> bool:
    if not isinstance(entry, int | float) or not isinstance(wanted, int | float):
        return False
    return abs(entry - wanted) <= 1e-6 * max(abs(entry), abs(wanted), 1e-300)


def _is_matrix(value: Any) -> bool:
    is_table = isinstance(value, list) and bool(value) and all(isinstance(row, list) and row for row in value)
    if not is_table or len({len(row) for row in value}) > 1:
        return False
    entries = [entry for row in value for entry in row]
    return len(entries) <= MOST_MATRIX_ENTRIES and not any(isinstance(one, list | dict) for one in entries)


def _are_steps(wanted: object, got: object) -> bool:
    return isinstance(wanted, list) and isinstance(got, list) and bool(wanted) and len(wanted) == len(got)


def _short(text: str) -> str:
    return (
        text
        if len(text) <= MOST_CHARACTERS
        else f"{text[:60]}... ({len(text)} characters; --format json has all)"
    )


def _curves(evidence: dict[str, Any]) -> Iterator[ET.Element]:
    drawn: list[ET.Element | None] = []
    for number, one in enumerate(predictions_of(evidence), start=1):
        both = [Curve("predicted", one.predicted), Curve("wanted", one.wanted, is_points=True)]
        text = "Line: what the network predicts on a sequence for show. Crosses: what is wanted."
        drawn.append(curves(f"Output y{number}, predicted and wanted", text, both))
    if (found := loss_curve_of(evidence)) is not None:
        losses = found.losses
        first_and_last = f"from {literal(losses[0], 3)} to {literal(losses[-1], 3)}"
        text = f"Your losses, one {found.apart}, {first_and_last}; the axis is logarithmic."
        drawn.append(curves("Losses of your training", text, [Curve("loss", losses)], is_log=True))
    yield from (one for one in drawn if one is not None)
