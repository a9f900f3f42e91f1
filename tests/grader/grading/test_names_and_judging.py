"""From names in a file to one outcome: which names count, and what each kind of absence is told as.

The questions are made here with a judge that writes down what it is given, so nothing of a kind takes part.
"""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import msgspec
import pytest

from grader.errors import Unreadable
from grader.grading import judging as diagnosing
from grader.grading.asked import Asked, flat_names, names_asked_for, places_of
from grader.grading.judging import judge_question
from grader.grading.names import MOST_WORDS, fault_feedback
from grader.grading.resolve import Given, misnamed, nearest, resolve
from grader.model.exercise import Exercise, Question
from grader.model.kind import Answer, Asks, Judgement, Kind, Params
from grader.model.mistake import Identifiability
from grader.model.outcome import Feedback, Finding, Outcome, Verdict
from grader.model.run import CallReading, Fault, Read, RunResult
from grader.model.submission import Submission
from grader.model.value import Fields, Flag, Items, Nothing, Number, Text

ONE, TWO = Number("1", "int"), Number("2", "int")

PARTS = {"fields": ("a",), "parts": ("x", "y")}


def question(id="q", judged=None, **asks):
    """A question whose answer is always wrong, or what `judged` says."""

    def judge(params, answer):
        if isinstance(judged, Exception):
            raise judged
        outcome = judged or Outcome(verdict=Verdict.INCORRECT, fraction=Fraction(0), feedback=())
        return Judgement(outcome, None)

    wanted = Asks(**asks)
    check = Kind(params=Params, asks=lambda params: wanted, judge=judge, examples=())
    return Question(
        id=id,
        label=id,
        points=Fraction(1),
        prompt="",
        fields={},
        asks=wanted,
        kind="curve",
        params=Params(),
        check=check,
    )


def exercise(*questions):
    return Exercise(id="e", title="", source="", questions=questions, digest="")


def run(seen=None, **names):
    names = {name: value for name, value in names.items() if not isinstance(value, type(None))}
    return RunResult(names=names, seen=tuple(names if seen is None else seen))


def outcome_of(asked, result, flat=(), calls=(), taken=(), left_out=()):
    return judge_question(Given(asked, flat, calls, result, taken, left_out))


def codes(outcome):
    return [one.code for one in outcome.feedback]


# Where a function may stand.


def test_a_helper_with_the_question_s_name_comes_behind_the_function_that_was_asked_for():
    asked, other = question("gru", function="gru_bptt"), question("lstm", function="lstm_bptt")
    assert places_of(exercise(asked, other), asked) == (("gru", "gru_bptt"), ("gru_bptt",), ("gru",))


@pytest.mark.parametrize("other", [question("b", function="step"), question("step", fields=("a",))])
def test_where_another_question_has_the_function_s_name_the_question_s_own_comes_first(other):
    asked = question("a", function="step")
    assert places_of(exercise(asked, other), asked) == (("a", "step"), ("a",), ("step",))


# Which fields may stand at top level.


def test_fields_of_a_lone_question_stand_at_top_level_unless_another_question_is_called_so():
    first, second = question("p", fields=("a", "q", "c")), question("q", fields=("a", "b"), optional=("c",))
    both = exercise(first, second)
    assert flat_names(both, first, (first,)) == ("a", "c")
    assert flat_names(both, first, (first, second)) == ()
    assert flat_names(both, second, (first, second)) == ("b",)
    assert flat_names(exercise(first), first, (first,)) == ("a", "q", "c")


def test_a_field_called_like_its_own_question_stands_at_top_level():
    own = question("q", fields=("q", "b"))
    other = question("p", fields=("z",))
    assert flat_names(exercise(own, other), own, (own, other)) == ("q", "b")


def test_parts_stand_at_top_level_only_where_the_question_is_asked_alone():
    first, second = question("p", fields=("W",), parts=("Wss", "q", "Wsx")), question("q", fields=("b",))
    assert flat_names(exercise(first, second), first, (first,)) == ("W", "Wss", "Wsx")
    assert flat_names(exercise(first, second), first, (first, second)) == ("W",)


