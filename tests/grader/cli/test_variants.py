"""Whose variant a command is about: what is typed, what the answer says, and never a guess."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.cli import main
from grader.variants.code import SAMPLE, code_of

Typed = Callable[..., tuple[int, str, str]]
SECRET = "the secret of a course, long"
ADA, BOB = (code_of(one, "e", SECRET.encode()) for one in ("ada", "bob"))
# The answer is the number that the prompt shows: it tells whose variant was taken.
DRAWN = """
title = "t"
source = "s"
[variants.draw]
n = { between = [1000, 999999] }
[[question]]
id = "q"
label = "1"
points = 1
prompt = "Write down the number [{n}]."
hints = ["It is {n}."]
fields = { a = "the number" }
check = { kind = "numeric", values = { a = "{n}" } }
"""


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    monkeypatch.chdir(tmp_path)
    Path("e.toml").write_text(DRAWN)

    def run(*words: str) -> tuple[int, str, str]:
        code = main(list(words))
        out = capsys.readouterr()
        return code, out.out, out.err

    return run


def number(typed: Typed, *words: str) -> str:
    """The number that a student reads."""
    code, out, _ = typed("show", "e.toml", *words)
    assert code == 0
    return out.partition("[")[2].partition("]")[0]


def answer(text: str, name: str = "answer.py") -> str:
    Path(name).write_text(text)
    return name


def test_each_code_shows_its_own_numbers_and_the_sample_says_that_it_is_practice(typed: Typed) -> None:
    shown = {code: number(typed, "--variant", code) for code in (ADA, BOB, SAMPLE)}
    assert len(set(shown.values())) == 3
    _code, out, err = typed("show", "e.toml")
    assert f"[{shown[SAMPLE]}]" in out
    assert "for practice" in err


def test_a_student_and_the_secret_are_the_code(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNNGRADE_COURSE_SECRET", SECRET)
    assert number(typed, "--student", "ada") == number(typed, "--variant", ADA)
    monkeypatch.delenv("RNNGRADE_COURSE_SECRET")
    _code, out, err = typed("show", "e.toml", "--student", "ada")
    assert f"[{number(typed, '--variant', ADA)}]" not in out
    assert "for practice only" in err


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("answer.py", 'EXERCISE = "e"\nvariant = "{code}"  # mine\nq = dict(a={n})\n'),
        ("answer.py", "variant: str = '{low}'\nq = dict(a={n})\n"),
        ("answer.json", '{{"variant": "{code}", "q": {{"a": {n}}}}}'),
        (
            "answer.ipynb",
            '{{"cells": [{{"cell_type": "code",'
            ' "source": ["variant = \\"{code}\\"\\n", "q = dict(a={n})"]}}],'
            ' "nbformat": 4, "nbformat_minor": 5, "metadata": {{}}}}',
        ),
    ],
)
def test_an_answer_is_marked_as_the_variant_that_it_says(typed: Typed, name: str, text: str) -> None:
    right = number(typed, "--variant", ADA)
    for code, wanted in ((ADA, 0), (BOB, 1)):
        path = answer(text.format(code=code, low=code.lower().replace("-", ""), n=right), name)
        found, out, _ = typed("submit", path, "--exercise", "e.toml", "--format", "json")
        assert found == wanted
        assert json.loads(out)["variant"] == code


def test_what_start_writes_is_marked_as_what_it_shows(typed: Typed) -> None:
    for words in (("--variant", ADA), ()):
        typed("start", "e.toml", *words, "-o", "mine.py", "--force")
        text = Path("mine.py").read_text()
        n = text.partition("[")[2].partition("]")[0]
        answer(text + f"\nq = dict(a={n})\n", "mine.py")
        assert typed("submit", "mine.py", "--exercise", "e.toml")[0] == 0
        assert typed("next", "mine.py", "--exercise", "e.toml")[0] == 0
        assert n in typed("hint", "mine.py", "q", "--exercise", "e.toml")[1]


def test_without_any_code_nothing_is_guessed(typed: Typed) -> None:
    path = answer("q = dict(a=1)\n")
    for command in ("submit", "next"):
        code, out, err = typed(command, path, "--exercise", "e.toml")
        assert code == 2
        assert "different for each student" in err
        assert "--variant sample" in err
    code, out, _ = typed("submit", path, "--exercise", "e.toml", "--variant", "sample")
    assert code == 1
    assert "This is for practice" in out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f'variant = "{ADA[:-1]}{"2" if ADA[-1] != "2" else "3"}"', "mistyped"),
        ('variant = "gru"', "no variant code"),
    ],
)
def test_a_code_that_is_none_is_told_and_not_taken(typed: Typed, text: str, told: str) -> None:
    code, _, err = typed("submit", answer(f"{text}\nq = dict(a=1)\n"), "--exercise", "e.toml")
    assert code == 2
    assert told in err


def test_two_codes_in_one_answer_are_not_chosen_between(typed: Typed) -> None:
    Path("both").mkdir()
    answer(f'variant = "{ADA}"\n', "both/a.py")
    answer(f'variant = "{BOB}"\n', "both/b.py")
    code, _, err = typed("submit", "both", "--exercise", "e.toml")
    assert code == 2
    assert ADA in err
    assert BOB in err


def test_an_answer_for_another_variant_than_the_students_is_told(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNNGRADE_COURSE_SECRET", SECRET)
    n = number(typed, "--student", "bob")
    path = answer(f'variant = "{BOB}"\nq = dict(a={n})\n')
    code, out, err = typed("submit", path, "--exercise", "e.toml", "--student", "ada")
    assert code == 2
    assert "not that of ada" in err
    assert SECRET not in out + err
    assert typed("submit", path, "--exercise", "e.toml", "--student", "bob")[0] == 0
    assert typed("submit", path, "--exercise", "e.toml", "--variant", ADA)[0] == 1


def test_a_local_or_unrelated_name_is_no_code(typed: Typed) -> None:
    Path("plain.toml").write_text(
        DRAWN.replace("[variants.draw]\nn = { between = [1000, 999999] }", "").replace("{n}", "5")
    )
    path = answer('variant = "gru"\ndef f():\n    variant = "lstm"\nq = dict(a=5)\n')
    code, out, err = typed("submit", path, "--exercise", "plain.toml")
    assert (code, err) == (0, "")
    assert "variant" not in out


def test_another_autograder_marks_an_answer_as_the_variant_that_it_says(typed: Typed) -> None:
    Path("in").mkdir()
    answer(f'variant = "{ADA}"\nq = dict(a={number(typed, "--variant", ADA)})\n', "in/answer.py")
    words = ("harness", "gradescope", "--exercise", "e.toml", "--submission", "in", "--results", "r.json")
    assert typed(*words, "--unsafe-ok")[0] == 0
    assert json.loads(Path("r.json").read_text())["score"] == 1


def test_another_autograder_marks_nobody_by_the_sample(typed: Typed) -> None:
    Path("in").mkdir()
    sample = number(typed, "--variant", "sample")
    answer(f'variant = "0000-0000-0000-0000"\nq = dict(a={sample})\n', "in/answer.py")
    words = ("harness", "gradescope", "--exercise", "e.toml", "--submission", "in", "--results", "r.json")
    code, _, err = typed(*words, "--unsafe-ok")
    assert code == 2
    assert "write the code that your course gave you into the answer" in " ".join(err.split())
    assert not Path("r.json").exists()
