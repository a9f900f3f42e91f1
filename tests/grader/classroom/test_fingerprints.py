from __future__ import annotations

from grader.classroom.fingerprints import fingerprints_of
from grader.grading import mark
from grader.grading.asked import Asked, calls_of
from grader.kinds import find_kind, kind_names
from grader.model.run import CallReading, Fault, RunResult
from grader.model.submission import Submission
from grader.model.value import Array, Fields, Items, Number, Text, Value
from grader.specs import Kinds, find_exercise, load_exercise

MIT = load_exercise(find_exercise("mit-6390-recitation-8").path, Kinds(kind_names(), find_kind))
NOBODY = Submission(student="nobody", files=(), digest="")
NO_CALLS = tuple(
    CallReading(fault=Fault(kind="missing", message="")) for q in MIT.questions for _ in calls_of(MIT, q)
)


def table(rows: list[list[str]]) -> Value:
    return Items(tuple(Items(tuple(Number(text, "float") for text in row)) for row in rows))


def prints(**names: Value) -> dict:
    run = RunResult(names=names, calls=NO_CALLS)
    report = mark(MIT, NOBODY, run=lambda *_: run)
    each = zip(Asked(MIT, MIT.questions).given(NOBODY, run), report.questions, strict=True)
    found = {one.id: fingerprints_of(MIT, given, one.outcome.verdict) for given, one in each}
    return {question: own for question, own in found.items() if own}


def vector(*texts: str) -> Value:
    return Items(tuple(Number(text, "float") for text in texts))


def weights(first: str, second: str, third: str, *, swapped: bool = False) -> Value:
    """The running sum with scaled states: unusual, and right for any scale."""
    inverse = [f"1/{text}" if "/" not in text else text for text in (first, second)]
    rows = [[first, "0", "0"], [second, second, second]]
    out = [[inverse[0], "0"], ["0", "0"], ["0", "0"], ["0", inverse[1]]]
    if swapped:
        rows, out = rows[::-1], [row[::-1] for row in out]
    keep = [["0", "0"], ["0", "1"]] if not swapped else [["1", "0"], ["0", "0"]]
    return Fields({"s0": vector("0", "0"), "Wss": table(keep), "Wsx": table(rows), "Wo": table(out)})


def test_the_same_wrong_values_have_the_same_fingerprint_however_written():
    one = prints(a_ii=vector("1.5", "2", "3", "4"))
    same = prints(a_ii=vector("3/2", "2.0", "3", "4"))
    other = prints(a_ii=vector("1.5", "2", "3", "5"))
    assert one["a_ii"]["values"] == same["a_ii"]["values"] != other["a_ii"]["values"]


def test_right_values_have_none():
    assert prints(a_ii=vector("6", "6", "6", "6")) == {}


def test_an_array_is_as_its_numbers():
    import numpy as np

    array = Array("<f8", (4,), np.array([1.5, 2, 3, 4]).tobytes())
    assert prints(a_ii=array) == prints(a_ii=vector("1.5", "2", "3", "4"))


def test_usual_weights_have_no_basis_and_unusual_ones_do():
    assert prints(b_i=weights("1", "1", "1")) == {}
    assert "basis" in prints(b_i=weights("7", "13", "1"))["b_i"]


def test_the_order_of_the_states_does_not_hide_a_basis():
    one, swapped = prints(b_i=weights("7", "13", "1")), prints(b_i=weights("7", "13", "1", swapped=True))
    assert one["b_i"]["basis"] == swapped["b_i"]["basis"]
    assert one["b_i"]["basis"] != prints(b_i=weights("7", "11", "1"))["b_i"]["basis"]


def test_words_are_not_compared():
    wrong = vector("1", "2", "3", "5")
    assert prints(a_ii=wrong, b_ii=Text("because")) == prints(a_ii=wrong)


def test_numbers_as_large_as_they_may_be_take_no_time():
    prints(a_ii=vector("1e999999", "-1e-999999", "9" * 4000, "nan"))