def test_names_asked_for_are_those_of_all_questions():
    first, second = question("p", fields=("a",), optional=("o",)), question("q", function="f")
    assert names_asked_for(exercise(first, second)) == {"p", "a", "o", "q", "f"}


def test_each_name_is_read_once_in_the_order_of_the_questions():
    first, second = question("p", fields=("a",), also=("s",)), question("q", fields=("b",), also=("s",))
    both = exercise(first, second)
    nobody = Submission(student="nobody", files=(), digest="")
    assert Asked(both, (first, second)).probes(nobody) == tuple(map(Read, ("p", "a", "s", "q", "b")))


# What counts as the answer.


@pytest.mark.parametrize(
    ("asks", "names", "flat", "wanted"),
    [
        # Its own object comes first, and nothing is mixed.
        ({"fields": ("a", "b")}, {"q": Fields({"a": ONE})}, ("a", "b"), {"a": ONE}),
        ({"fields": ("a", "b")}, {"q": Fields({"a": ONE}), "b": TWO}, ("a", "b"), {"a": ONE}),
        ({"fields": ("a", "b")}, {"a": ONE, "b": TWO}, ("a", "b"), {"a": ONE, "b": TWO}),
        ({"fields": ("a", "b")}, {"a": ONE, "b": TWO}, ("a",), {"a": ONE}),
        # What is still None is not there.
        ({"fields": ("a", "b")}, {"q": Fields({"a": Nothing(), "b": TWO})}, (), {"b": TWO}),
        ({"fields": ("a", "b")}, {"q": Fields({"a": Nothing()}), "a": ONE}, ("a",), {"a": ONE}),
        ({"fields": ("a", "b")}, {"q": Nothing(), "a": ONE}, ("a",), {"a": ONE}),
        ({"fields": ("a",), "optional": ("o",)}, {"q": Fields({"o": TWO})}, (), {"o": TWO}),
        # An only field may be the object itself, its parts or its steps.
        ({"fields": ("a",)}, {"q": ONE}, (), {"a": ONE}),
        ({"fields": ("a",)}, {"q": Fields({"1": ONE, "2": TWO})}, (), {"a": Fields({"1": ONE, "2": TWO})}),
        ({"fields": ("a",)}, {"q": Fields({"1": ONE, "a": TWO})}, (), {"a": TWO}),
        ({"fields": ("a",)}, {"q": Fields({})}, (), {}),
        ({"fields": ("a",), "parts": ("x", "y")}, {"q": Fields({"x": ONE})}, (), {"a": Fields({"x": ONE})}),
        ({"fields": ("a",), "parts": ("x", "y")}, {"q": Fields({"x": ONE, "a": TWO})}, (), {"a": TWO}),
        ({"fields": ("a", "b")}, {"q": Fields({"1": ONE, "2": TWO})}, (), {}),
        ({"fields": ("a",), "optional": ("a0",)}, {"q": Fields({"a0": ONE})}, (), {"a0": ONE}),
        # Parts at top level are the field when all of them are there and the field is not.
        (PARTS, {"x": ONE, "y": TWO}, ("a", "x", "y"), {"a": Fields({"x": ONE, "y": TWO})}),
        (PARTS, {"x": ONE}, ("a", "x", "y"), {}),
        (PARTS, {"a": ONE, "x": ONE, "y": TWO}, ("a", "x", "y"), {"a": ONE}),
        ({"fields": ("a",)}, {}, ("a",), {}),
        # A Cyrillic letter, unless the plain name stands there too.
        ({"fields": ("a", "b")}, {"q": Fields({"\u0430": ONE})}, (), {"a": ONE}),
        ({"fields": ("a", "b")}, {"q": Fields({"\u0430": ONE, "a": TWO})}, (), {"a": TWO}),
        ({"fields": ("a", "b")}, {"q": Fields({" b ": ONE})}, (), {"b": ONE}),
    ],
)  # fmt: skip
def test_the_answer_is_the_object_of_the_question_else_names_at_top_level(asks, names, flat, wanted):
    assert resolve(question(**asks), flat, run(**names)).fields == wanted


def test_what_is_no_object_is_refused_where_more_fields_are_asked():
    with pytest.raises(Unreadable) as error:
        resolve(question(fields=("a", "b")), (), run(q=ONE))
    assert error.value.code == "not-fields"


