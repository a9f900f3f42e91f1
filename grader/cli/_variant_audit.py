"""The lines of `rnngrade author audit` on many variants: names, questions and faults."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from grader.model.text import counted

if TYPE_CHECKING:
    from grader.authoring.variant_findings import QuestionVariants, Spread, VariantAudit, VariantFault

MOST_LISTED = 3
SOLVED_BY = {
    "program": "computed",
    "examples": "its examples",
    "person": "by hand",
    "nobody": "nothing",
}


def variant_lines(found: VariantAudit) -> Iterator[str]:
    """The lines."""
    yield f"{counted(found.drawn, 'variant')} drawn, {found.n_different} of them different"
    if found.drawn < found.wanted:
        yield f"  the time was up before all {found.wanted} were drawn; --seconds allows more"
    yield from _faults("cannot be made", found.not_made)
    yield from _requirements(found)
    if found.names:
        yield ""
        yield from _table(
            ("name", "values", "least", "middle", "most"),
            [(one.name, str(one.n_different), *_spread(one.numbers)) for one in found.names],
        )
    yield ""
    yield from _table(
        ("question", "kind", "asked", "right answers", "solved", "neighbour's", "digits", "largest number"),
        [_row(one) for one in found.questions],
    )
    for one in found.questions:
        yield from _remarks(one)


def _requirements(found: VariantAudit) -> Iterator[str]:
    for one in found.requirements:
        yield f"  {one.at_once:4.0%} of first draws hold  {one.text}"
        if one.broken:
            yield f"    it does not hold in {', '.join(one.broken[:MOST_LISTED])}"


def _row(one: QuestionVariants) -> tuple[str, ...]:
    solved = f"{one.tried - len(one.unsolved)} of {one.tried}" if one.tried else "-"
    neighbours = f"{one.neighbour_right} of {one.neighbours}" if one.neighbours else "-"
    return (
        one.id,
        one.kind,
        str(one.n_different),
        str(one.n_answers or "-"),
        f"{solved} {SOLVED_BY[one.solved_by]}",
        neighbours,
        " ".join(_spread(one.digits)),
        " ".join(_spread(one.largest)),
    )


def _remarks(one: QuestionVariants) -> Iterator[str]:
    name = f"question {one.id!r}"
    if one.solved_by == "nobody":
        yield f"{name}: the program makes no answer of this kind; add a right example with what is drawn"
    if one.n_different == 1:
        yield f"{name}: the same for all students; a neighbour's answer is right"
    elif one.neighbour_right:
        yield f"{name}: a neighbour's answer is right in {one.neighbour_right} of {one.neighbours}{_why(one)}"
    yield from (f"{name}: {line}" for line in _faults("not solved by its right answer", one.unsolved))
    yield from (f"{name}: {line}" for line in _faults("an example is marked otherwise", one.examples_differ))
    if one.unlike:
        codes = ", ".join(one.unlike[:MOST_LISTED])
        yield f"{name}: {counted(len(one.unlike), 'variant')} with far longer or larger numbers: {codes}"


def _why(one: QuestionVariants) -> str:
    if one.n_answers == 1:
        return ": its right answer is the same in all variants"
    if one.neighbour_same == one.neighbour_right:
        return ": in these both have the same right answer"
    if one.n_answers:
        return f"; in {one.neighbour_same} of these both have the same right answer"
    return ": several answers are right, or what is drawn does not decide"


def _faults(what: str, faults: Sequence[VariantFault]) -> Iterator[str]:
    for one in faults[:MOST_LISTED]:
        yield f"{what} in variant {one.code}: {one.message}"
    if len(faults) > MOST_LISTED:
        yield f"{what} in {len(faults) - MOST_LISTED} more"


def _spread(found: Spread | None) -> tuple[str, str, str]:
    return ("", "", "") if found is None else (_short(found.least), _short(found.median), _short(found.most))


def _short(number: float) -> str:
    return f"{number:.4g}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        yield "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
