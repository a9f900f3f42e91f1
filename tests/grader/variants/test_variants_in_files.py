"""An exercise that draws is loaded as if one variant of it had been written."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path

import pytest

from grader.errors import SpecError
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise
from grader.specs import Kinds, load_exercise
from grader.variants.code import SAMPLE, code_of

KINDS = Kinds(kind_names(), find_kind)
QUESTION = """
[[question]]
id = "q"
label = "1"
points = 2
prompt = '''{prompt}'''
fields = {{ p = "a number" }}
[question.check]
kind = "numeric"
values = {{ p = {value} }}
"""


def written(tmp_path: Path, variants: str, prompt: str = "?", value: str = '"{a}"', more: str = "") -> Path:
    path = tmp_path / "e.toml"
    question = QUESTION.format(prompt=prompt, value=value)
    path.write_text(f"title = 'T'\nsource = 'S'\n{variants}\n{question}\n{more}", encoding="utf-8")
    return path


def loaded(path: Path, student: str | None = None) -> Exercise:
    code = None if student is None else code_of(student, "e", b"secret")
    return load_exercise(path, KINDS, shown_as="e.toml", variant=code)


def drawn(path: Path, students: int = 60):
    return [loaded(path, f"s{number}").values for number in range(students)]


def said(tmp_path: Path, variants: str, **texts: str) -> str:
    with pytest.raises(SpecError) as raised:
        loaded(written(tmp_path, variants, **texts))
    return str(raised.value)


def test_a_drawn_number_is_the_one_that_the_definition_gives(tmp_path):
    path = written(tmp_path, "[variants.draw]\na = {between = [-5, 5]}")
    for student in ("ada", "bob", "carl"):
        code = code_of(student, "e", b"secret")
        number = int(hashlib.sha256(f"{code}/a/0/0".encode()).hexdigest(), 16) % 11 - 5
        assert loaded(path, student).questions[0].params.values == {"p": number}


def test_without_a_code_it_is_the_sample(tmp_path):
    path = written(tmp_path, "[variants.draw]\na = {between = [1, 9]}")
    assert loaded(path).variant == ""
    assert loaded(path).values == load_exercise(path, KINDS, variant=SAMPLE).values


def test_text_and_digest_are_those_of_the_file_for_all_variants(tmp_path):
    path = written(tmp_path, "[variants.draw]\na = {between = [1, 99]}")
    exercises = [loaded(path), loaded(path, "ada"), loaded(path, "bob")]
    assert len({one.digest for one in exercises}) == 1
    assert {one.text for one in exercises} == {path.read_bytes()}


def test_an_exercise_that_draws_nothing_keeps_the_code_it_was_asked_for(tmp_path):
    path = written(tmp_path, "", prompt="$\\frac{a}{b}$", value="1")
    assert loaded(path).variant == ""
    assert loaded(path, "ada").variant == code_of("ada", "e", b"secret")
    assert loaded(path, "ada").questions == loaded(path).questions


def test_a_text_that_is_no_code_is_refused(tmp_path):
    path = written(tmp_path, "[variants.draw]\na = {between = [1, 9]}")
    with pytest.raises(SpecError, match="'ada' is no variant code"):
        load_exercise(path, KINDS, variant="ada")


@pytest.mark.parametrize(
    ("draw", "possible"),
    [
        ("{between = [-2, 2]}", [-2, -1, 0, 1, 2]),
        ("{between = [-2, 2], without = [0]}", [-2, -1, 1, 2]),
        ("{between = [0.5, 0.8], places = 1}", [0.5, 0.6, 0.7, 0.8]),
        ("{between = [0, 1], step = '1/3'}", [0, "1/3", "2/3", 1]),
        ("{between = [1, 2], step = 0.4}", [1, 1.4, 1.8]),
        ("{one_of = [3, 'x', [1, 2]]}", [3, "x", [1, 2]]),
        ("{one_of = [1, 2, 3], without = [2]}", [1, 3]),
    ],
)
def test_every_value_of_a_range_comes_and_no_other(tmp_path, draw, possible):
    path = written(tmp_path, f"[variants.draw]\na = {draw}", value="1")
    from grader.variants.values import native

    found = [native(values["a"]) for values in drawn(path)]
    assert all(one in possible for one in found)
    assert all(one in found for one in possible)


def test_a_matrix_has_the_sizes_that_were_drawn(tmp_path):
    path = written(
        tmp_path,
        "[variants.draw]\nn = {between = [1, 3]}\n"
        "W = {between = [-9, 9], shape = ['n', 2]}\nv = {one_of = [0, 1], shape = ['n']}",
        value="1",
    )
    for values in drawn(path, 20):
        assert len(values["W"]) == len(values["v"]) == values["n"]
        assert all(len(row) == 2 for row in values["W"])


def test_distinct_entries_are_distinct(tmp_path):
    path = written(
        tmp_path, "[variants.draw]\na = {between = [1, 4], shape = [4], distinct = true}", value="1"
    )
    assert {tuple(sorted(values["a"])) for values in drawn(path, 20)} == {(1, 2, 3, 4)}


def test_options_are_drawn_with_as_many_right_ones_as_wanted(tmp_path):
    options = ", ".join(f"{{id = 'o{n}', text = 'Says {n}', right = {str(n < 3).lower()}}}" for n in range(8))
    path = written(
        tmp_path, f"[variants.draw]\na = {{options = [{options}], take = 4, right = 1}}", value="1"
    )
    for values in drawn(path, 20):
        assert len(values["a"]["options"]) == 4
        assert len(values["a"]["right"]) == 1
        assert set(values["a"]["right"]) <= {"o0", "o1", "o2"} & set(values["a"]["options"])
    assert len({tuple(values["a"]["options"]) for values in drawn(path, 20)}) > 10


def test_what_is_required_holds_in_every_variant(tmp_path):
    path = written(
        tmp_path,
        "[variants]\nrequire = ['a + b == 7', 'a != c']\n"
        "[variants.draw]\na = {between = [1, 6]}\nb = {between = [1, 6]}\nc = {between = [1, 6]}",
        value="1",
    )
    for values in drawn(path):
        assert values["a"] + values["b"] == 7
        assert values["a"] != values["c"]


def test_names_that_no_requirement_ties_together_are_drawn_again_by_themselves(tmp_path):
    """Ten requirements that hold once in ten times each: together once in ten thousand million."""
    names = [f"n{number}" for number in range(10)]
    draws = "\n".join(f"{name} = {{between = [1, 10]}}" for name in names)
    require = ", ".join(f"'{name} == 7'" for name in names)
    path = written(tmp_path, f"[variants]\nrequire = [{require}]\n[variants.draw]\n{draws}", value="1")
    assert all(set(values.values()) == {7} for values in drawn(path, 3))


def test_another_name_changes_no_draw(tmp_path):
    before = drawn(written(tmp_path, "[variants.draw]\na = {between = [1, 99]}"), 9)
    after = drawn(written(tmp_path, "[variants.draw]\nb = {between = [1, 99]}\na = {between = [1, 99]}"), 9)
    assert [values["a"] for values in before] == [values["a"] for values in after]


def test_a_requirement_on_an_answer_holds_of_the_answer(tmp_path):
    path = written(
        tmp_path,
        """
