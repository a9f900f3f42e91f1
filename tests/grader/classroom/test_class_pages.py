"""The drawings of a class show its numbers, and say of them only what is so."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from grader.classroom.pages.overview import KnownMistake, Overview
from grader.classroom.pages.pictures import WIDTH, histogram, verdict_bars
from grader.classroom.pages.staff_page import render
from grader.classroom.similarity import Similar, Similarities
from grader.classroom.statistics import QuestionStatistics, Statistics
from grader.model.outcome import Diagnosis

LONG = "W" * 3000


def asked(question: str, difficulty: float | None, **verdicts: int) -> QuestionStatistics:
    return QuestionStatistics(
        question=question, difficulty=difficulty, discrimination=None, verdicts=verdicts, diagnoses={}
    )


def figures(histogram: tuple[int, ...] = (0,) * 10, *questions: QuestionStatistics) -> Statistics:
    students = sum(histogram)
    return Statistics(
        exercise="sums",
        students=students,
        mean=0.5 if students else None,
        median=0.5 if students else None,
        histogram=histogram,
        questions=questions,
    )


def words(made: ET.Element | None, name: str = "figcaption") -> str:
    assert made is not None
    (found,) = made.iter(name)
    return "".join(found.itertext())


def test_bars_are_as_tall_as_their_counts():
    counts = (0, 10, 0, 0, 5, 0, 0, 20, 0, 1)
    made = histogram(figures(counts))
    assert made is not None
    tall = [int(one.get("height", "")) for one in made.iter("rect")]
    assert [abs(one - tall[7] * count / 20) <= 1 for one, count in zip(tall, counts, strict=True)] == [
        True
    ] * 10
    numbers = [[cell.text for cell in row] for row in made.iter("tr")][1:]
    assert [int(count or "") for _, count in numbers] == list(counts)
    assert numbers[7][0] == "70 to 80 %"


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        (
            (0, 0, 0, 0, 0, 0, 0, 0, 1, 3),
            "The fullest tenth is 90 to 100 % of the points, with 3 of 4 students.",
        ),
        (
            (2, 0, 0, 0, 0, 0, 0, 0, 0, 2),
            "The fullest tenths are 0 to 10 % and 90 to 100 % of the points, with 2 of 4 students each.",
        ),
        (
            (1, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            "The fullest tenth is 0 to 10 % of the points, with 1 of 1 student.",
        ),
    ],
)
def test_the_caption_says_where_most_are(counts: tuple[int, ...], told: str):
    assert words(histogram(figures(counts))) == f"{told} The median is 50 %."


def test_nothing_is_drawn_of_nothing():
    assert histogram(figures()) is None
    assert verdict_bars(figures(), {}) is None


def test_each_verdict_has_its_share_of_the_bar_in_one_order():
    made = verdict_bars(
        figures((8,) + (0,) * 9, asked("a", 0.5, missing=4, correct=3, invalid=1)), {"a": "1"}
    )
    assert made is not None
    (drawn,) = (one for one in made if one.tag == "svg")
    bars = [one for one in drawn if one.tag == "rect"]
    assert [one.get("class") for one in bars] == [
        "verdict is-correct",
        "verdict is-missing",
        "verdict is-invalid",
    ]
    assert [float(one.get("width", "")) for one in bars] == [WIDTH * 3 / 8, WIDTH * 4 / 8, WIDTH / 8]
    assert [float(one.get("x", "")) for one in bars] == [0, WIDTH * 3 / 8, WIDTH * 7 / 8]


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ((0.2, 0.9, 0.5), "The least was earned in a (20 % of the points), the most in b (90 %)."),
        ((0.2, 0.2, 0.5), "The least was earned in a and b (20 % of the points), the most in c (50 %)."),
        ((0.5, 0.5, 0.5), "All questions were as hard: their mean share of the points is 50 %."),
        ((None, None, 0.5), "Which share of the class has which verdict; on the right the mean share"),
    ],
)
def test_the_caption_says_which_question_was_hardest(shares: tuple[float | None, ...], told: str):
    questions = [asked(name, share, partial=1) for name, share in zip("abc", shares, strict=True)]
    assert words(verdict_bars(figures((1,) + (0,) * 9, *questions), {})).startswith(told)


def test_long_and_hostile_text_is_kept_short_and_stays_text():
    hostile = f"</style><script>1</script>\u202e{LONG}"
    mistake = KnownMistake(question=hostile, diagnosis=Diagnosis(hostile, hostile), students=(hostile,))
    text = render(
        Overview(
            title=hostile,
            labels={hostile: hostile},
            figures=figures((1,) + (0,) * 9, asked(hostile, 0.5, partial=1)),
            standings=[],
            mistakes=[mistake],
            concerns=[],
            pages={},
            similar=Similarities(
                identical=((hostile, "b"),),
                pairs=tuple(Similar(students=(hostile, str(at)), code=0.9) for at in range(130)),
            ),
        )
    )
    assert "<script" not in text
    assert "\u202e" not in text
    assert "And 30 more pairs" in text
