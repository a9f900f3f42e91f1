"""From a submission to a report: where fields are found, and what is told when they are not."""

from __future__ import annotations

import io
from fractions import Fraction

import msgspec
import numpy as np
import pytest

from grader.grading import mark
from grader.grading.resolve import resolve
from grader.kinds import find_kind, kind_names
from grader.model.hints import HintTerms
from grader.model.kind import Kind
from grader.model.outcome import Verdict
from grader.model.run import Fault, RunResult
from grader.model.submission import AnswerFile, Submission
from grader.model.value import Fields, Items, Nothing, Number, Text
from grader.reports.wording import common_notices
from grader.specs import Kinds, find_exercise, load_exercise
from grader.variants.code import SAMPLE

NTU = load_exercise(find_exercise("ntu-cz4042-tutorial-8").path, Kinds(kind_names(), find_kind))
MIT = load_exercise(find_exercise("mit-6390-recitation-8").path, Kinds(kind_names(), find_kind))
NOBODY = Submission(student="nobody", files=(), digest="")


def numbers(*values):
    return Items(tuple(Number(str(value), "int") for value in values))


def outcome(question_id, **result):
    made = judged(MIT, NOBODY, RunResult(**{"names": {}, "calls": no_calls(), **result}))
    return next(q.outcome for q in made.questions if q.id == question_id)


def judged(exercise, submission, result):
    """The report of an answer of which this came back from the sandbox."""
    return mark(exercise, submission, run=lambda *_: result)


def no_calls():
    from grader.grading.asked import calls_of
    from grader.model.run import CallReading

    fault = Fault(kind="missing", message="")
    return tuple(CallReading(fault=fault) for q in MIT.questions for _ in calls_of(MIT, q))


def codes(found):
    return [message.code for message in found.feedback]


def test_a_question_of_one_field_may_hold_it_without_a_dict():
    assert outcome("a_ii", names={"a_ii": numbers(6, 6, 6, 6)}).verdict == "correct"


def test_a_field_that_no_other_question_has_may_stand_at_top_level():
    assert outcome("a_ii", names={"g1": numbers(6, 6, 6, 6)}).verdict == "correct"


def test_the_questions_own_object_wins_over_flat_names():
    names = {"a_ii": Fields({"g1": numbers(6, 6, 6, 6)}), "g1": numbers(0, 0, 0, 0)}
    assert outcome("a_ii", names=names).verdict == "correct"


def test_a_field_that_two_questions_have_is_not_taken_from_the_top_level():
    assert outcome("b_i", names={"Wss": numbers(1)}).verdict == "missing"


def test_fields_at_top_level_that_several_questions_have_are_told():
    seen = ("EXERCISE", "s0", "Wss", "Wsx", "Wo")
    found = outcome("b_i", seen=seen)
    told = next(one.message for one in found.feedback if one.code == "shared-names")
    assert told == (
        "s0, Wss, Wsx and Wo stand at top level, but several questions have fields of these names: "
        "write b_i = dict(s0=s0, Wss=Wss, Wsx=Wsx, Wo=Wo), or mark with --question b_i."
    )
    assert "shared-names" not in codes(outcome("b_i", seen=seen[:-1]))
    assert "shared-names" not in codes(outcome("a_ii", seen=("g1",)))


def test_placeholders_count_as_missing():
    found = outcome("b_i", names={"b_i": Fields({"s0": Nothing(), "Wss": Nothing()})})
    assert found.verdict == "missing"
    assert "still None" in found.feedback[0].message


def test_a_misspelt_field_is_offered():
    names = {"a_ii": Fields({"G1": numbers(6, 6, 6, 6)})}
    found = outcome("a_ii", names=names, seen=("a_ii",))
    assert found.verdict == "invalid"
    assert codes(found) == ["missing-field", "did-you-mean"]
    assert str(found.feedback[0].message) == "a_ii: it holds G1 (the names asked for: g1)"
    assert "G1" in found.feedback[-1].message


def test_a_field_that_is_none_beside_other_keys_is_missing():
    names = {"a_ii": Fields({"g1": Nothing(), "todo": Text("later")})}
    assert outcome("a_ii", names=names, seen=("a_ii",)).verdict == "missing"


