"""What the program takes for a right answer is one for the judges, who never see where it comes from."""

from __future__ import annotations

import json
from fractions import Fraction

import msgspec
import pytest

from grader.authoring.reference_answers import intermediate_values, reference_answer
from grader.grading.mark import mark
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Question
from grader.model.outcome import Verdict
from grader.model.submission import AnswerFile
from grader.specs import Kinds, installed_exercises, load_exercise
from grader.specs.catalog import installed_files
from grader.specs.networks import Networks, with_networks
from grader.submissions import build_submission

KINDS = Kinds(kind_names(), find_kind)
EXERCISES = [one.id for one in installed_exercises()]


@pytest.mark.parametrize("exercise_id", EXERCISES)
def test_every_reference_answer_gets_all_points(exercise_id):
    exercise = load_exercise(installed_files()[exercise_id], KINDS)
    answers = {one.id: reference_answer(one) for one in exercise.questions}
    made = {id: answer for id, answer in answers.items() if answer is not None}
    report = mark(exercise, build_submission("x", [AnswerFile("answer.json", json.dumps(made).encode())]))
    verdicts = {one.id: one.outcome.verdict for one in report.questions if one.id in made}
    assert verdicts == dict.fromkeys(made, Verdict.CORRECT)


EXAMPLES = [
    (kind, number)
    for kind in kind_names()
    for number, example in enumerate(find_kind(kind).examples)
    if example.params not in [one.params for one in find_kind(kind).examples[:number]]
]


@pytest.mark.parametrize(("kind", "number"), EXAMPLES)
def test_the_reference_answer_to_a_kinds_own_example_gets_all_points(marked_alone, kind, number):
    wanted, example = find_kind(kind).params, find_kind(kind).examples[number]
    params = msgspec.convert(with_networks(example.params, wanted, Networks(), "", ""), wanted)
    question = Question(
        id="q",
        label="1",
        points=Fraction(1),
        prompt="",
        fields={},
        asks=find_kind(kind).asks(params),
        kind=kind,
        params=params,
        check=find_kind(kind),
    )
    answer = reference_answer(question)
    list(intermediate_values(question))
    if answer is not None:
        outcome = marked_alone(kind, params, f"q = {answer!r}")
        assert outcome.verdict is Verdict.CORRECT, (answer, outcome.feedback)


def test_an_answer_is_made_of_each_kind_with_one_right_answer():
    kinds = {
        question.kind
        for exercise_id in EXERCISES
        for question in load_exercise(installed_files()[exercise_id], KINDS).questions
        if reference_answer(question) is not None
    }
    assert kinds >= {"numeric", "trace", "choice", "count", "shape", "expression", "gradient"}