[variants]
require = ['between(answer("q"), 5, 6)', 'answer("q.p") != 6']
[variants.draw]
a = {between = [1, 3]}
b = {between = [1, 3]}
[variants.compute]
c = "a + b"
""",
        value='"{c}"',
    )
    assert {loaded(path, f"s{number}").questions[0].params.values["p"] for number in range(9)} == {5}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("$x = {a}$", "$x = -3$"),
        ("$s_{t} = \\frac{1}{2}$ and {a}", "$s_{t} = \\frac{1}{2}$ and -3"),
        ("$x {a:+} y$ and $x {b:+} y$", "$x - 3 y$ and $x + \\frac{1}{3} y$"),
        ("$2 \\cdot {a:()}$, $2 \\cdot {c:()}$", "$2 \\cdot (-3)$, $2 \\cdot 0.5$"),
        ("{c:.2}", "0.50"),
        ("$w^{{c}}$", "$w^{0.5}$"),
        ("$\\frac{{{a}}}{ {b} }$", "$\\frac{{-3}}{ \\frac{1}{3} }$"),
        ("$W = {W}$", "$W = \\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}$"),
        ("$v = {v}$, {v:row}", None),
        ("$v = {v:row}$", "$v = \\begin{pmatrix} 5 & 6 \\end{pmatrix}$"),
        ("`W = {W}`, {b}", "`W = [[1, 2], [3, 4]]`, 1/3"),
        ("$W_{12} = {W[1, 2]}$", "$W_{12} = 2$"),
        ("the {case.word}, {case.list[2]}", "the gate, 8"),
        ("$\\{{a}\\}$, $0 \\le {a}$, $\\{a\\}$", "$\\{-3\\}$, $0 \\le -3$, $\\{a\\}$"),
        ("$\\frac{{{a}}}{2}$, $\\sqrt{{{a}}}$", "$\\frac{{-3}}{2}$, $\\sqrt{{-3}}$"),
        ("{{a}} {a}{a}", "{-3} -3-3"),
        ("{ a } {unknown} {}", "{ a } {unknown} {}"),
        ("$\\mathrm{a }$", "$\\mathrm{a }$"),
    ],
)
def test_values_stand_in_texts_as_they_are_read(tmp_path, text, shown):
    draws = """
