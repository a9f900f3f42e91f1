"""Answers to question 2 that break something, marked end to end: each has its message, none is undecided."""

from __future__ import annotations

import functools
from fractions import Fraction

import msgspec
import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.model.submission import AnswerFile, Submission
from grader.specs import Kinds, find_exercise, load_exercise

WEIGHTS = """
import numpy as np
q2_weights = dict(U=np.ones((3, 5)), W=np.ones((5, 5)), V=np.ones((5, 2)), b=np.zeros(5), c=np.zeros(2))
"""
TRAIN = "def train(x, y, params, n_epochs, lr):\n    {}\n"
GENERATE = "import numpy as np\ndef generate(n_seqs, n_steps, rng):\n    {}\n"

CASES = {
    "weights with NaN": ("q2_weights", WEIGHTS + "q2_weights['U'][0, 0] = np.nan", "invalid", "not-finite"),
    "infinite weights": ("q2_weights", WEIGHTS + "q2_weights['c'][0] = -np.inf", "invalid", "not-finite"),
    "huge weights": ("q2_weights", WEIGHTS + "q2_weights['V'] *= 1e300", "incorrect", "untrained"),
    "constant outputs": (
        "q2_weights",
        WEIGHTS + "q2_weights = {k: 0 * a for k, a in q2_weights.items()}\nq2_weights['c'] += [2.4, 6.2]",
        "incorrect",
        "untrained",
    ),
    "three hidden inputs": ("q2_weights", WEIGHTS + "q2_weights['U'] = np.ones((4, 5))", "invalid", "shape"),
    "a matrix as text": ("q2_weights", WEIGHTS + "q2_weights['U'] = 'random'", "invalid", "not-a-table"),
    "complex weights": (
        "q2_weights",
        WEIGHTS + "q2_weights['U'] = np.ones((3, 5)) * 1j",
        "invalid",
        "not-real",
    ),
    "no weights at all": ("q2_weights", "q2_weights = 7", "invalid", "not-weights"),
    "an Adam whose m has another size now and then": (
        "q2_adam",
        "import numpy as np\n"
        "def adam_step(params, grads, m, v, t, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):\n"
        "    return dict(params=params, m=np.zeros(3 + t % 2), v=v)\n",
        "invalid",
        "shape",
    ),
    "a train that loops": (
        "q2_train",
        TRAIN.format("while True: pass"),
        "invalid",
        "does-not-run-timeout",
    ),
    "a train that prints without end": (
        "q2_train",
        TRAIN.format("while True: print('epoch')"),
        "invalid",
        "does-not-run-timeout",
    ),
    "a train that returns nothing": ("q2_train", TRAIN.format("pass"), "invalid", "returns-none"),
    "a train that returns a word": ("q2_train", TRAIN.format("return 'done'"), "invalid", "not-a-training"),
    "a train that returns too few losses": (
        "q2_train",
        TRAIN.format("return params, [70.0, 60.0]"),
        "incorrect",
        "number-of-losses",
    ),
    "a train that returns NaN": (
        "q2_train",
        TRAIN.format("return params, [float('nan')] * n_epochs"),
        "incorrect",
        "not-finite",
    ),
    "a train that needs an argument more": (
        "q2_train",
        "def train(x, y, params, n_epochs, lr, device): pass",
        "invalid",
        "does-not-run-exception",
    ),
    "a train that changes its inputs": (
        "q2_train",
        TRAIN.format("x[:] = 0; return params, [1.0] * n_epochs"),
        "incorrect",
        "changes-inputs",
    ),
    "weights of another shape come back": (
        "q2_train",
        TRAIN.format("params['W'] = params['U']; return params, [1.0] * n_epochs"),
        "invalid",
        "shape",
    ),
    "a generator that ends the program": (
        "q2_data",
        GENERATE.format("raise SystemExit"),
        "invalid",
        "does-not-run-exit",
    ),
    "a generator of nothing": ("q2_data", GENERATE.format("return None"), "invalid", "returns-none"),
    "a generator of NaN": (
        "q2_data",
        GENERATE.format("return np.full((n_seqs, n_steps, 3), np.nan), np.zeros((n_seqs, n_steps, 2))"),
        "invalid",
        "not-finite",
    ),
    "a generator of zeros": (
        "q2_data",
        GENERATE.format("return np.zeros((n_seqs, n_steps, 3)), np.zeros((n_seqs, n_steps, 2))"),
        "incorrect",
        "inputs",
    ),
    "gradients that are all zero": (
        "q2_bptt",
        "def bptt(x, y, U, W, V, b, c):\n    return U * 0, W * 0, V * 0, b * 0, c * 0",
        "incorrect",
        "wrong-gradient",
    ),
    "a step of Adam that returns a number": (
        "q2_adam",
        "def adam_step(params, grads, m, v, t, **settings):\n    return 3",
        "invalid",
        "not-a-state",
    ),
    "a step of Adam that only raises": (
        "q2_adam",
        "def adam_step(params, grads, m, v, t, **settings):\n    raise ZeroDivisionError('x')",
        "invalid",
        "does-not-run-exception",
    ),
    "a step of Adam that raises first and then does nothing": (
        "q2_adam",
        "def adam_step(params, grads, m, v, t, **settings):\n    1 / (t - 1)\n    return params, m, v",
        "invalid",
        "does-not-run-exception",
    ),
    "losses that are words": ("q2_curve", "q2_curve = ['high', 'low']", "invalid", "unreadable"),
    "a curve of two made-up numbers": ("q2_curve", "q2_curve = [2, 0]", "incorrect", "below-noise"),
    "a curve of zeros": ("q2_curve", "q2_curve = [0] * 9", "incorrect", "below-noise"),
    "a curve from far above to zero": ("q2_curve", "q2_curve = [1e9, 0]", "incorrect", "below-noise"),
    "two numbers of no known scale": ("q2_curve", "q2_curve = [2, 1]", "incorrect", "unusual-start"),
    "a curve of no known scale": (
        "q2_curve",
        "q2_curve = [500, 90, 40, 9, 4]",
        "partial",
        "unusual-start",
    ),
    "a curve below zero": ("q2_curve", "q2_curve = [75.0, -1.0]", "incorrect", "negative"),
}


