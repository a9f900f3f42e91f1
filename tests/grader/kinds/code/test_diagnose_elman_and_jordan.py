"""Step 6 for network functions: the mistake is named that gives what came back on every instance."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.grading.judging import LOST_POINTS
from grader.kinds.code import KIND
from grader.kinds.code import diagnose as code
from grader.kinds.code.diagnose import explaining, given_by_all, known_of
from grader.kinds.code.question import CodeParams, SimilarNetwork
from grader.model.evidence import facts
from grader.model.kind import Answer
from grader.model.outcome import Finding
from grader.model.run import CallReading, Fault
from grader.model.value import Array
from grader.networks.library import library_network
from grader.networks.mutants.combination import Combination

NETWORKS = ("elman", "jordan")
# CE/CZ4042 Tutorial 8, question 1.
SHEET: dict[str, Any] = {
    "x": [[1, 2, -1], [-1, 1, -2], [0, 3, 1], [2, -1, 0]],
    "U": [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]],
    "V": [[2.0], [-1.5]],
    "b": [0.2, 0.2],
    "c": [0.5],
}
W = {"elman": [[2.0, 1.3], [1.5, 0.0]], "jordan": [[2.0, 1.3]]}
SIZES = [
    {"T": 1, "n_in": 2, "n_h": 3, "n_out": 2},
    {"T": 3, "n_in": 2, "n_h": 2, "n_out": 2},
    {"T": 5, "n_in": 4, "n_h": 3, "n_out": 2},
    {"T": 7, "n_in": 3, "n_h": 5, "n_out": 4},
]
OTHER = {"elman": "jordan", "jordan": "elman"}
PARAMS = {
    network: CodeParams(
        function="net",
        network=library_network(f"library/{network}").network,
        others=(
            SimilarNetwork(name=OTHER[network], network=library_network(f"library/{OTHER[network]}").network),
        ),
        sizes=tuple(SIZES),
        values={"W": W[network], **SHEET},
    )
    for network in NETWORKS
}
# The settings that need what a function is not given, or sizes that seldom fit.
SPECIAL = {"jordan-for-elman", "elman-for-jordan", "biases-exchanged"}


def called(params: CodeParams, function: Callable[..., Any]) -> Answer:
    """What the sandbox would send back."""
    readings = []
    for call in KIND.probes(params):
        arrays = [np.frombuffer(a.data, dtype=a.dtype).reshape(a.shape) for a in call.args]  # type: ignore[union-attr]
        try:
            y = np.ascontiguousarray(function(*arrays), dtype="<f8")
            readings.append(CallReading(results=(Array("<f8", y.shape, y.tobytes()),) * call.times))
        except Exception as error:  # a student's function may raise anything
            readings.append(CallReading(fault=Fault(kind="exception", message=str(error))))
    return Answer(calls=tuple(readings))


def diagnosed(params: CodeParams, function: Callable[..., Any]) -> Finding:
    answer = called(params, function)
    judgement = KIND.judge(params, answer)
    has_lost = judgement.outcome.verdict in LOST_POINTS
    return code.diagnose(params, judgement.facts) if has_lost else Finding()


def named(finding: Finding) -> list[tuple[str, ...]]:
    return [tuple(ids) for ids in facts(finding.evidence).get("diagnosis", {}).get("explanations", [])]


def network_with(network: str, made: tuple[str, ...], student: Callable[..., Any]) -> Callable[..., Any]:
    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        arrays = {"x": x, "U": U, "W": W, "V": V, "b": b, "c": c}
        return student(network, made, {name: one.tolist() for name, one in arrays.items()})[1]

    return net


def listed(network: str, size: int) -> list[Combination]:
    """The combinations of mistakes that have a name of their own, which the plain loops can make."""
    names = {one.id for one in library_network(f"library/{network}").network.mistake}
    return [
        one
        for one in known_of(PARAMS[network], size, 2)
        if all(mistake.id in names for mistake in one.mistakes)
    ]


def cases() -> list[Any]:
    return [
        pytest.param(network, one.mistakes[0].id, id=f"{network} {one.id}")
        for network in NETWORKS
        for one in listed(network, 1)
        if one.id not in SPECIAL
    ]


@pytest.mark.parametrize(("network", "mistake"), cases())
def test_every_mistake_in_a_function_is_named_and_no_other(
    network: str, mistake: str, student: Callable[..., Any]
) -> None:
    assert named(diagnosed(PARAMS[network], network_with(network, (mistake,), student))) == [(mistake,)]


@pytest.mark.parametrize("network", NETWORKS)
def test_every_pair_in_a_function_is_named_or_hidden_behind_fewer(
    network: Any, student: Callable[..., Any]
) -> None:
    params = PARAMS[network]
    rng = np.random.default_rng(5)
    pairs = [
        made
        for one in listed(network, 2)
        if not SPECIAL & set(made := tuple(mistake.id for mistake in one.mistakes))
    ]
    for k in rng.choice(len(pairs), 60, replace=False):
        found = named(diagnosed(params, network_with(network, pairs[k], student)))
        assert found, pairs[k]
        assert pairs[k] in found or all(len(ids) == 1 for ids in found), (pairs[k], found)


@pytest.mark.parametrize("network", NETWORKS)
def test_variants_are_what_plain_loops_compute_with_many_outputs(
    network: Any, student: Callable[..., Any]
) -> None:
    params = PARAMS[network]
    probe = KIND.probes(params)[-2]
    arrays = [np.frombuffer(a.data).reshape(a.shape).tolist() for a in probe.args]  # type: ignore[union-attr]
    net = dict(zip(("x", "U", "W", "V", "b", "c"), arrays, strict=True))
    given = given_by_all(params, 1, len(KIND.probes(params)) - 2)
    known = {one.id for one in listed(network, 1)} - SPECIAL
    compared = 0
    for one, table in zip(given.combinations, given.arrays[0], strict=True):
        if one.id in known:
            compared += 1
            right = student(network, (one.id,), net)[1]
            np.testing.assert_allclose(table[:, 0], right, atol=1e-9, err_msg=one.id)
    assert compared == len(known)


@pytest.mark.parametrize("network", NETWORKS)
def test_right_function_is_not_diagnosed(network: str, student: Callable[..., Any]) -> None:
    assert diagnosed(PARAMS[network], network_with(network, (), student)) == Finding()


def test_function_that_fails_on_some_sizes_is_judged_by_the_rest(student: Callable[..., Any]) -> None:
    right = network_with("jordan", ("b-forgotten",), student)

    def net(*arrays: Any) -> Any:
        if len(arrays[-1]) > 1:
            raise ValueError("only one output")
        return right(*arrays)

    assert named(diagnosed(PARAMS["jordan"], net)) == [("b-forgotten",)]


def test_elman_in_place_of_jordan_runs_where_the_sizes_fit() -> None:
    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        h, ys = np.zeros(len(b)), []
        for x_t in x:
            h = np.tanh(x_t @ U + h @ W + b)
            ys.append(1 / (1 + np.exp(-(h @ V + c))))
        return ys

    assert ("elman-for-jordan",) in named(diagnosed(PARAMS["jordan"], net))


@pytest.mark.parametrize(
    "function",
    [
        lambda x, U, W, V, b, c: np.full((len(x), len(c)), 0.5),
        lambda x, U, W, V, b, c: np.full((len(x), len(c)), np.nan),
        lambda x, U, W, V, b, c: [[0.27], [0.73], [0.94], [0.11]],
        lambda x, U, W, V, b, c: np.cos(x @ U @ V + c),
    ],
)
def test_what_no_known_mistake_gives_is_not_explained(function: Callable[..., Any]) -> None:
    assert diagnosed(PARAMS["elman"], function) == Finding()


@pytest.mark.parametrize(
    ("slip_credit", "made", "fraction"),
    [
        (0, ("tanh-output",), 0),
        ("1/2", ("tanh-output",), "1/2"),
        ("1/2", ("tanh-output", "b-forgotten"), "1/4"),
    ],
)
def test_credit_is_the_questions_rule(
    slip_credit: Any, made: tuple[str, ...], fraction: Any, student: Callable[..., Any]
) -> None:
    params = msgspec.structs.replace(PARAMS["elman"], slip_credit=Fraction(slip_credit))
    assert diagnosed(params, network_with("elman", made, student)).fraction == Fraction(fraction)


def one_array_for_all_steps(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
    h, y, ys = np.zeros(len(b)), np.zeros(len(c)), []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W + b)
        y[:] = 1 / (1 + np.exp(-(h @ V + c)))
        ys.append(y)
    return np.array(ys)


def output_before_update(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
    h, ys = np.zeros(len(b)), []
    for x_t in x:
        ys.append(1 / (1 + np.exp(-(h @ V + c))))
        h = np.tanh(x_t @ U + h @ W + b)
    return np.array(ys)


def softmax_at_the_output(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
    h, ys = np.zeros(len(b)), []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W + b)
        z = np.exp(h @ V + c)
        ys.append(z / z.sum())
    return np.array(ys)


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (one_array_for_all_steps, "final-output-throughout"),
        (output_before_update, "output-before-update"),
        (softmax_at_the_output, "softmax-output"),
    ],
)
def test_a_mistake_written_in_numpy_is_named(function: Callable[..., Any], mistake: str) -> None:
    assert named(diagnosed(PARAMS["elman"], function)) == [(mistake,)]


@pytest.mark.parametrize("places", [1, 2, 3, 4, 5])
def test_rounding_inside_is_named_with_its_decimals(places: int, student: Callable[..., Any]) -> None:
    right = network_with("elman", (), student)
    found = diagnosed(PARAMS["elman"], lambda *given: np.round(right(*given), places))
    assert [one.id for one in found.diagnoses] == ["y-rounded"]
    assert f"rounded to {places} decimals inside the function" in found.diagnoses[0].message


def twice_called(params: CodeParams, function: Callable[..., Any]) -> Answer:
    """What the sandbox would send back, every call made by itself."""
    readings = []
    for call in KIND.probes(params):
        arrays = [np.frombuffer(a.data, dtype=a.dtype).reshape(a.shape) for a in call.args]  # type: ignore[union-attr]
        ys = [np.ascontiguousarray(function(*arrays), dtype="<f8") for _ in range(call.times)]
        readings.append(CallReading(results=tuple(Array("<f8", y.shape, y.tobytes()) for y in ys)))
    return Answer(calls=tuple(readings))


def going_on(network: str, kept: dict[Any, Any], once: Callable[[Any], Any]) -> Callable[..., Any]:
    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        key = (U.tobytes(), x.tobytes())
        back, ys = kept.get(key, np.zeros(len(W))), []
        for x_t in x:
            h = np.tanh(x_t @ U + back @ W + b)
            ys.append(1 / (1 + np.exp(-(h @ V + c))))
            back = h if network == "elman" else ys[-1]
        kept[key] = once(back)
        return np.array(ys)

    return net


@pytest.mark.parametrize("network", NETWORKS)
def test_state_kept_between_calls_is_named_where_the_second_call_proves_it(network: Any) -> None:
    params = PARAMS[network]
    for once, ids in ((lambda back: back, ["state-kept-between-calls"]), (lambda back: back / 2, [])):
        answer = twice_called(params, going_on(network, {}, once))
        judgement = KIND.judge(params, answer)
        assert "keeps-state" in [one.code for one in judgement.outcome.feedback]
        assert [one.id for one in code.diagnose(params, judgement.facts).diagnoses] == ids


@pytest.mark.parametrize("network", NETWORKS)
def test_weights_in_the_other_layout_are_named_where_sizes_are_equal(network: Any) -> None:
    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        back, ys = np.zeros(len(b if network == "elman" else c)), []
        for x_t in x:
            h = np.tanh(U @ x_t + W @ back + b)
            ys.append(1 / (1 + np.exp(-(V @ h + c))))
            back = h if network == "elman" else ys[-1]
        return np.array(ys)

    found = diagnosed(PARAMS[network], net)
    assert [one.id for one in found.diagnoses] == ["weights-in-other-layout"]
    shifted = diagnosed(PARAMS[network], lambda *given: net(*given) / (2 if len(given[0]) == 3 else 1))
    assert [one.id for one in shifted.diagnoses] == []


@pytest.mark.parametrize("network", NETWORKS)
def test_an_explanation_gives_the_results_on_all_instances(network: str) -> None:
    """One mistake on the largest instance and another on the rest is neither."""
    params = PARAMS[network]
    tables = [
        dict(zip((one.id for one in given.combinations), given.arrays[0], strict=True))
        for given in (given_by_all(params, 1, trial) for trial in range(len(SIZES)))
    ]
    for first, other in [("b-forgotten", "c-forgotten"), ("tanh-output", "linear-hidden")]:
        mixed = [table[first if k == len(tables) - 1 else other] for k, table in enumerate(tables)]
        wanted = [
            one
            for one in tables[0]
            if all(
                one in table and np.allclose(table[one], y, atol=params.atol)
                for table, y in zip(tables, mixed, strict=True)
            )
        ]
        results = tuple((trial, (y,)) for trial, y in enumerate(mixed))
        assert [one.id for one in explaining(params, 1, results)] == wanted
        assert not {first, other} & set(wanted)