[variants.draw]
a = {one_of = [-3]}
c = {one_of = [0.5]}
W = {one_of = [[[1, 2], [3, 4]]]}
v = {one_of = [[5, 6]]}
case = {one_of = [{word = "gate", list = [7, 8]}]}
[variants.compute]
b = "1/3"
"""
    path = written(tmp_path, draws, prompt=text, value="1")
    if shown is None:
        with pytest.raises(SpecError):
            loaded(path)
    else:
        assert loaded(path).questions[0].prompt == shown


def test_a_value_of_the_file_that_is_one_name_becomes_the_value(tmp_path):
    draws = "[variants.draw]\na = {one_of = [[[1, 0.5], [-2, 3]]]}"
    params = loaded(written(tmp_path, draws)).questions[0].params
    assert params.values == {"p": [[1, 0.5], [-2, 3]]}


def test_what_was_put_in_is_not_looked_at_again(tmp_path):
    draws = "[variants.draw]\na = {one_of = ['{b} and {{b}}']}\nb = {one_of = ['{a}']}"
    path = written(tmp_path, draws, prompt="{a} | {b}", value="1")
    assert loaded(path).questions[0].prompt == "{b} and {{b}} | {a}"


def test_examples_name_values_too(tmp_path):
    example = "[[question.example]]\ntitle = 'right'\nanswer = \"q = dict(p={a})\"\nverdict = 'correct'"
    path = written(tmp_path, "[variants.draw]\na = {between = [-9, -1]}", more=example)
    exercise = loaded(path, "ada")
    assert exercise.questions[0].examples[0].answer == f"q = dict(p={exercise.values['a']})"


def test_examples_in_files_name_values_too(tmp_path):
    path = written(tmp_path, "[variants.draw]\na = {between = [1, 99]}")
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "q-1-right.py").write_text("# title: {a}\n# verdict: correct\nq = {a}\n")
    code = code_of("ada", "e", b"secret")
    exercise = load_exercise(path, KINDS, with_examples=True, variant=code)
    value = exercise.values["a"]
    assert exercise.questions[0].examples[0].title == str(value)
    assert exercise.questions[0].examples[0].answer.endswith(f"q = {value}\n")


def test_a_negative_number_within_a_formula_of_a_check_keeps_its_sign_to_itself(tmp_path):
    path = tmp_path / "e.toml"
    path.write_text(
        """
