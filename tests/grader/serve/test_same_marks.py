"""What is handed in by a browser earns what `rnngrade submit` gives, for every example answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.json import decode, encode

from grader.gradebook.read_records import stored_attempts, stored_results
from grader.grading.mark import mark
from grader.kinds import find_kind, kind_names
from grader.model.exercise import ExampleAnswer, Exercise
from grader.reports.json_report import as_record
from grader.sandbox import Sandbox
from grader.serve import people
from grader.serve.people import Person, Role
from grader.serve.running import server_for
from grader.specs import Kinds, load_exercise
from grader.specs.catalog import installed_files
from grader.submissions.collect import collect_uploaded
from grader.variants.code import code_of
from tests.grader.serve.conftest import OURS, SECRET, course_in, new_client, wait_until_done

QUICK = "mit-6390-recitation-8"
ALL = [one if one == QUICK else pytest.param(one, marks=pytest.mark.slow) for one in installed_files()]
"""The others are run by .ci/run."""


@pytest.mark.parametrize("name", ALL)
def test_every_example_earns_over_http_what_it_earns_at_home(name: str, tmp_path: Path) -> None:
    examples = _examples(name)
    with server_for(course_in(tmp_path, name), jobs=2, root=OURS) as server:
        with server.book.writing_durably() as connection:
            students = [Person(id=student, name="", role=Role.STUDENT) for student in examples]
            people.keep_people(connection, students)
            links = {student: people.new_link(connection, student) for student in examples}
        with new_client(server) as client:
            for student, (_, example) in examples.items():
                client.post(f"/in/{links[student]}")
                sent = client.post(
                    f"/exercise/{name}",
                    files={"file": (example.file, example.answer.encode())},
                    data={"press": "1"},
                )
                assert sent.status_code == 303, (student, sent.text)
            wait_until_done(client)
        with server.book.reading() as connection:
            found = {
                one.student: _told(decode(stored_results(connection, [one.result])[one.result].report))
                for one in stored_attempts(connection)
            }
    assert found.keys() == examples.keys()
    with Sandbox() as sandbox:
        for student, (exercise, example) in examples.items():
            assert found[student] == _at_home(exercise, student, example, sandbox), student


def _examples(name: str) -> dict[str, tuple[Exercise, ExampleAnswer]]:
    """For each example a student of its own, with the exercise and the example as that student has them."""
    kinds = Kinds(kind_names(), find_kind)
    path = installed_files()[name]
    sample = load_exercise(path, kinds, with_examples=True)
    found = {}
    for at, question in enumerate(sample.questions):
        for number in range(len(question.examples)):
            student, own = f"{question.id}-{number}", sample
            if sample.varies:
                code = code_of(student, name, SECRET.encode())
                own = load_exercise(path, kinds, with_examples=True, variant=code)
            found[student] = own, own.questions[at].examples[number]
    return found


def _told(record: dict[str, Any]) -> list[dict[str, Any]]:
    """All but the evidence: an example that draws without a seed has other numbers in it each time."""
    return [{key: of for key, of in one.items() if key != "evidence"} for one in record["questions"]]


def _at_home(exercise: Exercise, student: str, example: ExampleAnswer, sandbox: Sandbox) -> object:
    submission = collect_uploaded(example.file, example.answer.encode(), student)
    record = as_record(mark(exercise, submission, run=sandbox.run))
    return _told(decode(encode(record)))