@functools.cache
def exercise():
    loaded = load_exercise(
        find_exercise("ntu-cz4042-tutorial-8").path, Kinds(kind_names(), find_kind), with_examples=True
    )
    # Endless loops need not be waited for as long as honest training may take.
    quick = tuple(msgspec.structs.replace(question, call_cpu_s=0.5) for question in loaded.questions)
    return msgspec.structs.replace(loaded, questions=quick)


def marked(question_id, source):
    submission = Submission(student="s", files=(AnswerFile("answer.py", source.encode()),), digest="")
    return mark(exercise(), submission, question_id=question_id).questions[0].outcome


@pytest.mark.parametrize("case", CASES)
def test_a_broken_answer_has_its_message(case):
    question_id, source, verdict, code = CASES[case]
    outcome = marked(question_id, source)
    told = {one.code: one.message for one in outcome.feedback}
    assert outcome.verdict == verdict, told
    if code != "unreadable":
        assert code in told, told
    assert all(told.values())


def test_losses_by_epoch_are_taken_in_the_order_of_the_epochs():
    losses = {0: 75.0, 1000: 0.8, 100: 20.0, 250: 6.0, 500: 2.0}
    assert marked("q2_curve", f"q2_curve = dict(losses={losses}, every=100)").verdict == "correct"
    in_other_order = dict(zip(losses, sorted(losses.values()), strict=True))
    assert marked("q2_curve", f"q2_curve = dict(losses={in_other_order})").verdict != "correct"


def test_the_time_limit_of_training_is_ten_seconds():
    loaded = load_exercise(
        find_exercise("ntu-cz4042-tutorial-8").path, Kinds(kind_names(), find_kind), with_examples=True
    )
    assert next(one.call_cpu_s for one in loaded.questions if one.id == "q2_train") == 10


# Answers near the largest float; numpy's warnings about what overflows are errors in the tests.
HUGE = {
    "q1a": "q1a = dict(y=[1e308] * 4, h=[[1e308, -1e308]] * 4)",
    "q1b": "q1b = dict(y=[-1e308] * 4, h=[[1e308, -1e308]] * 4)",
    "q1a_code": "import numpy as np\ndef elman(x, U, W, V, b, c): return np.full((len(x), len(c)), 1e308)",
    "q1b_code": "import numpy as np\ndef jordan(x, U, W, V, b, c): return np.full((len(x), len(c)), -1e308)",
    "q2_targets": "import numpy as np\ndef make_targets(x): return np.full((*x.shape[:2], 2), 1e308)",
    "q2_data": GENERATE.format(
        "return rng.random((n_seqs, n_steps, 3)), np.full((n_seqs, n_steps, 2), 1e308)"
    ),
    "q2_bptt": "def bptt(x, y, U, W, V, b, c): return [0 * a + 1e308 for a in (U, W, V, b, c)]",
    "q2_adam": "def adam_step(params, grads, m, v, t, **s):\n    huge = lambda d: 0 * d + 1e308\n"
    "    if not isinstance(params, dict):\n        return [huge(d) for d in (params, m, v)]\n"
    "    return [{k: huge(a) for k, a in d.items()} for d in (params, m, v)]",
    "q2_train": TRAIN.format(
        "return {k: 0 * a + 1e308 for k, a in params.items()}, [1e308, 1e-308] * (n_epochs // 2)"
    ),
    "q2_weights": WEIGHTS + "q2_weights = {k: a * 1e308 for k, a in q2_weights.items()}",
    "q2_curve": "q2_curve = [1e308, 1e300]",
}


@pytest.mark.parametrize("question_id", HUGE)
def test_numbers_near_the_largest_are_marked_without_a_warning(question_id):
    outcome = marked(question_id, HUGE[question_id])
    assert outcome.verdict in ("incorrect", "invalid", "partial"), outcome.feedback
    assert outcome.fraction <= Fraction(1, 2)


def test_every_question_is_tried_with_huge_numbers():
    assert HUGE.keys() == {question.id for question in exercise().questions}