title = "T"
source = "S"
[variants.draw]
a = {one_of = [-3]}
[[question]]
id = "q"
label = "1"
points = 1
prompt = "?"
fields = { g = "a formula" }
[question.check]
kind = "expression"
symbols = ["x"]
expressions = { g = "x - {a}*x^2" }
"""
    )
    assert loaded(path).questions[0].params.expressions == {"g": "x - (-3)*x^2"}


def test_every_file_that_some_variant_names_is_taken_along(tmp_path):
    (tmp_path / "n.toml").write_text(
        "\n".join(
            f'[network.{name}]\ninputs = {{ x = "number" }}\nequations = ["h(t) = {function}(x(t))"]'
            for name, function in (("one", "tanh"), ("two", "relu"))
        )
    )
    path = tmp_path / "e.toml"
    path.write_text(
        """
title = "T"
source = "S"
[variants.draw]
net = {one_of = ["n.toml#one", "n.toml#two"]}
[[question]]
id = "q"
label = "1"
points = 1
prompt = "?"
fields = { h = "the states" }
[question.check]
kind = "trace"
network = "{net}"
values = { x = [1, 2] }
"""
    )
    every = {one.values["net"]: one for one in (loaded(path, f"s{n}") for n in range(20))}
    one, two = every["n.toml#one"], every["n.toml#two"]
    assert one.digest == two.digest
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "e.toml").write_bytes(one.text)
    again = load_exercise(tmp_path / "elsewhere" / "e.toml", KINDS, variant=two.variant)
    assert again.questions[0].params == two.questions[0].params


def test_an_own_network_that_some_variant_names_is_not_unused(tmp_path):
    network = '[network.mine]\ninputs = { x = "number" }\nequations = ["h(t) = tanh(x(t))"]'
    path = written(
        tmp_path, f"{network}\n[variants.draw]\na = {{one_of = ['library/gru', 'mine']}}", value="1"
    )
    assert loaded(path).unused_networks == ()


# Twice as many entries, or characters, with every name.
DOUBLED = "b0 = '[a, a]'\n" + "\n".join(f"b{n} = '[b{n - 1}, b{n - 1}]'" for n in range(1, 60))
LONGER = "b0 = 'a + a'\n" + "\n".join(f"b{n} = 'b{n - 1} + b{n - 1}'" for n in range(1, 60))
BAD = [
    ("[variants]\ndraw = {}", "nothing is drawn"),
    ("[variants.draw]\na = {}", "variants.draw.a: found none, wanted one of between"),
    ("[variants.draw]\na = {between = [1, 2], one_of = [1]}", "found between and one_of"),
    ("[variants.draw]\na = {betwen = [1, 2]}", "did you mean 'between'?"),
    ("[variants.draw]\na = {between = [2, 1]}", "there is nothing to draw"),
    ("[variants.draw]\na = {between = [1, 2, 3]}", "variants.draw.a.between"),
    ("[variants.draw]\na = {between = ['x', 2]}", "found 'x', wanted a number"),
    ("[variants.draw]\na = {between = [nan, 2]}", "found nan, wanted a number"),
    ("[variants.draw]\na = {between = [1, inf]}", "found inf, wanted a number"),
    ("[variants.draw]\na = {between = [0, 1], step = 0}", "wanted a number above 0"),
    ("[variants.draw]\na = {between = [0, 1], step = 0.1, places = 1}", "does not go with places"),
    ("[variants.draw]\na = {between = [0, 1], places = 99}", "wanted 0 to 12"),
    ("[variants.draw]\na = {between = [1, 1], without = [1]}", "leaves nothing to draw"),
    ("[variants.draw]\na = {one_of = []}", "there is nothing to draw"),
    ("[variants.draw]\na = {one_of = [1], without = [1]}", "leaves nothing to draw"),
    ("[variants.draw]\na = {one_of = [2026-01-01]}", "cannot be drawn"),
    ("[variants.draw]\na = {one_of = [1], take = 1}", "take: does not go with one_of"),
    ("[variants.draw]\na = {some_of = [1], take = 2}", "wants 2 of 1"),
    ("[variants.draw]\na = {between = [0, 1], shape = [0]}", "no whole number from 1 on"),
    ("[variants.draw]\na = {between = [0, 1], shape = [2, 2, 2]}", "a vector has one, a matrix two"),
    ("[variants.draw]\na = {between = [0, 1], shape = [999, 999]}", "wanted 1 to 1000"),
    ("[variants.draw]\na = {between = [0, 1], shape = [3], distinct = true}", "there are 2 to draw from"),
    ("[variants.draw]\na = {between = [0, 1], shape = ['m']}", "'m' is not declared"),
    ("[variants.draw]\na = {between = [0, 1e60]}", "more than 2^128"),
    ("[variants.draw]\n1a = {between = [0, 1]}", "is no name"),
    ("[variants.draw]\nfor = {between = [0, 1]}", "is no name"),
    ("[variants.draw]\nmax = {between = [0, 1]}", "means something else here already"),
    ("[variants.draw]\nplaces = {between = [0, 1]}", "means something else here already"),
    ("[variants.draw]\na = {between = [0, 1]}\n[variants.compute]\na = '1'", "is drawn already"),
    ("[variants.draw]\na = {between = [0, 1]}\n[variants.compute]\nb = 'a +'", "is no formula"),
    ("[variants.draw]\na = {between = [0, 1]}\n[variants.compute]\nb = 'c'", "'c' is not declared"),
    (
        "[variants.draw]\na = {between = [0, 1]}\n[variants.compute]\nb = 'c + 1'\nc = 'b - 1'",
        "is made of itself",
    ),
    ("[variants.draw]\na = {between = [0, 1]}\n[variants.compute]\nb = 'b'", "is made of itself"),
    ("[variants.draw]\na = {between = [0, 1], shape = ['a']}", "is made of itself"),
    ("[variants.draw]\na = {one_of = [1]}\n[variants.compute]\nb = 'a / (a - 1)'", "divides by 0"),
    ("[variants.draw]\na = {one_of = [9]}\n[variants.compute]\nb = '((a^64)^64)^64'", "far too long"),
    ("[variants.draw]\na = {one_of = [9]}\n[variants.compute]\nb = 'a^a^a'", "an exponent is a whole number"),
    ("[variants.draw]\na = {one_of = [2]}\n[variants.compute]\nb = 'tanh(a)'", "round it"),
    (
        "[variants.draw]\na = {one_of = [2]}\n[variants.compute]\nb = '__import__(\"os\")'",
        "no function is called",
    ),
    ("[variants.draw]\na = {one_of = [2]}\n[variants.compute]\nb = 'a.__class__'", "is for tables"),
    (
        "[variants.draw]\na = {one_of = [2]}\n[variants.compute]\nb = '(lambda: a)()'",
        "cannot stand in a formula",
    ),
    ("[variants.draw]\na = {one_of = [2]}\n[variants.compute]\nb = '[a for x in a]'", "is not declared"),
    (
        "[variants]\nrequire = ['a > 2']\n[variants.draw]\na = {between = [0, 2]}",
        "of 50 draws held 'a > 2' in 0",
    ),
    ("[variants]\nrequire = ['a + 1']\n[variants.draw]\na = {between = [0, 2]}", "neither true nor false"),
    (
        "[variants]\nrequire = ['1 < 2']\n[variants.draw]\na = {between = [0, 2]}",
        "does not depend on anything",
    ),
    (
        "[variants]\nrequire = ['even(a)']\n[variants.draw]\na = {between = [0, 2]}",
        "no function is called 'even'",
    ),
    (
        "[variants]\nrequire = ['abs(a, a) > 1']\n[variants.draw]\na = {between = [0, 2]}",
        "abs is not called with",
    ),
    ("[variants]\nrequire = ['answer(\"r\") > a']\n[variants.draw]\na = {between = [0, 2]}", "is called 'r'"),
    (
        "[variants]\nrequire = ['answer(\"q.x\") > a']\n[variants.draw]\na = {between = [0, 2]}",
        "has no field 'x'",
    ),
]


@pytest.mark.parametrize(("variants", "wanted"), BAD, ids=[wanted for _, wanted in BAD])
def test_what_is_declared_wrongly_is_told_with_its_place(tmp_path, variants, wanted):
    text = said(tmp_path, variants, value="1")
    assert wanted in text
    assert text.startswith("e.toml: variants")


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("$\\frac{a}{b}$", "could be TeX's or the drawn value"),
        ("$x^{a}$", "write {{a}} for the value, {a } for TeX, or rename a"),
        ("$x_{a}$", "could be TeX's"),
        ("$\\frac {1} {a}$", "could be TeX's"),
        ("$\\sqrt[3]{a}$", "could be TeX's"),
        ("$\\mathbf{a}$", "could be TeX's"),
        ("$x_ {a}$", "could be TeX's"),
        ("$\\xrightarrow{a}$", "could be TeX's"),
        ("$\\begin{a}$", "could be TeX's"),
        ("$\\binom{n}{a}$", "could be TeX's"),
        ("$2{a}$", "side by side"),
        ("${a}0$", "side by side"),
        ("${a}{a}$", "side by side"),
        ("{a.x}", "a has no 'x'"),
        ("{a[1]}", "a has no entry 1"),
        ("{a:wide}", "there is no form 'wide'"),
    ],
)
def test_what_could_mean_two_things_in_a_text_is_refused_with_the_way_out(tmp_path, prompt, wanted):
    text = said(tmp_path, "[variants.draw]\na = {between = [2, 9]}", prompt=prompt)
    assert wanted in text
    assert text.startswith("e.toml: question 'q'.prompt")


@pytest.mark.parametrize("key", ["id", "label", "points"])
def test_what_a_mark_is_known_by_is_the_same_for_all(tmp_path, key):
    path = written(tmp_path, "[variants.draw]\na = {between = [1, 9]}")
    text = path.read_text()
    now = {"id": 'id = "q"', "label": 'label = "1"', "points": "points = 2"}[key]
    path.write_text(text.replace(now, f'{key} = "q{{a}}"'))
    with pytest.raises(SpecError, match="it is the same for all students"):
        loaded(path)


def test_an_error_in_one_variant_names_its_code(tmp_path):
    path = written(tmp_path, "[variants.draw]\na = {one_of = ['x']}")
    with pytest.raises(SpecError, match=f"variant {SAMPLE}"):
        loaded(path)


def test_values_are_kept_exactly(tmp_path):
    path = written(
        tmp_path, "[variants.draw]\na = {between = [0.1, 0.1], places = 1}\n[variants.compute]\nb = 'a*3'"
    )
    assert loaded(path).values == {"a": Fraction(1, 10), "b": Fraction(3, 10)}


def test_a_key_cannot_be_drawn(tmp_path):
    path = written(tmp_path, "[variants.draw]\na = {one_of = ['p']}", value="1")
    path.write_text(path.read_text().replace("values = { p = 1 }", 'values = { "{a}" = 1 }'))
    with pytest.raises(SpecError, match=r"names \{a\} in a key"):
        loaded(path)


def test_a_very_large_number_is_written_as_one_of_toml(tmp_path):
    path = written(tmp_path, "[variants.draw]\na = {one_of = [1e300]}")
    assert loaded(path).questions[0].params.values == {"p": 1e300}


def test_the_widest_range_is_drawn_from_evenly(tmp_path):
    path = written(tmp_path, "[variants.draw]\na = {between = [0, 1e38]}", value="1")
    numbers = [values["a"] / Fraction(10**38) for values in drawn(path)]
    assert min(numbers) < Fraction(1, 4) < Fraction(3, 4) < max(numbers)


LEAKY = """
[network.leaky]
inputs = { x = "number" }
parameters = { a = "number" }
equations = ["h(t) = a * h(t-1) + x(t)"]
sizes = { h = "number" }
"""


def test_a_network_is_run_in_requirements_and_computed_names(tmp_path):
    """h = 1, 1 + a, 1 + a + a^2 by hand; and the network without memory is apart from it by a + a^2."""
    path = written(
        tmp_path,
        """
