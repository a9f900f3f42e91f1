"""Everything that a course's server needs, looked at before a term: what is wrong, risky, or good to know.

Looking changes nothing. Each check is a function from what is to be served to findings; one that fails is a
finding too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from grader.serve.checks import course, database, machine
from grader.serve.checks.finding import CheckFinding, ToServe, Weight

CHECKS: tuple[Callable[[ToServe], Iterator[CheckFinding]], ...] = (
    *course.CHECKS,
    *database.CHECKS,
    *machine.CHECKS,
)


def findings(options: ToServe) -> list[CheckFinding]:
    """The findings of all checks, the gravest first."""
    found = [finding for check in CHECKS for finding in _tried(check, options)]
    return sorted(found, key=lambda one: list(Weight).index(one.weight))


def _tried(check: Callable[[ToServe], Iterator[CheckFinding]], options: ToServe) -> Iterator[CheckFinding]:
    try:
        yield from check(options)
    except Exception as error:
        what = f"could not be looked at: {type(error).__name__}: {error}"
        yield CheckFinding(Weight.WRONG, check.__name__.replace("_", " "), what, "please report this")
