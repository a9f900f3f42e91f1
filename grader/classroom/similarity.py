"""Which submissions share something rare: a reason to look at both, never a verdict."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from grader.classroom.shingles import shingles
from grader.classroom.statistics import Diagnoses
from grader.gradebook.kept_files import submitted
from grader.gradebook.kept_reports import fingerprints
from grader.gradebook.records import Fingerprints
from grader.gradebook.standing import Standing

K = TypeVar("K", bound=Hashable)

COMMON_SHARE = 0.05
"""Share of the class up to which something is rare: what more have in common comes from the course."""

COMMON_AT_LEAST = 3
"""In a small class: the most students who may share something that still counts as rare."""

COMMON_AT_MOST = 100
"""The same in a class of more than two thousand: nobody looks at all pairs of a larger group."""

ENOUGH_WRONG = 2
"""Questions with the same rare wrong values; one alone happens by chance."""

ALIKE = 0.6
"""Share of the smaller program that is also in the other."""

PROGRAMS = (".py", ".ipynb")
"""Files whose text is compared."""

# One and the same for the many that have none.
NO_FINGERPRINTS: Fingerprints = {}
NOTHING_RECOGNISED: frozenset[str] = frozenset()
NO_CODE: frozenset[int] = frozenset()

SMALLEST_PROGRAM = 10
"""Shingles; shorter programs are all alike."""


class Traces(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of one submission that are compared with others.

    Args:
        student: Whose it is.
        submission: Its digest; "" where it has no file.
        fingerprints: Of its values.
        recognised: Questions in which a known mistake explains the wrong values.
        code: Shingles of its program.
    """

    student: str
    submission: str
    fingerprints: Fingerprints
    recognised: frozenset[str] = frozenset()
    code: frozenset[int] = frozenset()


class Similar(msgspec.Struct, frozen=True, kw_only=True):
    """Two submissions with something rare in common.

    Args:
        students: The two.
        wrong_values: Questions with the same wrong values, which no known mistake explains.
        others_values: Questions in which one's values are right for the other's numbers, not for its own.
        same_basis: Questions with the same unusual weights, up to order and sign of the states.
        code: Share of the smaller program that is also in the other; 0 where it is not remarkable.
    """

    students: tuple[str, str]
    wrong_values: tuple[str, ...] = ()
    others_values: tuple[str, ...] = ()
    same_basis: tuple[str, ...] = ()
    code: float = 0.0


class Similarities(msgspec.Struct, frozen=True, kw_only=True):
    """The identical and the similar submissions of a class.

    Args:
        identical: Students who submitted the same bytes.
        pairs: Submissions with something rare in common; of identical ones, the first student's.
    """

    identical: tuple[tuple[str, ...], ...]
    pairs: tuple[Similar, ...]


def traces_of(connection: Connection, standings: Sequence[Standing], diagnoses: Diagnoses) -> list[Traces]:
    """The traces of each attempt that counts.

    Args:
        connection: To the gradebook.
        standings: One for each student.
        diagnoses: The known mistakes in them.
    """
    results = [one.attempt.result for one in standings]
    handed_in = submitted(connection, [one.attempt.submission for one in standings], PROGRAMS)
    found = zip(standings, fingerprints(connection, results), handed_in, strict=True)
    return [
        Traces(
            student=one.student,
            submission=one.attempt.submission if names else "",
            fingerprints=prints or NO_FINGERPRINTS,
            recognised=frozenset(diagnoses.get(one.student, ())) or NOTHING_RECOGNISED,
            code=shingles(files) or NO_CODE,
        )
        for one, (_, prints), (names, files) in found
    ]


def similarities(traces: list[Traces]) -> Similarities:
    """Find identical and similar submissions, those with most in common first.

    Args:
        traces: One a student.
    """
    most = min(max(COMMON_AT_LEAST, math.floor(COMMON_SHARE * len(traces))), COMMON_AT_MOST)
    by_bytes = _by([(one.submission, one) for one in traces if one.submission])
    groups = [tuple(sorted(group)) for group in by_bytes.values() if len(group) > 1]
    copies = {student for group in groups for student in group[1:]}
    # A copy shares everything with the first: only the first is held against the rest.
    pairs = _similar_pairs([one for one in traces if one.student not in copies], most)
    return Similarities(identical=tuple(sorted(groups)), pairs=tuple(pairs))


