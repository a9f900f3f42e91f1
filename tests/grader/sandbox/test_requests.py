"""What is asked of every answer is made ready once, and says the same as what would be made for each."""

from __future__ import annotations

import json
from typing import Any

from grader.model.run import Call, Read
from grader.model.value import Number
from grader.sandbox.host import job
from grader.sandbox.host.job import Calls, MadeOnce, NumberedCall, reads_and_calls


def call(name: str, number: str, *, is_independent: bool = True) -> Call:
    return Call(
        question=name, function=((name,),), args=(Number(number, "int"),), is_independent=is_independent
    )


ALL: tuple[NumberedCall, ...] = tuple(enumerate((call("f", "1"), call("f", "2"), call("g", "3"))))


def read(request: Any) -> tuple[list[tuple[int, int, str]], bool]:
    """Number, function and argument of each call of a request, and whether it is the last."""
    content = json.loads(bytes(request))
    calls = [(one["index"], one["function"], one["args"][0]["text"]) for one in content["calls"]]
    return calls, content["is_last"]


def test_calls_of_a_question_come_together_by_number_and_those_of_the_next_later() -> None:
    asked = Calls(ALL)
    assert asked.functions == [((("f",),), 1), ((("g",),), 1)]
    count, request = asked.next_request(ALL)
    assert (count, read(request)) == (2, ([(0, 0, "1"), (1, 0, "2")], False))
    count, request = asked.next_request(ALL[2:])
    assert (count, read(request)) == (1, ([(2, 1, "3")], True))


def test_a_request_is_made_once_and_another_where_other_calls_are_left() -> None:
    asked = Calls(ALL)
    first = asked.next_request(ALL)[1]
    assert asked.next_request(list(ALL))[1] is first
    # The second function is not there: what was last before is not what is last now.
    assert read(asked.next_request(ALL[:2])[1]) == ([(0, 0, "1"), (1, 0, "2")], True)
    assert read(asked.next_request(ALL[1:])[1]) == ([(1, 0, "2")], False)
    assert asked.next_request(ALL)[1] is first


def test_requests_beyond_the_limit_are_made_anew_and_say_the_same(monkeypatch: Any) -> None:
    monkeypatch.setattr(job, "MOST_KEPT_BYTES", 0)
    asked = Calls(ALL)
    first, second = asked.next_request(ALL)[1], asked.next_request(ALL)[1]
    assert first is not second
    assert bytes(first) == bytes(second)


def test_what_is_remembered_is_told_apart_by_place_and_forgotten_when_there_is_too_much() -> None:
    made: list[list[int]] = []

    def make(thing: list[int]) -> int:
        made.append(thing)
        return len(made)

    once = MadeOnce[list[int], int](make, 2)
    first, equal, third = [1], [1], [3]
    assert [once.of(first), once.of(equal), once.of(first), once.of(equal)] == [1, 2, 1, 2]
    assert once.of(third) == 3
    assert once.of(first) == 4


def test_probes_that_may_still_change_are_sorted_each_time() -> None:
    probes: list[Any] = [Read("b"), Read("a"), Read("b")]
    assert reads_and_calls(probes).reads == ("b", "a")
    probes += [Read("c"), ALL[2][1]]
    assert reads_and_calls(probes).reads == ("b", "a", "c")
    assert reads_and_calls(probes).calls == ((0, ALL[2][1]),)
    fixed = tuple(probes)
    assert reads_and_calls(fixed) is reads_and_calls(fixed)
