"""Output sequences of an Elman or Jordan network, worked out by hand to so many decimal places."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from grader.answers.numbers import ExactNumber
from grader.answers.rounding import Slip, credit_of, decimals_of, is_rounding_of, slip_of, told
from grader.answers.steps import Steps, as_floats, read_steps
from grader.errors import Unreadable
from grader.explaining import explained
from grader.formula.constants import with_numbers
from grader.kinds.sequence.intermediate import Handed, Question, Step, follow
from grader.kinds.sequence.intermediate_messages import notices, slip_names, where_it_goes_wrong
from grader.kinds.sequence.question import SequenceParams, Table, expected, network_of
from grader.model.evidence import PROVED, Untyped
from grader.model.kind import Answer, Asks, Kind, KindExample
from grader.model.outcome import Feedback, Outcome, verdict_for


def asks(params: SequenceParams) -> Asks:
    """The outputs; hidden activations as working where they are given."""
    return Asks(fields=("y",), optional=("h",))


class Layer(NamedTuple):
    """One layer's values as handed in, and what each is to the right one."""

    steps: Steps
    slips: list[list[Slip]]

    @property
    def handed(self) -> Handed:
        """The values as numbers."""
        return Handed(as_floats(self.steps), [[credit_of(slip) == 1 for slip in step] for step in self.slips])


def judge(params: SequenceParams, answer: Answer) -> Outcome:
    """Mark each step by itself; each counts the same.

    A step is right by the key, by working that was rounded on the way, or because it follows from the
    student's own earlier values; see `grader.kinds.sequence.intermediate`.
    """
    if "y" not in answer.fields:
        raise Unreadable("not given", "hand in the outputs, one for each step", "y", "missing-field")
    right = expected(params)
    y = _read(params, answer, "y", right.y, [path[0] for path in right.rounded])
    h, unread = None, []
    try:
        if "h" in answer.fields:
            h = _read(params, answer, "h", right.h, [path[1] for path in right.rounded])
    except Unreadable as error:
        unread = [Feedback("working-unreadable", f"Your working was not looked at: {error}")]
    steps = _steps(params, y, h)
    slips = _followed(y.slips, steps)
    credits = [sum(map(credit_of, step), Fraction(0)) / len(step) for step in slips]
    fraction = sum(credits, Fraction(0)) / len(credits)
    feedback = explained(lambda: told([slip for step in slips for slip in step], _names("y", slips))) or []
    remarks = explained(lambda: [*notices(steps), *_working(params, h, steps, fraction == 1)]) or []
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=PROVED,
        feedback=(*feedback, *unread, *remarks),
        evidence=(
            Untyped(
                table=_evidence(slips, credits, steps, h)
                | ({"first_wrong_working_step": None} if unread else {})
            ),
        ),
    )


def _steps(params: SequenceParams, y: Layer, h: Layer | None) -> tuple[Step, ...]:
    if params.places == 0:
        return ()  # without decimals every activation is within reach of every other
    question = Question(network_of(params), params.cell == "elman", params.places)
    return follow(question, y.handed, h.handed if h else None)


def _read(params: SequenceParams, answer: Answer, name: str, right: Table, rounded: list[Table]) -> Layer:
    steps = read_steps(with_numbers(answer.fields[name]), len(right), len(right[0]), name)
    slips = [
        [
            _slip(entry, right[t][k], [path[t][k] for path in rounded], params.places)
            for k, entry in enumerate(step)
        ]
        for t, step in enumerate(steps)
    ]
    return Layer(steps, slips)


def _slip(entry: ExactNumber | Slip, right: Fraction, rounded: list[Fraction], places: int) -> Slip:
    slip = slip_of(entry, right, places)
    if slip is Slip.RIGHT or isinstance(entry, Slip):
        return slip
    follows = any(is_rounding_of(entry.value, value, places) for value in rounded)
    return Slip.ROUNDED_WORKING if follows else slip


def _followed(slips: list[list[Slip]], steps: tuple[Step, ...]) -> list[list[Slip]]:
    if not steps:
        return slips
    return [
        [
            Slip.FOLLOWS if follows and credit_of(slip) < 1 else slip
            for slip, follows in zip(own, step.y_follows, strict=True)
        ]
        for own, step in zip(slips, steps, strict=True)
    ]