def shared(pair: Similar) -> str:
    """What two submissions have in common, in words."""
    parts = []
    if pair.wrong_values:
        parts.append(f"the same wrong values in {', '.join(pair.wrong_values)}")
    if pair.others_values:
        questions = ", ".join(pair.others_values)
        parts.append(f"what is right for the numbers of one of them only in {questions}")
    if pair.same_basis:
        parts.append(f"the same unusual weights in {', '.join(pair.same_basis)}")
    if pair.code:
        parts.append(f"{pair.code:.0%} of the code, names aside")
    return "; ".join(parts)


def _similar_pairs(traces: list[Traces], most: int) -> list[Similar]:
    wrong = _questions(traces, "values", most)
    others = _others_values(traces, most)
    basis = _questions(traces, "basis", most)
    code = _alike(traces, most)
    found = []
    for pair in wrong.keys() | others.keys() | basis.keys() | code.keys():
        one = Similar(
            students=pair,
            wrong_values=tuple(wrong.get(pair, ())),
            others_values=tuple(others.get(pair, ())),
            same_basis=tuple(basis.get(pair, ())),
            code=round(code.get(pair, 0.0), 2),
        )
        n_wrong = len(one.wrong_values) + len(one.others_values)
        if one.same_basis or one.code or n_wrong >= ENOUGH_WRONG:
            found.append(one)
    return sorted(found, key=lambda one: (*_weight(one), one.students))


def _weight(one: Similar) -> tuple[int, float]:
    return -len(one.wrong_values) - len(one.others_values) - len(one.same_basis), -one.code


def _others_values(traces: list[Traces], most: int) -> dict[tuple[str, str], list[str]]:
    """For each pair, the questions in which the values of one are right only for the other's numbers."""
    wrong, right = (
        _by(
            [
                ((question, prints[kind]), one)
                for one in traces
                for question, prints in one.fingerprints.items()
                if kind in prints
            ]
        )
        for kind in ("values", "right")
    )
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in sorted(wrong.keys() & right.keys()):
        # A small number is right for many: to have it by chance says nothing.
        if len(wrong[key]) + len(right[key]) <= most:
            for first, second in itertools.product(wrong[key], right[key]):
                found[min(first, second), max(first, second)].append(key[0])
    return found


def _questions(traces: list[Traces], kind: str, most: int) -> dict[tuple[str, str], list[str]]:
    """For each pair, the questions with the same rare fingerprint."""
    keyed = [
        ((question, prints[kind]), one)
        for one in traces
        for question, prints in one.fingerprints.items()
        if kind in prints and not (kind == "values" and question in one.recognised)
    ]
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (question, _), group in _by(keyed).items():
        for pair in _pairs(group, most):
            found[pair].append(question)
    return found


def _alike(traces: list[Traces], most: int) -> dict[tuple[str, str], float]:
    """Pairs of programs that share much of what few others have."""
    by_shingle = _by([(shingle, one) for one in traces for shingle in one.code])
    rare = {shingle: group for shingle, group in by_shingle.items() if len(group) <= most}
    sizes: dict[str, int] = defaultdict(int)
    shared: dict[tuple[str, str], int] = defaultdict(int)
    for group in rare.values():
        for student in group:
            sizes[student] += 1
        for pair in _pairs(group, most):
            shared[pair] += 1
    found = {}
    for pair, count in shared.items():
        smaller = min(sizes[student] for student in pair)
        if smaller >= SMALLEST_PROGRAM and count >= ALIKE * smaller:
            found[pair] = count / smaller
    return found


def _by(keyed: Iterable[tuple[K, Traces]]) -> dict[K, list[str]]:
    groups: dict[K, list[str]] = defaultdict(list)
    for key, one in keyed:
        groups[key].append(one.student)
    return groups


def _pairs(group: list[str], most: int) -> Iterator[tuple[str, str]]:
    """All pairs of a group; none where more than `most` share the same, which then is not rare."""
    if len(group) <= most:
        yield from itertools.combinations(sorted(group), 2)
