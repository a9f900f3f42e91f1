from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.classroom import exercise_marker, question_inputs, task
from grader.classroom.batch import run_class
from grader.classroom.machines import Machines
from grader.classroom.pending import Assignment
from grader.classroom.regrade import Rules, regrade
from grader.gradebook.gradebook import Gradebook, open_gradebook
from grader.gradebook.read_records import stored_attempts, stored_results
from grader.gradebook.records import Attempt, StoredResult
from grader.grading.resolve import Given
from grader.model.evidence import Level
from grader.model.report import QuestionReport
from grader.model.submission import AnswerFile
from grader.submissions import build_submission
from tests.grader.classroom.conftest import SUMS, asked_for

ANSWERS = {
    "ada": {"shapes": {"A": [2, 3], "B": [3, 2]}, "number": 42},
    "bo": {"shapes": {"A": [3, 2], "B": [3, 2]}, "number": "43", "ünï": "\u2028"},
    "cy": {"shapes": {"A": "2 x 3"}, "number": None},
    "di": {"number": [1, 2]},
    "ed": {"Shapes": {"A": [2, 3], "B": [3, 2]}, "number": 1e-7},
}
NUMBER = SUMS[SUMS.rindex("[[question]]") :]
SHAPES = SUMS[SUMS.index("[[question]]") : SUMS.rindex("[[question]]")]
BOTH = {"shapes", "number"}


@pytest.fixture
def machines() -> Iterator[Machines]:
    with ThreadPoolExecutor(1) as executor:
        yield Machines(executor, 4, lambda: None)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that are judged, an entry for each time."""
    found: list[str] = []
    report = exercise_marker.question_report

    def counted(given: Given, most: Level) -> QuestionReport:
        found.append(given.question.id)
        return report(given, most)

    monkeypatch.setattr(exercise_marker, "question_report", counted)
    return found


def handed_in() -> Iterator[Attempt]:
    for student, answer in ANSWERS.items():
        file = AnswerFile("answer.json", json.dumps(answer).encode())
        yield Attempt(
            student=student, exercise="sums", number=1, submission=build_submission(student, [file])
        )


def marked(place: Path, assignment: Assignment, machines: Machines) -> Gradebook:
    task.marker_of.cache_clear()
    book = open_gradebook(place)
    run_class(assignment, handed_in(), book, machines, lambda _: None)
    task.marker_of.cache_clear()
    return book


def kept(book: Gradebook) -> list[StoredResult]:
    """What stands, byte for byte but for the seconds that reading took."""
    with book.reading() as connection:
        found = [stored_results(connection, [one.result])[one.result] for one in stored_attempts(connection)]
    return [replace(one, report=re.sub(r'"usage":{[^}]*}', "", one.report)) for one in found]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (SUMS.replace("value = 42", "value = 43"), {"number"}),
        (SUMS.replace('prompt = "Which shapes?"', 'prompt = "What shapes?"'), {"shapes"}),
        (SUMS.replace("points = 3", "points = 7"), {"shapes"}),
        (SUMS.replace("m = 3}", "m = 4}"), {"shapes"}),
        (f"{SUMS}# A word on it.\n", set()),
        (SUMS.replace(SHAPES, "").replace(NUMBER, NUMBER + SHAPES), set()),
        (SUMS.replace("load_cpu_s = 0.5", "load_cpu_s = 0.6"), BOTH),
        (SUMS.replace('title = "Sums"', 'title = "Sums"\nreveal = "verdict"'), BOTH),
        (SUMS.replace('title = "Sums"', 'title = "Sums"\nseed = 7'), BOTH),
        (
            SUMS.replace('id = "number"', 'id = "figure"').replace("number =", "figure ="),
            {"shapes", "figure"},
        ),
    ],
    ids=["key", "prompt", "points", "sizes", "comment", "order", "limits", "reveal", "seed", "id"],
)
def test_only_what_a_change_bears_on_is_judged_and_all_is_as_if_everything_were(
    changed, expected, tmp_path, machines, judged, monkeypatch
):
    before, after = asked_for(SUMS), asked_for(changed)
    with (
        marked(tmp_path / "one.db", before, machines) as one,
        marked(tmp_path / "all.db", before, machines) as all_,
    ):
        judged.clear()
        regrade(after, one, machines, Rules(), lambda: None)
        assert set(judged) == expected
        monkeypatch.setattr("grader.classroom.regrade.stored_results", lambda *_: {})
        task.marker_of.cache_clear()
        judged.clear()
        regrade(after, all_, machines, Rules(), lambda: None)
        assert len(set(judged)) == 2
        assert kept(one) == kept(all_)


@pytest.mark.parametrize("what", ["secret", "grader", "library"])
def test_what_else_a_mark_follows_from_has_everything_judged_anew(
    what, tmp_path, machines, judged, monkeypatch
):
    before, after = asked_for(SUMS), asked_for(f"{SUMS}# A word on it.\n")
    with marked(tmp_path / "one.db", before, machines) as book:
        judged.clear()
        if what == "secret":
            monkeypatch.setenv("RNNGRADE_COURSE_SECRET", "another one of some length")
        else:
            file = tmp_path / "lib.py"
            file.write_text("one")
            monkeypatch.setattr(question_inputs, "_files", lambda: iter([str(file)]))
            first = question_inputs.graders_digest()
            assert question_inputs.graders_digest() == first
            file.write_text("two")
            monkeypatch.setattr(question_inputs, "GRADER", question_inputs.graders_digest())
            assert first != question_inputs.GRADER
        regrade(after, book, machines, Rules(), lambda: None)
    assert set(judged) == BOTH


def test_what_was_kept_before_it_was_known_what_marks_follow_from_is_judged_anew(
    tmp_path, machines, judged, monkeypatch
):
    with monkeypatch.context() as earlier:
        earlier.setattr(question_inputs.QuestionInputs, "_digest", lambda *_: None)
        book = marked(tmp_path / "one.db", asked_for(SUMS), machines)
    judged.clear()
    with book:
        regrade(asked_for(f"{SUMS}# A word on it.\n"), book, machines, Rules(), lambda: None)
    assert set(judged) == BOTH