def test_other_names_of_the_object_are_told_without_what_was_read_as_a_field():
    own = Fields({"a": ONE, "\u0430": TWO, "c": TWO, "\u0441": ONE, "d": ONE})
    answer = resolve(question(fields=("a", "b"), optional=("c",), also=("s", "t")), (), run(q=own, s=ONE))
    assert (answer.seen, answer.others) == (("d",), {"s": ONE})


@pytest.mark.parametrize("keys", [("1", "2"), ("y1", "y2"), ("y(1)", "y(2)"), ("y_1", "y_2")])
def test_the_only_field_may_be_given_step_by_step(keys):
    own = Fields(dict.fromkeys(keys, ONE))
    assert resolve(question(fields=("y",), optional=("h",)), (), run(q=own)).fields == {"y": own}


@pytest.mark.parametrize("keys", [("h1", "h2"), ("y1", "h"), ("y1", "x2")])
def test_what_is_not_the_field_s_own_steps_is_not_taken_for_them(keys):
    own = Fields(dict.fromkeys(keys, ONE))
    assert "y" not in resolve(question(fields=("y",), optional=("h",)), (), run(q=own)).fields


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (("s0", "Wss", "Wo"), ("s_0", "W_ss", "W^{o}")),
        (("s0", "Wss", "Wo"), ("s\u2080", "W\u02e2\u02e2", "W\u1d52")),
        (("dL_dw", "dL_du"), ("dL/dw", "dLdu")),
        (("W", "w", "U_r"), ("W", "w", "Ur")),
        (("dw", "du"), ("dL_dw", "\u2202L/\u2202u")),
        (("dL_dw", "dL_du"), ("dw", "u_grad")),
    ],
)
def test_a_field_is_found_under_its_name_in_other_spellings(names, written):
    own = Fields({name: Number(str(n), "int") for n, name in enumerate(written)})
    answer = resolve(question(fields=names), (), run(q=own))
    assert answer.fields == {name: Number(str(n), "int") for n, name in enumerate(names)}
    assert answer.seen == ()


@pytest.mark.parametrize(
    ("names", "written", "found"),
    [
        (("W", "w"), ("W", "W_"), {"W"}),  # W_ is no nearer to w than to W
        (("Wss", "b"), ("W_ss", "W__ss", "b"), {"b"}),  # two that could be it
        (("Wss", "b"), ("wss", "b"), {"b"}),
        (("Wss", "b"), ("Wsx", "b"), {"b"}),
        (("u", "U", "c"), ("u_", "U", "d"), {"u", "U"}),
        (("dw", "b"), ("dL_dw", "dJ_dw", "b"), {"b"}),
        (("dw", "b"), ("w", "b"), {"b"}),
    ],
)
def test_a_name_that_could_be_another_field_is_not_taken(names, written, found):
    own = Fields(dict.fromkeys(written, ONE))
    assert resolve(question(fields=names), (), run(q=own)).fields.keys() == found


def test_of_a_thousand_other_names_200_are_looked_at():
    own = Fields({f"n{i}": ONE for i in range(1000)} | {"a": ONE})
    assert len(resolve(question(fields=("a", "b")), (), run(q=own)).seen) == 200


@pytest.mark.parametrize(
    ("name", "seen", "found"),
    [
        ("Wss", ["Wsx", "wss", "b"], "wss"),
        ("Wss", ["W\u0455s"], "W\u0455s"),
        ("weights", ["weigths"], "weigths"),
        ("weights", ["b", "x"], None),
        ("weights", [], None),
    ],
)
def test_the_nearest_name_is_the_one_that_is_spelt_most_alike(name, seen, found):
    assert nearest(name, seen) == found


def test_only_absent_fields_are_misspelt():
    asks = Asks(fields=("alpha", "beta"), optional=("gamma",))
    answer = Answer(fields={"alpha": ONE}, seen=("alhpa", "gamna", "zzz"))
    assert misnamed(asks, answer) == {"gamma": "gamna"}


# What comes out.


def test_what_the_judge_says_is_the_outcome():
    right = Outcome(verdict=Verdict.CORRECT, fraction=Fraction(1), feedback=())
    assert outcome_of(question(judged=right, fields=("a",)), run(q=ONE)) == right
    assert outcome_of(question(fields=("a",)), run(q=ONE)).verdict is Verdict.INCORRECT


