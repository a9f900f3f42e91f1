from __future__ import annotations

import math
import random

import pytest

from grader.classroom.statistics import correlation, statistics
from grader.gradebook.computing import compute_standings
from grader.gradebook.course import NO_POLICIES
from grader.gradebook.records import StoredAttempt, StoredMark
from grader.gradebook.standing import Standing
from grader.model.outcome import verdict_for


def standing(student: str, shares: dict[str, float], verdict: str | None = None) -> Standing:
    marks = tuple(
        StoredMark(name, verdict or verdict_for(share).value, str(share), str(share), "1")  # type: ignore[arg-type]
        for name, share in shares.items()
    )
    attempt = StoredAttempt(
        attempt=1,
        student=student,
        exercise="sums",
        number=1,
        submission="",
        submitted_at=None,
        is_late=None,
        result=1,
        exercise_digest="",
        grader_version="",
        is_undecided=False,
        same_as=None,
        marks=marks,
    )
    return compute_standings([attempt], [], NO_POLICIES)[0]


def a_class(*shares: tuple[float, float]) -> list[Standing]:
    return [standing(f"s{at}", {"a": first, "b": second}) for at, (first, second) in enumerate(shares)]


def test_difficulty_is_the_mean_share():
    found = statistics("sums", a_class((1, 0), (0, 0), (0.5, 1)), {})
    assert [one.difficulty for one in found.questions] == [0.5, pytest.approx(1 / 3)]
    assert [one.question for one in found.questions] == ["a", "b"]


def test_discrimination_is_with_the_rest_and_not_with_itself():
    # Both questions are answered alike: each agrees fully with the other.
    assert [one.discrimination for one in statistics("", a_class((1, 1), (0, 0), (1, 1)), {}).questions] == [
        pytest.approx(1),
        pytest.approx(1),
    ]
    # A question that only the weak solve tells the wrong way round, though its own points are in the total.
    assert statistics("", a_class((1, 0), (0, 1)), {}).questions[0].discrimination == pytest.approx(-1)


def test_a_question_that_all_answer_alike_tells_nothing():
    assert statistics("", a_class((1, 0), (1, 1)), {}).questions[0].discrimination is None


def test_correlation_of_independent_draws_is_near_zero():
    rng = random.Random(1)
    pairs = [(rng.random(), rng.random()) for _ in range(10_000)]
    found = correlation(pairs)
    assert found is not None
    assert abs(found) < 4 / math.sqrt(len(pairs))


def test_histogram_puts_tenths_into_their_own_bin_and_full_marks_into_the_last():
    shares = [0, 0.1, 0.3, 0.7, 0.95, 1]
    found = statistics("", [standing(f"s{at}", {"a": one}) for at, one in enumerate(shares)], {})
    assert found.histogram == (1, 1, 0, 1, 0, 0, 0, 1, 0, 2)
    assert found.median == pytest.approx(0.5)


def test_verdicts_and_mistakes_are_counted():
    made = {"s0": {"a": ("no-memory",)}, "s1": {"a": ("no-memory", "scaled")}, "s2": {"b": ("other",)}}
    (first, _) = statistics("", a_class((1, 0), (0, 0), (0, 1)), made).questions
    assert first.verdicts == {"correct": 1, "incorrect": 2}
    assert list(first.diagnoses.items()) == [("no-memory", 2), ("scaled", 1)]


def test_who_is_undecided_is_left_out_and_said():
    found = statistics("", [*a_class((1, 1)), standing("x", {"a": 0, "b": 0}, "undecided")], {})
    assert (found.mean, found.students) == (1, 2)
    assert any("undecided" in warning for warning in found.warnings)


@pytest.mark.parametrize(("count", "word"), [(5, "every figure"), (20, "discrimination"), (40, None)])
def test_small_classes_are_warned_of(count: int, word: str | None):
    found = statistics("", a_class(*[(1, 0)] * count), {})
    assert bool(found.warnings) is (word is not None)
    assert word is None or word in found.warnings[0]


def test_nobody_is_no_error():
    assert statistics("sums", [], {}).mean is None