[variants]
require = ['apart(0.5, run("leaky", "h", x, a), run("leaky", "h", x, 0))']
[variants.draw]
a = {between = [-0.9, 0.9], places = 1}
x = {one_of = [[1, 1, 1]]}
[variants.compute]
last = 'run("leaky", "h", x, a)[3]'
""",
        value='"{last}"',
        more=LEAKY,
    )
    for values in drawn(path, 20):
        a = values["a"]
        assert values["last"] == 1 + a + a**2
        assert max(abs(a), abs(a + a**2)) >= Fraction(1, 2)


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ('run("leaky", "h", x)', 'run is called run("leaky", "a variable", x, a)'),
        ('run("leaky", "g", x, a)', "with one of h"),
        ('run("leeky", "h", x, a)', "did you mean 'leaky'?"),
        ('run("leaky", "h", a, x)', "run."),
    ],
)
def test_a_run_that_cannot_be_made_is_told(tmp_path, call, wanted):
    variants = (
        f"[variants.draw]\na = {{one_of = [2]}}\nx = {{one_of = [[1, 2]]}}\n[variants.compute]\nb = '{call}'"
    )
    with pytest.raises(SpecError) as raised:
        loaded(written(tmp_path, variants, value="1", more=LEAKY))
    assert wanted in str(raised.value)


def numbers_of(code: str, name: str, attempt: int = 0):
    """The stream by its definition, without end."""
    counter = 0
    while True:
        yield int(hashlib.sha256(f"{code}/{name}/{attempt}/{counter}".encode()).hexdigest(), 16)
        counter += 1


def test_every_way_to_draw_takes_the_stream_as_defined(tmp_path):
    """Row by row; what is taken out leaves no gap; some of a list by taking from what is left."""
    path = written(
        tmp_path,
        """