def test_nothing_handed_in_is_missing():
    missing = outcome_of(question(fields=("a", "b")), run())
    assert (missing.verdict, missing.fraction, codes(missing)) == (Verdict.MISSING, 0, ["missing"])


@pytest.mark.parametrize(
    ("asks", "names", "words"),
    [
        ({"fields": ("a", "b")}, {}, "there is no object named q"),
        ({"fields": ("a", "b")}, {"q": Nothing()}, "q is still None"),
        ({"fields": ("a", "b")}, {"q": Fields({"a": Nothing()})}, "q has none of the question's fields"),
        ({"function": "f"}, {}, "there is no function named f"),
    ],
)
def test_what_is_missing_is_named(asks, names, words):
    calls = (CallReading(fault=Fault(kind="missing", message="")),) if "function" in asks else ()
    found = outcome_of(question(**asks), run(**names), calls=calls)
    assert found.verdict is Verdict.MISSING
    assert words in found.feedback[0].message


@pytest.mark.parametrize(
    ("faults", "verdict"),
    [
        (["missing", "missing"], Verdict.MISSING),
        (["missing", "error"], Verdict.INCORRECT),
        (["missing", None], Verdict.INCORRECT),
        ([None, None], Verdict.INCORRECT),
    ],
)
def test_a_function_is_missing_where_no_call_found_it(faults, verdict):
    calls = [
        CallReading(results=(ONE,)) if fault is None else CallReading(fault=Fault(kind=fault, message=""))
        for fault in faults
    ]
    assert outcome_of(question(function="f"), run(), calls=calls).verdict is verdict


def test_a_file_that_does_not_run_is_invalid_and_not_missing():
    broken = RunResult(names={}, faults=(Fault(kind="error", message="NameError", where="line 3"),))
    found = outcome_of(question(fields=("a",)), broken)
    assert (found.verdict, codes(found)) == (Verdict.INVALID, ["does-not-run-error"])
    assert found.feedback[0].message == "line 3: NameError"
    assert fault_feedback(Fault(kind="error", message="no")).message == "no"


@pytest.mark.parametrize(
    ("own", "is_strange"),
    [
        ({"z": ONE}, True),
        ({"z": Nothing()}, False),
        ({"z": ONE, "a": Nothing()}, False),
        ({"z": ONE, "o": Nothing()}, False),
        ({}, False),
    ],
)
def test_an_object_of_other_names_is_invalid_and_one_left_as_it_was_is_missing(own, is_strange):
    found = outcome_of(question(fields=("a", "b"), optional=("o",)), run(q=Fields(own)))
    assert found.verdict is (Verdict.INVALID if is_strange else Verdict.MISSING)
    assert codes(found)[0] == ("missing-field" if is_strange else "missing")


@pytest.mark.parametrize(("count", "is_cut"), [(6, False), (7, True)])
def test_six_other_names_are_told(count, is_cut):
    own = Fields({f"z{i}": ONE for i in range(count)})
    message = outcome_of(question(fields=("a", "b")), run(q=own)).feedback[0].message
    assert ("z5, ..." in message) is is_cut
    assert "z5" in message
    assert "z6" not in message


@pytest.mark.parametrize(
    ("asks", "seen", "taken", "offered"),
    [
        ({"fields": ("a", "b"), "id": "answer"}, ["anwser"], [], "did you mean answer?"),
        ({"function": "unroll", "id": "answer"}, ["unrol"], [], "did you mean unroll?"),
        ({"function": "unroll", "id": "answer"}, ["anwser"], [], None),
        ({"fields": ("a", "b"), "id": "answer"}, ["anwser"], ["anwser"], None),
        ({"fields": ("a", "b"), "id": "answer"}, ["anwser"], ["anwserr"], None),
        ({"fields": ("a", "b"), "id": "answer"}, ["zzz"], [], None),
        ({"fields": ("answers", "b"), "id": "answer"}, ["answers"], [], None),
    ],
)
def test_a_name_close_to_the_missing_one_is_offered(asks, seen, taken, offered):
    asked = question(**asks)
    calls = (CallReading(fault=Fault(kind="missing", message="")),) if asked.asks.function else ()
    found = outcome_of(asked, run(seen=seen), calls=calls, taken=taken)
    close = [one.message for one in found.feedback if one.code == "did-you-mean"]
    assert [offered in one for one in close] == ([True] if offered else [])


