"""Wrong targets are told by what is wrong with them, never by the formula that they do follow."""

from __future__ import annotations

import functools
import runpy
from pathlib import Path

import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.model.submission import AnswerFile, Submission
from grader.specs import Kinds, find_exercise, load_exercise

TARGETS = runpy.run_path(str(Path(__file__).with_name("answers_to_kinds") / "targets.py"))["TARGETS"]

# What is done to right targets, and what has to be said of y1.
CASES = {
    "y[:, :3] = 0": "y1 follows its formula except at steps 2 and 3.",
    "y[:, -1] = 0": "y1 follows its formula except at step ",
    "y[:, 30:40, 0] = 0": "y1 follows its formula except at 10 steps, the first of them step 31.",
    "y = y.astype(np.float16).astype(float)": "y1 follows its formula, but not exactly: it is off by up to",
    "y = y.round(2)": "y1 follows its formula, but not exactly: it is off by up to 0.005.",
    "y = y if x.shape[1] > 9 else 0 * y": "y1 is right for 8 sequences of 100 steps",
    "y[:, 1:, 0] = 5 * x[:, 1:, 0] - 0.25 * x[:, :-1, 2]": "y1 = 5 x1(t) - 0.25 x3(t-1); that is not",
}


@functools.cache
def exercise():
    return load_exercise(find_exercise("ntu-cz4042-tutorial-8").path, Kinds(kind_names(), find_kind))


@pytest.mark.parametrize("change", CASES)
def test_wrong_targets_are_told_truly(change):
    source = TARGETS.replace("    return y", f"    {change}\n    return y")
    submission = Submission(student="s", files=(AnswerFile("answer.py", source.encode()),), digest="")
    outcome = mark(exercise(), submission, question_id="q2_targets").questions[0].outcome
    told = [one.message for one in outcome.feedback]
    assert any(CASES[change] in one for one in told), told
    assert sum("that is not" in one for one in told) == CASES[change].count("that is not")
