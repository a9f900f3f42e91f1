from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grader.cli import main
from grader.cli._options import load_exercise
from grader.cli.show import wrapped
from grader.cli.start import answer_lines, template
from grader.specs import list_exercises
from grader.variants.code import SAMPLE

EXERCISES = [listing.id for listing in list_exercises()]


def test_list_names_every_exercise(capsys):
    assert main(["list"]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in EXERCISES)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_show_tells_every_question_and_no_key(exercise: str, capsys):
    assert main(["show", exercise]) == 0
    told = capsys.readouterr().out
    loaded = load_exercise(exercise, with_examples=True)
    for question in loaded.questions:
        assert f"{question.label}  {question.id}" in told
        assert all(name in told for name in question.fields)
        assert all(example.answer.strip() not in told for example in question.examples)
        assert all(hint not in told for hint in question.hints)


def test_show_of_one_question_leaves_out_the_others(capsys):
    main(["show", "mit-6390-recitation-8", "b_i"])
    told = capsys.readouterr().out
    assert "1(b)i" in told
    assert "1(c)i" not in told


def test_show_of_an_unknown_question_offers_the_nearest(capsys):
    assert main(["show", "mit-6390-recitation-8", "b_iii"]) == 2
    assert "did you mean 'b_ii'?" in capsys.readouterr().err


@pytest.mark.parametrize("exercise", EXERCISES)
def test_template_defines_nothing_but_the_exercise(exercise: str):
    text = template(load_exercise(exercise), exercise)
    names: dict[str, object] = {}
    exec(compile(text, "answer.py", "exec"), names)
    names.pop("__builtins__")
    # Of an exercise that is different for each student also whose it is: nobody's.
    assert names.pop("variant", SAMPLE) == SAMPLE
    assert names == {"EXERCISE": exercise}
    assert all(len(line) <= 100 or " " not in line[90:] for line in text.splitlines())


@pytest.mark.parametrize("exercise", EXERCISES)
def test_uncommented_answer_lines_are_python(exercise: str):
    for question in load_exercise(exercise).questions:
        ast.parse("\n".join(answer_lines(question)))


def test_start_never_overwrites_without_force(tmp_path: Path, capsys):
    path = tmp_path / "answer.py"
    assert main(["start", EXERCISES[0], "--output", str(path)]) == 0
    path.write_text("mine")
    assert main(["start", EXERCISES[0], "--output", str(path)]) == 2
    assert "--force" in capsys.readouterr().err
    assert path.read_text() == "mine"
    assert main(["start", EXERCISES[0], "--output", str(path), "--force"]) == 0
    assert path.read_text() != "mine"


def test_start_can_write_to_the_terminal(capsys):
    main(["start", EXERCISES[0], "--output", "-"])
    assert f'EXERCISE = "{EXERCISES[0]}"' in capsys.readouterr().out


def test_formula_is_kept_in_one_piece():
    lines = wrapped("one two $a + b + c$ three", width=12)
    assert lines == ["one two", "a + b + c", "three"]


def test_paragraphs_and_laid_out_lines_stay_apart():
    assert wrapped("one\ntwo\n\n  - a\n  - b", 40, "> ") == ["> one two", ">", ">   - a", ">   - b"]
