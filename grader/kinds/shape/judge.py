"""Shapes of matrices and vectors, entry by entry.

Axes have names, so that feedback can say what an axis stands for without saying how long it is.
"""

from __future__ import annotations

from fractions import Fraction

from grader.answers.shapes import read_shape
from grader.errors import Unreadable
from grader.kinds.shape.axes import ShapeParams, axis_size
from grader.model.evidence import PROVED, Untyped
from grader.model.kind import Answer, Asks, Kind, KindExample
from grader.model.outcome import Feedback, Outcome, verdict_for

WHAT_AXES_ARE = {1: ("entries",), 2: ("rows", "columns"), 3: ("first axis", "second axis", "third axis")}


def asks(params: ShapeParams) -> Asks:
    """One field for each shape."""
    return Asks(fields=tuple(params.shapes))


def judge(params: ShapeParams, answer: Answer) -> Outcome:
    """Mark each shape by itself; each counts the same."""
    found: dict[str, Feedback | None] = {}
    got: dict[str, tuple[int, ...]] = {}
    unreadable: list[Unreadable] = []
    for name, axes in params.shapes.items():
        if name not in answer.fields:
            found[name] = Feedback("missing-field", f"{name} is not given.")
            continue
        try:
            got[name] = read_shape(answer.fields[name], name)
        except Unreadable as error:
            unreadable.append(error)
            found[name] = Feedback(error.code, str(error))
            continue
        wanted = tuple(axis_size(axis, params.sizes, name) for axis in axes)
        found[name] = mistake(name, axes, wanted, got[name])
    if unreadable and len(unreadable) == len(answer.fields):
        raise unreadable[0]
    n_right = sum(feedback is None for feedback in found.values())
    fraction = Fraction(n_right, len(found))
    entries = {
        name: {
            "got": list(got[name]) if name in got else None,
            "code": "right" if told is None else told.code,
        }
        for name, told in found.items()
    }
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=PROVED,
        feedback=tuple(told for told in found.values() if told is not None),
        evidence=(Untyped(table={"entries": entries, "entries_right": n_right}),),
    )


def mistake(
    name: str, axes: tuple[str, ...], wanted: tuple[int, ...], got: tuple[int, ...]
) -> Feedback | None:
    """What is wrong with a shape, or None; a flat (n,) stands for the column n x 1.

    The sizes that are wanted are never said.
    """
    is_column = len(wanted) == 2 and wanted[1] == 1
    if got == wanted or (is_column and got == wanted[:1]):
        return None
    said = f"{name} is given as {' x '.join(map(str, got))}" + ("," if len(got) == 1 else "")
    if got == wanted[::-1]:
        if is_column:
            return Feedback("row-for-column", f"{said}: that is a row, and {name} is a column.")
        return Feedback("axes-swapped", f"{said}: the axes are swapped. {_what_they_are(axes)}")
    if len(got) != len(wanted):
        text = f"{said.rstrip(',')}: {_axes(len(got))}, but {name} has {len(wanted)}."
        return Feedback("number-of-axes", f"{text} {_what_they_are(axes)}")
    wrong = [i for i, sizes in enumerate(zip(got, wanted, strict=True)) if sizes[0] != sizes[1]]
    names = WHAT_AXES_ARE[len(wanted)]
    if len(wrong) < len(wanted):
        text = f"{said}: the number of {names[wrong[0]]} is not right."
        return Feedback("wrong-size", f"{text} {_what_they_are(axes, wrong)}")
    return Feedback("wrong-size", f"{said}: neither size is right. {_what_they_are(axes)}")


def _axes(number: int) -> str:
    return "one axis" if number == 1 else f"{number} axes"


def _what_they_are(axes: tuple[str, ...], only: list[int] | None = None) -> str:
    names = WHAT_AXES_ARE[len(axes)]
    if len(axes) == 2 and axes[1] == "1":
        return f"It is a column; its entries go with the {_stacked(axes[0])}."
    parts = []
    for i in range(len(axes)) if only is None else only:
        if axes[i].isdigit():
            parts.append(f"its {names[i]} are of a fixed number, whatever the network's sizes")
        else:
            parts.append(f"its {names[i]} go with the {_stacked(axes[i])}")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:] + "."


def _stacked(axis: str) -> str:
    terms = [term.strip() for term in axis.split("+")]
    return terms[0] if len(terms) == 1 else f"{' and the '.join(terms)}, stacked"


PARAMS = {
    "sizes": {"state": 2, "input": 3},
    "shapes": {"W": ["state", "state + input"], "z": ["state", "1"]},
}

CHECK = Kind(
    params=ShapeParams,
    asks=asks,
    judge=judge,
    examples=(
        KindExample("Tuples", PARAMS, "q = dict(W=(2, 5), z=(2, 1))", "correct"),
        KindExample("Text in several spellings", PARAMS, "q = dict(W='2 x 5', z='(2, 1)')", "correct"),
        KindExample("Lists, and a flat vector", PARAMS, "q = dict(W=[2, 5], z=(2,))", "correct"),
        KindExample(
            "An array's own shape",
            PARAMS,
            "import numpy as np\nq = dict(W=np.zeros((2, 5)).shape, z=2)",
            "correct",
        ),
        KindExample("Axes swapped", PARAMS, "q = dict(W=(5, 2), z=(2, 1))", "partial", code="axes-swapped"),
        KindExample(
            "A row for a column", PARAMS, "q = dict(W=(2, 5), z=(1, 2))", "partial", code="row-for-column"
        ),
        KindExample("One size wrong", PARAMS, "q = dict(W=(2, 3), z=(2, 1))", "partial", code="wrong-size"),
        KindExample(
            "A flat shape for a matrix", PARAMS, "q = dict(W=10, z=3)", "incorrect", code="number-of-axes"
        ),
        KindExample("One entry left out", PARAMS, "q = dict(W=(2, 5))", "partial", code="missing-field"),
        KindExample(
            "One entry that is no shape",
            PARAMS,
            "q = dict(W='wide', z=(2, 1))",
            "partial",
            code="not-a-number",
        ),
        KindExample("Matrices in place of shapes", PARAMS, "q = dict(W=[[1, 2], [3, 4]], z=None)", "invalid"),
    ),
)
