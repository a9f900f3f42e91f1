"""A check names a network; what its kind gets is the network's table."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from grader.errors import SpecError
from grader.model.kind import Asks, Kind, Params
from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.library import library_names, library_network
from grader.specs import Kinds, load_exercise


class Named(Params, frozen=True):
    network: NetworkTable
    others: tuple[NetworkTable, ...] = ()
    target: NetworkTable | None = None


def _unjudged(params, answer):
    raise AssertionError("loading never judges")


KIND = Kind(params=Named, asks=lambda params: Asks(fields=("h",)), judge=_unjudged, examples=())
KINDS = Kinds(("named",), lambda name: KIND)

LEAKY = """
[network.leaky]
inputs = { x = "n_in" }
parameters = { U = "n_h x n_in", W = "n_h x n_h", a = "number" }
equations = [
    "u(t) = tanh(U @ x(t) + W @ h(t-1))",
    "h(t) = (1 - a) * h(t-1) + a * u(t)",
]
start = { h = "h0" }
"""
OWN_MISTAKE = """
[[network.leaky.mistake]]
id = "a"
equations = ["u(t) = U @ x(t)"]
message = "say \\"a\\""
"""
EXERCISE = """
title = "t"
source = "s"
%s
[[question]]
id = "q"
label = "1"
points = 1
prompt = "p"
fields = { h = "h" }
check = { kind = "named", %s }
[[question.example]]
title = "right"
answer = "h = 1"
verdict = "correct"
[[question.example]]
title = "wrong"
answer = "h = 2"
verdict = "incorrect"
"""


def loaded(folder: Path, check: str, networks: str = LEAKY):
    path = folder / "e.toml"
    path.write_text(EXERCISE % (networks, check), encoding="utf-8")
    return load_exercise(path, KINDS, shown_as="e.toml")


def params_of(exercise) -> Named:
    return exercise.questions[0].params


def test_the_name_of_an_own_network_becomes_its_table(tmp_path: Path):
    network = params_of(loaded(tmp_path, 'network = "leaky"')).network
    assert network.start == {"h": "h0"}
    assert [equation.name for equation in network_of(network).equations] == ["u", "h"]
    assert network_of(network).start_arguments == ("h0",)


def test_a_network_of_the_library_is_the_librarys(tmp_path: Path):
    params = params_of(loaded(tmp_path, 'network = "library/gru", others = ["library/lstm"]', ""))
    assert params.network == library_network("library/gru").network
    assert params.others == (library_network("library/lstm").network,)


def test_a_table_may_stand_in_the_check_itself(tmp_path: Path):
    written = '{ inputs = { x = "2" }, equations = ["h(t) = tanh(x(t))"] }'
    assert params_of(loaded(tmp_path, f"network = {written}", "")).network.inputs == {"x": "2"}


def test_exercises_share_a_file_of_networks_and_are_whole_without_it(tmp_path: Path):
    (tmp_path / "networks.toml").write_text(LEAKY + OWN_MISTAKE, encoding="utf-8")
    exercise = loaded(tmp_path, 'network = "networks.toml#leaky"', "")
    assert exercise.digest == f"sha256:{hashlib.sha256(exercise.text).hexdigest()}"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "e.toml").write_bytes(exercise.text)
    again = load_exercise(elsewhere / "e.toml", KINDS)
    assert params_of(again) == params_of(exercise)
    assert params_of(again).network.mistake[0].message == 'say "a"'
    assert again.digest == exercise.digest


def test_a_change_in_the_shared_file_changes_the_exercise(tmp_path: Path):
    shared = tmp_path / "networks.toml"
    shared.write_text(LEAKY, encoding="utf-8")
    before = loaded(tmp_path, 'network = "networks.toml#leaky"', "").digest
    shared.write_text(LEAKY.replace("tanh", "relu"), encoding="utf-8")
    assert loaded(tmp_path, 'network = "networks.toml#leaky"', "").digest != before


def test_a_network_that_no_question_names_is_told(tmp_path: Path):
    assert loaded(tmp_path, 'network = "library/gru"').unused_networks == ("leaky",)
    assert loaded(tmp_path, 'network = "library/gru", target = "leaky"').unused_networks == ()


@pytest.mark.parametrize(
    ("check", "networks", "said"),
    [
        (
            'network = "leeky"',
            LEAKY,
            "e.toml: question 'q'.check.network: no network is called 'leeky' (did you mean 'leaky'?)",
        ),
        (
            'network = "gru"',
            "",
            "e.toml: question 'q'.check.network: no network is called 'gru' (did you mean 'library/gru'?)",
        ),
        (
            'network = "library/lstm", others = ["library/lstmm"]',
            "",
            "e.toml: question 'q'.check.others[0]: no network is called 'library/lstmm'"
            " (did you mean 'library/lstm'?)",
        ),
        (
            'network = "q"',
            "",
            "e.toml: question 'q'.check.network: no network is called 'q' (write a table [network.NAME], or"
            ' name one that comes along, such as "library/gru")',
        ),
        (
            "network = 3",
            "",
            "e.toml: question 'q'.check.network: found 3, wanted the name of a network, or its table",
        ),
        ('network = "none.toml#a"', "", "none.toml: cannot be read: No such file or directory"),
        (
            'network = "../e.toml#a"',
            "",
            "e.toml: question 'q'.check.network: ../e.toml is not beside the exercise file"
            " (name a file in the exercise's own folder)",
        ),
        (
            'network = "leaky"',
            LEAKY.replace("start", "begin"),
            "e.toml: network.leaky: unknown key 'begin' (the keys are inputs, parameters, equations, start,"
            " output, sizes, words and mistake)",
        ),
        (
            'network = "leaky"',
            LEAKY + OWN_MISTAKE + OWN_MISTAKE,
            "e.toml: network.leaky.mistake[1].id: the id 'a' is used twice",
        ),
        (
            'network = "leaky"',
            LEAKY + OWN_MISTAKE.replace('equations = ["u(t) = U @ x(t)"]', ""),
            "e.toml: network.leaky.mistake: mistake a: write the equations that it changes, or in mutant a"
            " general id",
        ),
        (
            'network = "leaky"',
            LEAKY + OWN_MISTAKE.replace('equations = ["u(t) = U @ x(t)"]', 'mutant = "u-sigmoyd"'),
            "e.toml: network.leaky.mistake[0].mutant: no general mistake has the id 'u-sigmoyd'"
            " (did you mean 'u-sigmoid'?)",
        ),
        (
            'network = "leaky"',
            LEAKY.replace('"number"', "1"),
            "e.toml: network.leaky.parameters.a: found 1, wanted text",
        ),
        (
            'network = "leaky"',
            LEAKY.replace('"h0"', "nan"),
            "e.toml: network.leaky.start.h: a start is a finite number, a name or an expression",
        ),
        (
            'network = "leaky"',
            LEAKY + OWN_MISTAKE.replace("u(t) =", "v(t) ="),
            "e.toml: network.leaky.mistake: mistake a: v has no equation that could be changed",
        ),
        (
            'network = "leaky"',
            LEAKY + OWN_MISTAKE.replace("U @ x", "U * x"),
            "e.toml: network.leaky.mistake[0]: U * x(t) multiplies a matrix with a vector entry by entry: for"
            " a matrix product write @\n    u(t) = U * x(t)\n           ^",
        ),
        (
            'network = "leaky"',
            LEAKY.replace("U @ x", "Uu @ x"),
            "e.toml: network.leaky.equations[0]: Uu is not declared; did you mean u?\n"
            "    u(t) = tanh(Uu @ x(t) + W @ h(t-1))\n"
            "                ^",
        ),
        (
            'network = "leaky"',
            LEAKY.replace("a =", "aa = 'number', a ="),
            "e.toml: network.leaky.parameters.aa: aa is declared, and no equation has it",
        ),
        (
            'network = "library/gru"',
            LEAKY.replace("leaky", "library/leaky").replace(
                "[network.library/leaky]", '[network."library/leaky"]'
            ),
            "e.toml: network.library/leaky: names with library/ are of the networks that come along",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(tmp_path: Path, check: str, networks: str, said: str):
    with pytest.raises(SpecError) as caught:
        loaded(tmp_path, check, networks)
    assert str(caught.value) == said


def test_every_network_that_comes_along_can_be_read():
    assert len(library_names()) >= 20
    for name in library_names():
        assert network_of(library_network(name).network).groups, name