def test_a_name_with_a_letter_that_only_looks_right_is_offered_with_that_letter():
    found = outcome_of(question("scale", fields=("a", "b")), run(seen=["sc\u0430le"]))
    (close,) = [one.message for one in found.feedback if one.code == "did-you-mean"]
    assert "U+0430" in close


@pytest.mark.parametrize(
    ("verdict", "is_told"), [(Verdict.INCORRECT, True), (Verdict.PARTIAL, True), (Verdict.CORRECT, False)]
)
def test_a_misspelt_field_is_told_unless_all_is_right(verdict, is_told):
    judged = Outcome(
        verdict=verdict, fraction=Fraction(verdict is Verdict.CORRECT), feedback=(Feedback("own", "Own."),)
    )
    own = Fields({"alpha": ONE, "betaa": TWO})
    found = outcome_of(question(judged=judged, fields=("alpha", "beta")), run(q=own))
    assert codes(found) == (["did-you-mean", "own"] if is_told else ["own"])


def test_a_field_that_the_judge_misses_is_looked_for_among_its_neighbours():
    own = Fields({"alpha": ONE, "betaa": TWO})
    asked = question(judged=Unreadable("no beta", code="missing-field"), fields=("alpha", "beta"))
    assert codes(outcome_of(asked, run(q=own))) == ["missing-field", "did-you-mean"]
    other = question(judged=Unreadable("no number", code="not-a-number"), fields=("alpha", "beta"))
    found = outcome_of(other, run(q=own))
    assert (found.verdict, found.fraction, codes(found)) == (Verdict.INVALID, 0, ["not-a-number"])


def test_a_judge_that_fails_is_undecided_and_only_staff_see_why():
    found = outcome_of(question(judged=ZeroDivisionError("secret"), fields=("a",)), run(q=ONE))
    assert (found.verdict, found.fraction) == (Verdict.UNDECIDED, 0)
    assert [(one.audience, "secret" in one.message) for one in found.feedback][1] == ("staff", True)
    assert "secret" not in found.feedback[0].message


@pytest.mark.parametrize(
    ("fields", "flat", "seen", "is_told"),
    [
        (("a", "b"), (), ["a", "b"], True),
        (("a",), (), ["a"], True),
        (("a", "b"), (), ["a"], False),
        (("a", "b"), ("b",), ["a", "b"], False),
        (("a", "b"), ("a", "b"), ["a", "b"], False),
        ((), (), [], False),
    ],
)
def test_fields_that_could_be_another_question_s_are_told(fields, flat, seen, is_told):
    asked = question(fields=fields) if fields else question(function="f")
    calls = () if fields else (CallReading(fault=Fault(kind="missing", message="")),)
    found = outcome_of(asked, run(seen=seen), flat=flat, calls=calls)
    assert ("shared-names" in codes(found)) is is_told
    told = [one.message for one in found.feedback if one.code == "shared-names"]
    for message in told:
        each = "stands at top level, but several questions have a field of that name"
        both = "stand at top level, but several questions have fields of these names"
        assert (each in message, both in message) == (len(fields) == 1, len(fields) == 2)


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, []), (1, ["0"]), (5, list("01234")), (6, [*"01234", "1 more"]), (9, [*"01234", "4 more"])],
)
def test_five_files_that_were_not_read_are_told_where_an_answer_is_missing(count, told):
    left_out = [str(i) for i in range(count)]
    found = outcome_of(question(fields=("a", "b")), run(), left_out=left_out)
    assert [one.message for one in found.feedback if one.code == "not-read"] == [
        f"Not read: {one}" for one in told
    ]
    there = outcome_of(question(fields=("a",)), run(q=ONE), left_out=left_out)
    assert "not-read" not in codes(there)


