"""What students get holds no answer, and marks as the full exercises do: all examples of all exercises."""

from __future__ import annotations

import functools
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.authoring.release import edition
from grader.grading import mark
from grader.grading.asked import Asked
from grader.kinds import find_kind, kind_names
from grader.lms.own_wheel import own_wheel
from grader.model.exercise import ExampleAnswer, Exercise, Question
from grader.model.report import Report
from grader.model.submission import AnswerFile, Submission
from grader.reports import PLAIN, find_format
from grader.sandbox import run
from grader.specs import Kinds, find_exercise, list_exercises, load_exercise
from grader.submissions import build_submission
from grader.variants.code import code_of

ROOT = Path(__file__).parents[2]
EXERCISE_IDS = tuple(listing.id for listing in list_exercises())
KINDS = Kinds(kind_names(), find_kind)
VARIANT = code_of("amara", "rnn-paper", b"a secret of a course")
"""Of the exercises that draw numbers, one student's."""
WITHHELD = {
    "correct": {"pending"},
    "partial": {"pending"},
    "incorrect": {"pending"},
    "missing": {"missing"},
    "pending": {"pending"},
}
"""What a verdict of the full edition is on one that withholds everything; words are pending on both."""

# A few lines that read a right answer to every question out of what is installed, or out of given files.
TRICK = """\
import json, pathlib, sys; from grader.specs import Kinds, list_exercises, find_exercise, load_exercise
from grader.kinds import find_kind, kind_names
paths = sys.argv[1:] or [str(find_exercise(one.id).path) for one in list_exercises()]
found = [load_exercise(pathlib.Path(p), Kinds(kind_names(), find_kind), with_examples=True) for p in paths]
asked = [q for one in found for q in one.questions]
read = [q for q in asked if any(a.verdict in ("correct", "pending") for a in q.examples)]
print(json.dumps({"asked": len(asked), "read": len(read)}))
"""


@functools.cache
def full(exercise_id: str, variant: str | None = None) -> Exercise:
    return load_exercise(find_exercise(exercise_id).path, KINDS, with_examples=True, variant=variant)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The edition of an exercise as it is on a student's disk: with its keys, or with none."""

    @functools.cache
    def made(exercise_id: str, withheld: bool, variant: str | None = None) -> Exercise:
        path = tmp_path_factory.mktemp("released") / f"{exercise_id}.toml"
        whole = full(exercise_id, variant)
        ids = [question.id for question in whole.questions] if withheld else []
        path.write_text(edition(whole, ids).text, encoding="utf-8")
        return load_exercise(path, KINDS, variant=variant)

    return made


def examples(variant: str | None = None) -> Iterator[tuple[str, Question, ExampleAnswer]]:
    for exercise_id in EXERCISE_IDS:
        for question in full(exercise_id, variant).questions:
            yield from ((exercise_id, question, example) for example in question.examples)


EXAMPLES = list(examples())
OF_VARIANT = list(examples(VARIANT))
DRAWN = [one for one in OF_VARIANT if full(one[0], VARIANT).values]


def names(chosen: list[tuple[str, Question, ExampleAnswer]]) -> list[str]:
    return [f"{exercise_id} {question.id}: {example.title}" for exercise_id, question, example in chosen]


def submission_of(example: ExampleAnswer) -> Submission:
    return build_submission("example", [AnswerFile(example.file, example.answer.encode())])


def told(report: Report) -> Any:
    """What `rnngrade submit --format json` prints, without which file it was and what it took."""
    printed = json.loads(find_format("json").render(report, PLAIN))
    return {key: value for key, value in printed.items() if key not in ("exercise_digest", "usage")}


def require_same(whole: Exercise, students: Exercise, example: ExampleAnswer) -> None:
    assert not any(one.examples for one in students.questions)
    # The answer runs once for both: what is asked of it is the same, and twice would cost twice.
    submission = submission_of(example)
    asked = [Asked(one, one.questions).probes(submission) for one in (whole, students)]
    assert asked[0] == asked[1]
    result = run(submission, asked[0], whole.limits)
    reports = [told(mark(one, submission_of(example), run=lambda *_: result)) for one in (whole, students)]
    assert reports[0] == reports[1]


@pytest.mark.slow  # .ci/run runs it
@pytest.mark.parametrize(("exercise_id", "question", "example"), EXAMPLES, ids=names(EXAMPLES))
def test_both_editions_tell_the_same(released, exercise_id: str, question: Question, example: ExampleAnswer):
    require_same(full(exercise_id), released(exercise_id, withheld=False), example)