def npz_of(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return Submission(student="s", files=(AnswerFile("w.npz", file.getvalue()),), digest="")


def test_the_parts_of_an_only_field_may_stand_at_top_level_where_it_alone_is_asked():
    shapes = {"U": (3, 5), "W": (5, 5), "V": (5, 2), "b": (5,), "c": (2,)}
    arrays = {name: np.ones(shape) for name, shape in shapes.items()}
    alone = mark(NTU, npz_of(**arrays), question_id="q2_weights").questions[0].outcome
    assert (alone.verdict, "untrained" in codes(alone)) == ("incorrect", True)
    del arrays["b"]
    assert mark(NTU, npz_of(**arrays), question_id="q2_weights").questions[0].outcome.verdict == "missing"


def test_a_misspelt_question_is_offered_but_never_another_questions_name():
    found = outcome("b_i", seen=("bi", "b_ii"))
    assert any("bi;" in message.message for message in found.feedback)
    found = outcome("b_i", seen=("b_ii",))
    assert codes(found) == ["missing"]


def test_a_name_in_letters_of_another_script_is_told_by_the_letter():
    found = outcome("a_ii", seen=("\u0430_ii",))  # a Cyrillic a
    assert "cyrillic small letter a" in found.feedback[-1].message
    assert found.feedback[-1].message.endswith("did you mean a_ii?")
    assert "did-you-mean" not in codes(outcome("c_ii", seen=("\u0430_ii",)))


def test_fields_in_letters_of_another_script_are_read():
    fields = {"s\u200b0": numbers(0, 0), "W\u0455s": numbers(0, 0), "Wss": numbers(1, 1)}
    b_i = next(question for question in MIT.questions if question.id == "b_i")
    answer = resolve(b_i, (), RunResult(names={"b_i": Fields(fields)}))
    assert answer.fields == {"s0": numbers(0, 0), "Wss": numbers(1, 1)}


def test_values_keyed_by_steps_are_the_only_field():
    steps = Fields({"1": numbers(6), "2": numbers(6)})
    a_ii = next(question for question in MIT.questions if question.id == "a_ii")
    assert resolve(a_ii, (), RunResult(names={"a_ii": steps})).fields == {"g1": steps}


def test_a_misspelt_name_is_offered_to_its_nearest_question_only():
    offered = [q.id for q in MIT.questions if "did-you-mean" in codes(outcome(q.id, seen=("A_I",)))]
    assert offered == ["a_i"]


def test_an_object_that_holds_no_fields_is_told_how_to_write_it():
    found = outcome("b_i", names={"b_i": Text("Wss = 2")})
    assert found.verdict == "invalid"
    assert "not-fields" in codes(found)


def test_a_file_that_stops_is_invalid_for_what_was_not_read_and_not_missing():
    fault = Fault(kind="syntax", message="SyntaxError: expected ':'", where="answer.py, line 14")
    found = outcome("b_i", faults=(fault,))
    assert found.verdict == "invalid"
    assert "line 14" in found.feedback[0].message


def test_our_own_failure_is_undecided_and_told_to_staff_with_a_traceback():
    def broken(params, answer):
        raise ZeroDivisionError("ours")

    question = MIT.questions[0]
    check = Kind(
        params=question.check.params, asks=question.check.asks, judge=broken, examples=question.check.examples
    )
    exercise = msgspec.structs.replace(MIT, questions=(msgspec.structs.replace(question, check=check),))
    names = {"a_i": Fields({"Wss": numbers(2, 2)})}
    made = judged(exercise, NOBODY, RunResult(names=names))
    found = made.questions[0].outcome
    assert found.verdict is Verdict.UNDECIDED
    assert made.is_undecided
    by_audience = {message.audience: message.message for message in found.feedback}
    assert "ZeroDivisionError" in by_audience["staff"]
    assert "ZeroDivisionError" not in by_audience["student"]


def test_points_are_exact():
    third = {"names": {"a_ii": numbers(6, 6, 6, 6)}}
    made = judged(MIT, NOBODY, RunResult(calls=no_calls(), **third))
    assert isinstance(made.points, Fraction)
    assert made.points == next(q.max_points for q in made.questions if q.id == "a_ii")


def test_one_question_alone_reads_its_fields_from_the_top_level():
    answer = AnswerFile(
        "answer.py",
        b"s0 = [0, 0]\nWss = [[0, 0], [0, 1]]\nWsx = [[1, 0, 0], [1, 1, 1]]\n"
        b"Wo = [[1, 0], [0, 0], [0, 0], [0, 1]]\n",
    )
    submission = Submission(student="s", files=(answer,), digest="")
    made = mark(MIT, submission, question_id="b_i")
    assert [q.outcome.verdict for q in made.questions] == ["correct"]
    with pytest.raises(KeyError):
        mark(MIT, submission, question_id="b_iv")


def test_scratch_names_do_not_leak_into_a_question_that_has_its_own_object():
    names = {"a_ii": Fields({"g1": numbers(6, 6, 6, 6)}), "max_rank": numbers(3)}
    names["b_ii"] = Fields({"possible": Text("no"), "state_size": Number("4", "int")})
    names["certificate"] = Text("see paper")
    found = outcome("b_ii", names=names)
    assert found.verdict == "correct", found.feedback


def test_what_was_not_read_is_told_where_nothing_was_handed_in():
    names = {"a_ii": Fields({"g1": numbers(6, 6, 6, 6)})}
    left_out = ("b.zip: not a zip file", *(f"{n}.pdf: not a kind of answer" for n in range(7)))
    submission = Submission(student="s", files=(), digest="", left_out=left_out)
    made = judged(MIT, submission, RunResult(names=names, calls=no_calls()))
    found = {question.id: question.outcome for question in made.questions}
    assert codes(found["a_ii"]) == []
    told = [one.message for one in found["b_i"].feedback if one.code == "not-read"]
    assert told[0] == "Not read: b.zip: not a zip file"
    assert told[-1] == "Not read: 3 more"
    assert len(told) == 6
    assert all(one in common_notices(made) for one in found["b_i"].feedback if one.code == "not-read")


def test_a_name_that_two_files_give_is_told_to_its_question_only():
    names = {"a_ii": Fields({"g1": numbers(0, 0, 0, 0)}), "b_i": Nothing()}
    twice = {"names": names, "given_twice": ("a_ii", "b_i", "g1", "scratch")}
    told = [one.message for one in outcome("a_ii", **twice).feedback if one.code == "given-twice"]
    assert len(told) == 1
    assert told[0].startswith("a_ii stands in more than one file; the first read counts")
    assert "given-twice" in codes(outcome("b_i", **twice))
    assert "given-twice" not in codes(outcome("b_ii", **twice))


def test_two_files_that_give_the_same_name_are_told_so_end_to_end():
    files = (AnswerFile("answer.py", b"a_ii = None\n"), AnswerFile("b.py", b"a_ii = [6, 6, 6, 6]\n"))
    made = mark(MIT, Submission(student="s", files=files, digest=""), question_id="a_ii")
    assert "given-twice" in codes(made.questions[0].outcome)


@pytest.mark.parametrize("right", [0, 1])
def test_a_reports_fraction_is_its_points_over_those_of_its_questions(right):
    """One right answer, to a_ii, by hand; the points of each question stand in the file."""
    names = {"a_ii": numbers(6, 6, 6, 6)} if right else {}
    made = judged(MIT, NOBODY, RunResult(names=names, calls=no_calls()))
    points = {question.id: question.points for question in MIT.questions}
    assert made.fraction == Fraction(right * points["a_ii"]) / sum(points.values())
    nothing = msgspec.structs.replace(MIT, questions=())
    assert judged(nothing, NOBODY, RunResult(names={})).fraction == 1


def test_an_answer_that_is_data_is_called_with_nothing_and_its_functions_are_missing():
    asked = []

    def run(submission, probes, limits):
        asked.extend(probes)
        return RunResult(names={"a_ii": numbers(6, 6, 6, 6)}, calls=())

    data = Submission(student="data", files=(AnswerFile("answer.json", b"{}"),), digest="")
    made = {one.id: one.outcome.verdict for one in mark(MIT, data, run=run).questions}
    assert {type(probe).__name__ for probe in asked} == {"Read"}
    functions = [one.id for one in MIT.questions if one.asks.function]
    assert functions
    assert [made[one] for one in functions] == ["missing"] * len(functions)
    assert made["a_ii"] == "correct"


@pytest.mark.parametrize(
    ("values", "variant", "is_practice"),
    [({}, "", False), ({"a": "2"}, "", True), ({"a": "2"}, SAMPLE, True), ({"a": "2"}, "K7QM", False)],
)
def test_only_a_variant_that_is_nobodys_is_for_practice(values, variant, is_practice):
    exercise = msgspec.structs.replace(MIT, values=values, variant=variant)
    notes = judged(exercise, NOBODY, RunResult(names={}, calls=no_calls())).notes
    assert any("practice" in note for note in notes) == is_practice
    assert is_practice or notes == ()


@pytest.mark.parametrize(
    ("terms", "shown"),
    [
        ((), 3),
        ((HintTerms(), HintTerms(cost=Fraction(1)), HintTerms()), 1),
        ((HintTerms(), HintTerms(), HintTerms(after=2)), 2),
        ((HintTerms(after=1), HintTerms(), HintTerms()), 0),
    ],
)
def test_a_report_has_the_hints_that_anybody_may_see_and_counts_the_others(terms, shown):
    hints = ("gentle", "plainer", "plain")
    first = msgspec.structs.replace(MIT.questions[0], hints=hints, hint_terms=terms)
    exercise = msgspec.structs.replace(MIT, questions=(first, *MIT.questions[1:]))
    found = judged(exercise, NOBODY, RunResult(names={}, calls=no_calls())).questions[0]
    assert (found.hints, found.held_hints) == (hints[:shown], 3 - shown)
