"""What a wrong function is told: a mistake in the equations, another convention, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.kinds.code import KIND
from grader.kinds.code.diagnose import diagnose
from grader.kinds.code.question import CodeParams
from grader.model.kind import Answer
from grader.model.outcome import Finding
from grader.model.submission import AnswerFile
from grader.specs import Kinds, find_exercise, load_exercise
from grader.submissions import build_submission

LSTM: dict[str, Any] = {
    "inputs": {"x": "n_in"},
    "parameters": {"W": "n_in x 4*n_h", "U": "n_h x 4*n_h", "b": "4*n_h"},
    "equations": [
        "a(t) = W.T @ x(t) + U.T @ h(t-1) + b",
        "c(t) = sigmoid(part(a(t), 2, 4)) * c(t-1) + sigmoid(part(a(t), 1, 4)) * tanh(part(a(t), 4, 4))",
        "h(t) = sigmoid(part(a(t), 3, 4)) * tanh(c(t))",
    ],
    "start": {"h": "h0", "c": "c0"},
    "sizes": {"h": "n_h"},
}
BATCH = {"x": "N x T x n_in", "h0": "N x n_h", "c0": "N x n_h"}


def sig(u: Any) -> Any:
    return 1 / (1 + np.exp(-u))


def lstm(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any, **change: Any) -> tuple[Any, Any]:
    """(N, T, n) of h and c, with parts changed."""
    hs, cs = [], []
    for t in range(x.shape[1]):
        i, f, o, g = np.split(x[:, t] @ W + h @ U + b, 4, axis=1)
        c = change.get("cell", lambda i, f, g, c: sig(f) * c + sig(i) * np.tanh(g))(i, f, g, c)
        h = change.get("out", lambda o, c: sig(o) * np.tanh(c))(o, c)
        hs.append(h)
        cs.append(c)
    return np.stack(hs, axis=1), np.stack(cs, axis=1)


def params(returns: list[str], **more: Any) -> CodeParams:
    table = {"function": "net", "network": LSTM, "arguments": BATCH, "returns": returns}
    return msgspec.convert(table | more, CodeParams)


def found(asked: CodeParams, function: Callable[..., Any], called: Any) -> Finding:
    judgement = KIND.judge(asked, Answer(calls=called(KIND, asked, function)))
    assert judgement.outcome.fraction < 1
    return diagnose(asked, judgement.facts)


def ids(finding: Finding) -> list[str]:
    return [one.id for one in finding.diagnoses]


H, BOTH = ["h: N x T x n_h"], ["h: N x T x n_h", "c: N x n_h last"]


@pytest.mark.parametrize(
    ("function", "returns", "mistake"),
    [
        (lambda *given: lstm(*given)[0][:, -1], H, "last-step-alone"),
        (lambda *given: lstm(*given)[0], ["h: N x n_h last"], "all-steps-returned"),
        (lambda *given: lstm(*given)[0][:, 0], ["h: N x n_h last"], "h-of-the-first-step"),
        (
            lambda *given: lstm(*given)[::-1],
            ["h: N x T x n_h", "c: N x T x n_h"],
            "gives-h-c-exchanged",
        ),
        (lambda x, h0, c0, *rest: lstm(x, c0, h0, *rest)[0], H, "h0-and-c0-exchanged"),
        (lambda x, h0, c0, *rest: lstm(x, 0 * h0, c0, *rest)[0], H, "starts-from-zero-h"),
        (lambda *given: lstm(*given)[1], H, "gives-c"),
        (lambda *given: lstm(*given, out=lambda o, c: sig(o) * c)[0], H, "h-linear-for-tanh-c-t"),
        (lambda x, h, c, W, U, b: lstm(x, h, c, W, U, 0 * b)[0], H, "a-without-b"),
    ],
)
def test_a_mistake_is_named_and_no_other(
    function: Any, returns: list[str], mistake: str, called: Any
) -> None:
    assert ids(found(params(returns), function, called)) == [mistake]


def test_a_loop_along_the_sequences_is_named_whatever_it_starts_from(called: Any) -> None:
    def along(x: Any, h0: Any, c0: Any, *rest: Any) -> Any:
        start = np.zeros((x.shape[1], h0.shape[1]))
        return lstm(x.swapaxes(0, 1), start, start, *rest)[0].swapaxes(0, 1)

    assert ids(found(params(H), along, called)) == ["steps-and-sequences-exchanged"]


@pytest.mark.parametrize(
    "function",
    [
        lambda x, h, *rest: np.zeros((*x.shape[:2], h.shape[1])),
        lambda x, h, *rest: np.full((*x.shape[:2], h.shape[1]), np.nan),
        lambda *given: lstm(*given)[0] * 0.9,
        lambda x, h, c, W, U, b: np.repeat(np.cos(x.sum(axis=2, keepdims=True)), h.shape[1], axis=2),
        lambda *given: np.random.default_rng(len(given[0])).normal(size=lstm(*given)[0].shape),
    ],
)
def test_what_no_known_mistake_gives_is_not_explained(function: Any, called: Any) -> None:
    assert found(params(H), function, called) == Finding()


@pytest.mark.parametrize(
    ("arguments", "returns"),
    [
        (BATCH, BOTH),
        ({"x": "N x n_in", "h0": "N x n_h", "c0": "N x n_h"}, ["h: N x n_h", "c: N x n_h"]),
    ],
    ids=["all steps", "one step"],
)
@pytest.mark.parametrize(("share", "named"), [(1, ["state-kept-between-calls"]), (0.5, [])])
def test_a_second_call_that_goes_on_from_the_first_is_named(
    arguments: dict[str, str], returns: list[str], share: float, named: list[str], called: Any
) -> None:
    """From where the first has ended, not from anything else."""
    kept: dict[bytes, Any] = {}

    def net(x: Any, h0: Any, c0: Any, *weights: Any) -> Any:
        key = b"".join(array.tobytes() for array in (x, h0, c0, *weights))
        h, c = kept.pop(key, (h0, c0))
        is_first = h is h0
        hs, cs = lstm(x if "T" in arguments["x"] else x[:, None], h, c, *weights)
        if is_first:
            kept[key] = share * hs[:, -1], share * cs[:, -1]
        return (hs if "T" in arguments["x"] else hs[:, -1]), cs[:, -1]

    asked = params(returns, arguments=arguments)
    judgement = KIND.judge(asked, Answer(calls=called(KIND, asked, net)))
    assert (judgement.outcome.fraction, judgement.outcome.feedback[0].code) == (Fraction(1, 2), "keeps-state")
    assert ids(diagnose(asked, judgement.facts)) == named


def test_every_wrong_answer_of_the_shipped_questions_is_explained_without_failing(called: Any) -> None:
    exercise = load_exercise(
        find_exercise("gated-networks").path, Kinds(kind_names(), find_kind), with_examples=True
    )
    asked = [one for one in exercise.questions if one.kind == "code"]
    for question in asked:
        for example in question.examples:
            submission = build_submission("s", [AnswerFile("answer.py", example.answer.encode())])
            outcome = mark(exercise, submission, question_id=question.id).questions[0].outcome
            assert "explanation-failed" not in [one.code for one in outcome.feedback], example.title