@pytest.mark.parametrize(("exercise_id", "question", "example"), DRAWN, ids=names(DRAWN))
def test_the_edition_of_one_variant_tells_the_same(
    released, exercise_id: str, question: Question, example: ExampleAnswer
):
    students = released(exercise_id, withheld=False, variant=VARIANT)
    assert not students.values
    require_same(full(exercise_id, VARIANT), students, example)


@pytest.mark.parametrize(("exercise_id", "question", "example"), OF_VARIANT, ids=names(OF_VARIANT))
def test_where_the_key_is_withheld_an_answer_is_read_and_waits(
    released, exercise_id: str, question: Question, example: ExampleAnswer
):
    students = released(exercise_id, withheld=True, variant=VARIANT)
    report = mark(students, submission_of(example), question_id=question.id)
    outcome = report.questions[0].outcome
    assert report.points == 0
    assert outcome.verdict in WITHHELD.get(example.verdict, {"pending", "invalid"})
    if question.kind == "text":
        return
    assert not outcome.diagnoses
    assert outcome.facts == ({"marked_by": "course"} if outcome.verdict == "pending" else {})
    if outcome.verdict == "pending":
        assert outcome.feedback[0].message == "Handed in; marked by your course."
    if example.verdict == "correct":
        # A right answer lacks nothing.
        assert "missing-field" not in {one.code for one in outcome.feedback}
    kept_its_kind = next(one for one in students.questions if one.id == question.id).kind == question.kind
    if example.verdict == "invalid" and kept_its_kind:
        whole = mark(full(exercise_id, VARIANT), submission_of(example), question_id=question.id)
        assert outcome.verdict == "invalid"
        assert outcome.feedback[0] in whole.questions[0].outcome.feedback


def compact(text: str) -> str:
    """A text without what writing it into another file may change: spaces, quotes, backslashes."""
    return re.sub(r"""[\s"'\\]|\\n""", "", text)


def found_in(corpus: str, answers: list[tuple[str, Question, ExampleAnswer]] = EXAMPLES) -> list[str]:
    """Titles of the examples whose text stands in a text."""
    # Where nothing is handed in there is nothing to be found.
    given = [example for _, _, example in answers if example.verdict != "missing"]
    sought = ((example.title, re.sub(r"\A(#.*\n)+", "", example.answer)) for example in given)
    within = compact(corpus)
    return [title for title, answer in sought if compact(answer) in within]


def read_by_trick(*paths: str, folder: Path = ROOT) -> dict[str, int]:
    """How many questions there are, and to how many of them the six lines find a right answer."""
    # By place, before what is installed: the wheel is unpacked there.
    code = f"import sys; sys.path.insert(0, {str(folder)!r})\n{TRICK}"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *paths], cwd=folder, capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked; `.ci/run` compares it file by file with the one that the build tool makes."""
    folder = tmp_path_factory.mktemp("wheel")
    zipfile.ZipFile(io.BytesIO(own_wheel()[1])).extractall(folder)
    return folder


def test_the_search_and_the_trick_find_every_answer_where_they_are():
    everything = "".join(path.read_text() for path in (ROOT / "exercises").glob("*/examples/*.*"))
    as_written = [one for one in EXAMPLES if not full(one[0]).values and one[2].verdict != "missing"]
    assert len(found_in(everything, as_written)) == len(as_written) > 500
    read = read_by_trick()
    assert read["read"] == read["asked"] > 40


def test_no_answer_is_in_the_wheel(wheel: Path):
    files = [path for path in wheel.rglob("*") if path.is_file()]
    assert found_in("".join(path.read_text("utf-8", "replace") for path in files)) == []
    read = read_by_trick(folder=wheel)
    assert read["asked"] > 40
    assert read["read"] == 0


@pytest.mark.parametrize(("withheld", "variant"), [(False, None), (False, VARIANT), (True, VARIANT)])
def test_no_answer_is_in_an_edition(released, tmp_path: Path, withheld: bool, variant: str | None):
    paths = []
    for exercise_id in EXERCISE_IDS:
        students = released(exercise_id, withheld=withheld, variant=variant)
        text = students.text.decode()
        assert found_in(text, [one for one in EXAMPLES if one[0] == exercise_id]) == []
        paths.append(tmp_path / f"{exercise_id}.toml")
        paths[-1].write_text(text)
    read = read_by_trick(*map(str, paths))
    assert read["asked"] > 40
    assert read["read"] == 0
