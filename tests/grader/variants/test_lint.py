"""What `author lint` tells of an exercise that draws; each fault is written into a sound file."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cli import main

SOUND = """
title = "T"
source = "S"
[variants]
require = ["a != c"]
[variants.draw]
a = {between = [-9, 9], without = [0]}
c = {between = [2, 9]}
net = {one_of = ["library/elman", "library/jordan"]}
word = {one_of = ["gate", "state"]}
[variants.compute]
twice = "2*a"
only_in_examples = "a + 1"
[[question]]
id = "q"
label = "1"
points = 1
prompt = '''Twice ${a}$ for the {word}, and $c = {c}$ and $\\frac{1}{2}$ of {it}?'''
fields = { p = "a number" }
[question.check]
kind = "numeric"
values = { p = "{twice}" }
[[question.example]]
title = "Right"
answer = "q = {twice}"
verdict = "correct"
[[question.example]]
title = "Wrong"
answer = "q = {twice} + {only_in_examples}/1000"
verdict = "incorrect"
[[question]]
id = "n"
label = "2"
points = 1
prompt = "How many?"
fields = { parameters = "a number" }
[question.check]
kind = "count"
network = "{net}"
[[question.example]]
title = "Wrong"
answer = "n = 0"
verdict = "incorrect"
[[question.example]]
title = "Right"
answer = "n = 'n_h*(n_in + {count}) + n_h + n_out*n_h + n_out'"
verdict = "correct"
"""
SOUND = SOUND.replace("{count}", "n_h").replace(', "library/jordan"', ', "library/elman"')


def linted(tmp_path: Path, capsys, *changes: tuple[str, str]) -> tuple[int, str]:
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "e.toml"
    path.write_text(text)
    status = main(["author", "lint", str(path)])
    streams = capsys.readouterr()
    return status, streams.out + streams.err


def test_a_sound_file_is_told_nothing(tmp_path, capsys):
    status, said = linted(
        tmp_path,
        capsys,
        ('one_of = ["library/elman", "library/elman"]', 'one_of = ["library/elman", "lib"]'),
        ('network = "{net}"', 'network = "library/elman"'),
        ('prompt = "How many?"', 'prompt = "How many? {net}"'),
    )
    assert said.startswith("4 examples are marked as")
    assert status == 0, said


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("[variants.compute]", 'odd = {between = [1, 9]}\n[variants.compute]', "variants.draw.odd: nothing names it"),  # noqa: E501
        ("[variants.compute]", '[variants.compute]\nodd = "a"', "variants.compute.odd: nothing names it"),
        ("for the {word}", "for the {wrod}", "question 'q'.prompt: {wrod} is not declared (did you mean {word}?)"),  # noqa: E501
        ('prompt = "How many?"', 'prompt = "{many}"', "question 'n'.prompt: {many} is not declared"),
        ('one_of = ["gate", "state"]', 'one_of = ["gate"]', "variants.draw.word: is the same in all of 20"),
        ("Twice ${a}$", "Twice $3 + {a}$", "'+ {a}' reads '+ -"),
        ("Twice ${a}$", "Twice $x - {a}$", "write {a:()}"),
        ("Twice ${a}$", "Twice $2 \\cdot {a}$", "'\\cdot {a}' reads"),
        ("Twice ${a}$", "Twice ${a}^2$", "'{a}^' is a power of a number that is negative in some variants"),
        ("Twice ${a}$", "Twice ${a}$ {word}: $\\foo$", "is not known"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_place(tmp_path, capsys, old, new, wanted):
    status, said = linted(tmp_path, capsys, (old, new))
    assert wanted in said
    assert status == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Twice ${a}$", "Twice $3 {a:+}$"),
        ("Twice ${a}$", "Twice $3 - {a:()}$"),
        ("Twice ${a}$", "Twice $3 - {c}$"),
        ("Twice ${a}$", "Twice ${a:()}^2$"),
        ("Twice ${a}$", "Twice $x_{word }$ ${a}$"),
    ],
)
def test_what_is_meant_so_is_told_nothing(tmp_path, capsys, old, new):
    _, said = linted(tmp_path, capsys, (old, new), ('network = "{net}"', 'network = "library/elman"'))
    assert "{a" not in said
    assert "not declared" not in said


def test_what_seldom_holds_is_told(tmp_path, capsys):
    """Once in 1000 draws, of 5000 that there may be: one student in e^5 would get none."""
    status, said = linted(
        tmp_path, capsys, ("between = [2, 9]", "between = [1, 1000]"), ('"a != c"', '"c == 77"')
    )
    assert "variants.require: c: " in said
    assert status == 2


def test_what_never_holds_is_an_error_that_tells_what_failed_most(tmp_path, capsys):
    status, said = linted(tmp_path, capsys, ('"a != c"', '"a != c", "c > 1", "c < 3 and c > 3"'))
    assert "e.toml: variants.require[2]: none of 5000 draws held all that is required" in said
    assert "of 50 draws held 'c < 3 and c > 3' in 0" in said
    assert status == 2


def test_a_variant_that_cannot_be_made_is_told_with_its_code(tmp_path, capsys):
    _, said = linted(
        tmp_path,
        capsys,
        ('["gate", "state"]', '["gate", "state", "sta$te"]'),
        ('one_of = ["library/elman", "library/elman"]', 'one_of = ["library/elman", "library/elfman"]'),
    )
    assert "did you mean 'library/elman'?" in said
    assert "(variant " in said


def test_what_cannot_be_computed_where_another_requirement_rules_it_out_is_no_fault(tmp_path, capsys):
    _, said = linted(
        tmp_path,
        capsys,
        ("between = [2, 9]", "between = [0, 9]"),
        ('"a != c"', '"c != 0", "a / c < 9"'),
        ('twice = "2*a"', 'twice = "2*a"\nshare = "gcd(a, c) + 1/c"'),
    )
    assert "divides by 0" not in said