@pytest.mark.parametrize(
    ("asks", "reason", "told"),
    [
        ({"optional": ("reason",)}, Text(" because "), ["because"]),
        ({"optional": ("reason",)}, Text("   "), []),
        ({"optional": ("reason",)}, Flag(True), []),
        ({"optional": ("other",)}, Text("because"), []),
        ({"optional": ("reason",)}, Text("x" * (MOST_WORDS + 5)), ["x" * 2000]),
    ],
)
def test_reasons_in_words_go_to_staff(asks, reason, told):
    found = outcome_of(question(fields=("a",), **asks), run(q=Fields({"a": ONE, "reason": reason})))
    assert [one.message for one in found.feedback if one.audience == "staff"] == told


@pytest.mark.parametrize(
    ("names", "twice", "told"),
    [
        ({"q": Fields({"a": ONE})}, ("q",), 1),
        ({"q": Fields({"a": ONE})}, ("a",), 0),
        ({"a": ONE}, ("a",), 1),
        ({"a": ONE}, ("z",), 0),
        ({"a": ONE}, (), 0),
    ],
)
def test_a_name_that_two_files_give_is_told_where_it_counts(names, twice, told):
    result = msgspec.structs.replace(run(**names), given_twice=twice)
    assert codes(outcome_of(question(fields=("a",)), result, flat=("a",))).count("given-twice") == told


def test_a_function_in_two_files_is_told():
    result = msgspec.structs.replace(run(), given_twice=("f",))
    found = outcome_of(question(function="f"), result, calls=(CallReading(results=(ONE,)),))
    assert "given-twice" in codes(found)


def test_an_object_that_holds_no_fields_is_invalid():
    found = outcome_of(question(fields=("a", "b")), run(q=Items((ONE,))))
    assert (found.verdict, codes(found)) == (Verdict.INVALID, ["not-fields"])


@pytest.mark.parametrize(
    ("before", "fraction", "explained", "after", "earned"),
    [
        (Verdict.INCORRECT, 0, None, Verdict.INCORRECT, 0),
        (Verdict.INCORRECT, 0, Fraction(1, 2), Verdict.PARTIAL, Fraction(1, 2)),
        (Verdict.PARTIAL, Fraction(1, 2), Fraction(1, 4), Verdict.PARTIAL, Fraction(1, 2)),
        (Verdict.PARTIAL, Fraction(1, 2), Fraction(1), Verdict.CORRECT, 1),
        (Verdict.INVALID, 0, None, Verdict.INVALID, 0),
        (Verdict.INVALID, 0, Fraction(1, 2), Verdict.PARTIAL, Fraction(1, 2)),
        (Verdict.CORRECT, 1, Fraction(0), Verdict.CORRECT, 1),
        (Verdict.MISSING, 0, Fraction(1), Verdict.MISSING, 0),
        (Verdict.UNDECIDED, 0, Fraction(1), Verdict.UNDECIDED, 0),
    ],
)
def test_a_known_mistake_may_earn_more_and_never_less(
    monkeypatch, before, fraction, explained, after, earned
):
    note = Feedback("note", "Note.")
    finding = Finding(diagnoses=(), feedback=(note,), fraction=explained, evidence=("new",))
    module = SimpleNamespace(diagnose=lambda params, facts: finding)
    monkeypatch.setattr(diagnosing, "part_of", lambda *_: module)
    outcome = Outcome(verdict=before, fraction=Fraction(fraction), feedback=(), evidence=("old",))
    found = diagnosing.diagnose(question(fields=("a",)), Judgement(outcome, "facts"))
    assert (found.verdict, found.fraction) == (after, earned)
    is_looked_at = before in (Verdict.INCORRECT, Verdict.PARTIAL, Verdict.INVALID)
    assert found.feedback == ((note,) if is_looked_at else ())
    assert found.evidence == (("old", "new") if is_looked_at else ("old",))


def test_a_kind_that_knows_tells_which_mistakes_its_instance_hides_and_another_does_not(monkeypatch):
    known = Identifiability(alike={}, invisible=("a",))
    module = SimpleNamespace(cannot_tell=lambda params: known)
    for found, told in ((module, known), (SimpleNamespace(), None), (None, None)):
        monkeypatch.setattr(diagnosing, "part_of", lambda *_, found=found: found)
        assert diagnosing.cannot_tell(question(fields=("a",))) is told