def _evidence(
    slips: list[list[Slip]], credits: list[Fraction], steps: tuple[Step, ...], h: Layer | None
) -> dict[str, Any]:
    evidence: dict[str, Any] = {
        "steps": [
            {"t": t, "codes": [slip.value for slip in step], "credit": str(credit)}
            for t, (step, credit) in enumerate(zip(slips, credits, strict=True), start=1)
        ]
    }
    if h:
        evidence["first_wrong_working_step"] = next(iter(_wrong_steps(h)), None)
    if any(Slip.FOLLOWS in step for step in slips):
        evidence["slips"] = slip_names(steps)
    return evidence


def _working(
    params: SequenceParams, h: Layer | None, steps: tuple[Step, ...], is_solved: bool
) -> list[Feedback]:
    if h is None:
        return []
    return where_it_goes_wrong(_wrong_steps(h), steps, is_solved, _is_coarse(h, params))


def _is_coarse(h: Layer, params: SequenceParams) -> bool:
    """Whether all that is not right is right to fewer decimals than were asked."""
    wrong = [
        (entry, wanted)
        for own, slips, right in zip(h.steps, h.slips, expected(params).h, strict=True)
        for entry, slip, wanted in zip(own, slips, right, strict=True)
        if credit_of(slip) < 1
    ]
    return all(
        isinstance(entry, ExactNumber)
        and (written := decimals_of(entry.value)) is not None
        and written < params.places
        and is_rounding_of(entry.value, wanted, written)
        for entry, wanted in wrong
    )


def _wrong_steps(h: Layer) -> list[int]:
    return [t for t, step in enumerate(h.slips, start=1) if any(credit_of(slip) < 1 for slip in step)]


def _names(name: str, slips: list[list[Slip]]) -> list[str]:
    return [
        f"{name}({t})" if len(step) == 1 else f"{name}({t})[{k}]"
        for t, step in enumerate(slips, start=1)
        for k in range(1, len(step) + 1)
    ]


# CE/CZ4042 Tutorial 8, question 1, whose results are published.
SHEET = {
    "x": [[1, 2, -1], [-1, 1, -2], [0, 3, 1], [2, -1, 0]],
    "U": [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]],
    "V": [[2.0], [-1.5]],
    "b": [0.2, 0.2],
    "c": [0.5],
}
ELMAN = {"cell": "elman", "W": [[2.0, 1.3], [1.5, 0.0]], **SHEET}
JORDAN = {"cell": "jordan", "W": [[2.0, 1.3]], **SHEET}

CHECK = Kind(
    params=SequenceParams,
    asks=asks,
    judge=judge,
    examples=(
        KindExample("Two places", ELMAN, "q = dict(y=[0.27, 0.73, 0.94, 0.11])", "correct"),
        KindExample(
            "Text, one row a step", ELMAN, "q = dict(y=[['.27'], ['.73'], ['.94'], ['.11']])", "correct"
        ),
        KindExample(
            "All digits, in a 1 x 4 array",
            ELMAN,
            "import numpy as np\nq = dict(y=np.array([[0.270726, 0.728395, 0.943214, 0.112644]]))",
            "correct",
        ),
        KindExample(
            "With right working",
            ELMAN,
            "q = dict(y=[.27, .73, .94, .11], h=[[0, .99], [.99, 1], [1, -.21], [-.54, .98]])",
            "correct",
            code="working-right",
        ),
        KindExample(
            "Rounded before it was fed back",
            JORDAN,
            "q = dict(y=[0.27, 0.71, 0.96, 0.15])",
            "correct",
            code="rounded-working",
        ),
        KindExample(
            "A slip in h(1), and right working from there on",
            ELMAN,
            "q = dict(y=[.52, .73, .94, .11], h=[[.5, .99], [1, 1], [1, -.21], [-.54, .98]])",
            "partial",
            code="working-step",
        ),
        KindExample(
            "W not transposed", ELMAN, "q = dict(y=[0.27, 0.73, 0.93, 0.17])", "partial", code="wrong"
        ),
        KindExample("Cut off", ELMAN, "q = dict(y=[0.27, 0.72, 0.94, 0.11])", "partial", code="truncated"),
        KindExample(
            "Wrong from the second step of the working on",
            JORDAN,
            "q = dict(y=[.27, .67, .98, .07], h=[[0, .99], [.91, 1], [.98, -.78], [-.94, .83]])",
            "partial",
            code="working-step",
        ),
        KindExample("Percentages", ELMAN, "q = dict(y=[27, 73, 94, 11])", "incorrect", code="percent"),
        KindExample("y(0) too", ELMAN, "q = dict(y=[0, 0.27, 0.73, 0.94, 0.11])", "invalid"),
        KindExample("Decimal commas", ELMAN, "q = dict(y=[0,27, 0,73, 0,94, 0,11])", "invalid"),
    ),
)