def right_answer(question_id: str) -> str:
    """The exercise's own right answer to a question that asks for a function."""
    question = next(one for one in exercise().questions if one.id == question_id)
    return next(one.answer for one in question.examples if one.verdict == "correct")


FAILS_AGAIN = """
def _once(function):
    calls = []
    def called(*arguments, **options):
        calls.append(1)
        if len(calls) {when}:
            raise RuntimeError("once is enough")
        return function(*arguments, **options)
    return called

{name} = _once({name})
"""


@pytest.mark.parametrize("when", ["== 2", "== 3", "% 2 == 0"])
@pytest.mark.parametrize(
    ("question_id", "name"),
    [
        ("q1a_code", "elman"),
        ("q1b_code", "jordan"),
        ("q2_targets", "make_targets"),
        ("q2_data", "generate"),
        ("q2_train", "train"),
    ],
)
def test_function_that_fails_when_called_again_is_not_right(question_id, name, when):
    code = right_answer(question_id)
    assert marked(question_id, code).verdict == "correct"
    outcome = marked(question_id, code + FAILS_AGAIN.format(name=name, when=when))
    assert outcome.verdict in ("invalid", "partial", "incorrect")


LUCK = {
    "data whose outputs are loud noise": (
        "q2_data",
        "import numpy as np\n"
        "def generate(n_seqs, n_steps, rng):\n"
        "    return rng.random((n_seqs, n_steps, 3)), 100 * rng.standard_normal((n_seqs, n_steps, 2))",
        Fraction(1, 4),
    ),
    "data whose outputs are too large for any formula": (
        "q2_data",
        "import numpy as np\n"
        "def generate(n_seqs, n_steps, rng):\n"
        "    return 1e200 * rng.random((n_seqs, n_steps, 3)), np.ones((n_seqs, n_steps, 2))",
        Fraction(0),
    ),
    "wrong targets under a noise too small to see": (
        "q2_targets",
        "import numpy as np\n"
        "def make_targets(x):\n"
        "    y = np.zeros((*x.shape[:2], 2))\n"
        "    y[:, :, 0] = 5 * x[:, :, 0]\n"
        "    y[:, 3:, 1] = 12.5 * (x[:, 2:-1, 1] + x[:, :-3, 2]) - 6.25\n"
        "    return y + 1e-9 * np.random.rand(*y.shape)",
        Fraction(0),
    ),
    "losses of another number at each call": (
        "q2_train",
        "calls = []\n"
        "def train(x, y, params, n_epochs, lr):\n"
        "    calls.append(1)\n"
        "    return params, [80.0 - k for k in range(n_epochs + 2 * len(calls))]",
        Fraction(0),
    ),
    "outputs beyond a float": ("q1a", "q1a = dict(y=['1e400'] * 4)", Fraction(0)),
    "outputs far beyond a float": ("q1b", "q1b = dict(y=[-(10**350)] * 4)", Fraction(0)),
}


@pytest.mark.parametrize("what", LUCK)
def test_luck_and_overflow_earn_nothing_and_leave_nothing_open(what):
    question_id, answer, most = LUCK[what]
    outcome = marked(question_id, answer)
    assert outcome.verdict in ("incorrect", "invalid", "partial"), outcome.feedback
    assert outcome.fraction <= most


def test_noise_on_one_right_and_one_wrong_output_earns_at_most_half():
    code = right_answer("q2_targets") + (
        "\n_right = make_targets\n"
        "def make_targets(x):\n"
        "    import numpy as np\n"
        "    y = _right(x)\n"
        "    return y + 0.1 * np.random.standard_normal(y.shape) + [0, 1] * x[:, :, :2]\n"
    )
    outcome = marked("q2_targets", code)
    assert outcome.fraction == Fraction(1, 2)
    assert "adds-noise" in {one.code for one in outcome.feedback}


def test_outputs_that_never_change_are_no_seed_inside():
    code = right_answer("q2_data") + (
        "\n_right = generate\n"
        "def generate(n_seqs, n_steps, rng):\n"
        "    x, y = _right(n_seqs, n_steps, rng)\n"
        "    return x, 0 * y\n"
    )
    assert "seed-inside" not in {told.code for told in marked("q2_data", code).feedback}


@pytest.mark.parametrize(
    ("question_id", "name", "condition", "told"),
    [
        ("q2_data", "generate", "given[0] > 10", "called with n_seqs = 64 and n_steps = 100"),
        ("q2_targets", "make_targets", "given[0].shape[1] > 20", "called with x of shape ("),
        ("q2_train", "train", "len(given[0]) != 4", "called with 2 sequences of 8 steps, n_epochs = 3"),
    ],
)
def test_a_function_that_fails_at_some_sizes_is_told_which(question_id, name, condition, told):
    code = right_answer(question_id) + (
        f"\n_right = {name}\ndef {name}(*given):\n    assert not ({condition})\n    return _right(*given)\n"
    )
    outcome = marked(question_id, code)
    assert outcome.verdict == "invalid"
    assert told in outcome.feedback[0].message