[variants]
require = ["t > 6"]
[variants.draw]
W = {between = [-1, 1], places = 1, without = [0], shape = [2, 3]}
one = {one_of = ["x", "y", "z"]}
some = {some_of = ["p", "q", "r", "s"], take = 3}
t = {between = [0, 9]}
d = {between = [1, 5], shape = [4], distinct = true}
""",
        value="1",
    )
    for student in ("ada", "bob", "carl", "dora"):
        exercise = loaded(path, student)
        code = exercise.variant
        tenths = [Fraction(n, 10) for n in range(-10, 11) if n != 0]
        entries = [tenths[number % 20] for number, _ in zip(numbers_of(code, "W"), range(6), strict=False)]
        assert exercise.values["W"] == (tuple(entries[:3]), tuple(entries[3:]))
        assert exercise.values["one"] == "xyz"[next(numbers_of(code, "one")) % 3]
        left, some = list("pqrs"), numbers_of(code, "some")
        assert exercise.values["some"] == tuple(left.pop(next(some) % len(left)) for _ in range(3))
        tries = (next(numbers_of(code, "t", attempt)) % 10 for attempt in range(1000))
        assert exercise.values["t"] == next(one for one in tries if one > 6)
        distinct = dict.fromkeys(
            number % 5 + 1 for number, _ in zip(numbers_of(code, "d"), range(99), strict=False)
        )
        assert exercise.values["d"] == tuple(distinct)[:4]
