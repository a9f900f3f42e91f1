"""A reply that cannot be what a call gave is refused, so that no judge is handed one."""

from __future__ import annotations

import pytest

from grader.model.exercise import Limits
from grader.model.run import Call
from grader.model.submission import AnswerFile
from grader.model.value import Items, Nothing, Number
from grader.sandbox import run
from grader.sandbox.host.session import is_reply
from grader.submissions import build_submission

ONE = Number("1", "int")
STEP = Call(question="q", function=(("f",),), args=(ONE, ONE), returns_arguments=True)
FORGED = """
import sys
sys.modules["inside.calls"].called = lambda function, call: {"t": "items", "items": []}

def f(a, b): ...
"""


@pytest.mark.parametrize("reply", [Nothing(), ONE, Items(()), Items((ONE, ONE)), Items((ONE,) * 4)])
def test_a_call_that_hands_back_its_arguments_gives_one_value_more_than_these(reply: object) -> None:
    assert not is_reply(STEP, reply)  # type: ignore[arg-type]


def test_a_result_beside_the_arguments_is_a_reply() -> None:
    assert is_reply(STEP, Items((Nothing(), ONE, ONE)))


def test_code_that_replaces_the_caller_gets_a_protocol_fault() -> None:
    submission = build_submission("s", [AnswerFile("answer.py", FORGED.encode())])
    (reading,) = run(submission, (STEP,), Limits()).calls
    assert not reading.results
    assert reading.fault is not None
    assert reading.fault.kind == "protocol"
