from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

import mpmath
import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import Unreadable
from grader.kinds.trace import KIND
from grader.kinds.trace.question import TraceParams, by_rounded_intermediate_values
from grader.model.kind import Answer, KindExample
from grader.model.outcome import Outcome
from grader.networks.library import library_network

# CE/CZ4042 Tutorial 8, question 1; results to 2 places as printed there.
SHEET: dict[str, Any] = {
    "x": [[1, 2, -1], [-1, 1, -2], [0, 3, 1], [2, -1, 0]],
    "U": [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]],
    "V": [[2.0], [-1.5]],
    "b": [0.2, 0.2],
    "c": [0.5],
}
TABLES: dict[str, dict[str, Any]] = {
    cell: {"network": library_network(f"library/{cell}").network, "values": {"W": W, **SHEET}}
    for cell, W in (("elman", [[2.0, 1.3], [1.5, 0.0]]), ("jordan", [[2.0, 1.3]]))
}
ELMAN, JORDAN = (msgspec.convert(TABLES[cell], TraceParams) for cell in ("elman", "jordan"))
PRINTED = {"elman": ["0.27", "0.73", "0.94", "0.11"], "jordan": ["0.27", "0.71", "0.96", "0.16"]}
PRINTED_H = {
    "elman": [[0.0, 0.99], [0.99, 1.0], [1.0, -0.21], [-0.54, 0.98]],
    "jordan": [[0.0, 0.99], [0.95, 1.0], [1.0, -0.52], [-0.36, 0.98]],
}
# Results of known mistakes on the sheet, to 4 places, and the steps at which 2 places show them
# (table of variants, computed independently).
VARIANTS = [
    ("elman", "W not transposed", [0.2707, 0.7270, 0.9259, 0.1672], [3, 4]),
    ("elman", "forgot b", [0.2008, 0.7220, 0.9573, 0.0709], [1, 2, 3, 4]),
    ("elman", "forgot c", [0.1838, 0.6193, 0.9097, 0.0715], [1, 2, 3, 4]),
    ("elman", "sigmoid hidden", [0.5195, 0.7251, 0.8613, 0.5746], [1, 3, 4]),
    ("elman", "tanh output", [-0.7578, 0.7559, 0.9928, -0.9683], [1, 2, 3, 4]),
    ("elman", "linear output", [-0.9909, 0.9865, 2.8100, -2.0640], [1, 2, 3, 4]),
    ("elman", "h(0) is one", [0.7305, 0.7310, 0.9425, 0.1146], [1]),
    ("elman", "no recurrence", [0.2707, 0.6737, 0.9775, 0.0653], [2, 3, 4]),
    ("elman", "Jordan instead", [0.2707, 0.7115, 0.9635, 0.1563], [2, 3, 4]),
    ("elman", "rounds h to 2 places", [0.2719, 0.7271, 0.9435, 0.1120], []),
    ("elman", "truncates h", [0.2719, 0.7301, 0.9416, 0.1120], []),
    ("elman", "W sign flipped", [0.2707, 0.2017, 0.9560, 0.1379], [2, 3, 4]),
    ("jordan", "forgot b", [0.2008, 0.6926, 0.9703, 0.1218], [1, 2, 3, 4]),
    # From y(1) on the rest follows.
    ("jordan", "y(0) is one", [0.7168, 0.7278, 0.9627, 0.1559], [1]),
    ("jordan", "no recurrence", [0.2707, 0.6737, 0.9775, 0.0653], [2, 3, 4]),
    # At t = 4 the sum and its sigmoid make no difference to 2 places.
    ("jordan", "feeds preactivation", [0.2707, 0.1029, 0.5075, 0.0644], [2, 3]),
    ("jordan", "Elman with part (a)'s W", [0.2707, 0.7284, 0.9432, 0.1126], [2, 3, 4]),
    ("jordan", "W sign flipped", [0.2707, 0.5704, 0.9626, 0.2186], [2, 4]),
    ("jordan", "rounds h and y", [0.27, 0.71, 0.96, 0.16], []),
    ("jordan", "truncates h", [0.2719, 0.7140, 0.9625, 0.1584], []),
    ("jordan", "rounds y in the feedback", [0.27, 0.71, 0.96, 0.15], []),
]


def judge(params: TraceParams, plain: Any, **fields: Any) -> Outcome:
    return KIND.judge(params, Answer(fields={name: plain(value) for name, value in fields.items()})).outcome


def codes(outcome: Outcome) -> list[str]:
    return [feedback.code for feedback in outcome.feedback]


def by_hand(params: TraceParams) -> list[list[Any]]:
    """Outputs in 40-digit arithmetic, sum by sum."""
    x, U, W, V, b, c = (params.values[name] for name in "xUWVbc")
    is_elman = "h(t-1)" in params.network.equations[0]
    with mpmath.workdps(40):
        back, ys = [mpmath.mpf(0)] * len(W), []
        for x_t in x:
            h = [
                mpmath.tanh(
                    b[j]
                    + sum(mpmath.mpf(x_t[i]) * U[i][j] for i in range(len(x_t)))
                    + sum(back[i] * W[i][j] for i in range(len(back)))
                )
                for j in range(len(b))
            ]
            y = [
                1 / (1 + mpmath.exp(-c[k] - sum(h[j] * V[j][k] for j in range(len(h)))))
                for k in range(len(c))
            ]
            back = h if is_elman else y
            ys.append(y)
        return ys


@st.composite
def networks(draw: Any) -> TraceParams:
    tenths = st.integers(-20, 20).map(lambda n: n / 10)
    cell = draw(st.sampled_from(["elman", "jordan"]))
    T, n_in, n_h, n_out = (draw(st.integers(1, 4)) for _ in range(4))

    def matrix(rows: int, columns: int) -> Any:
        return draw(st.tuples(*[st.tuples(*[tenths] * columns)] * rows))

    values = {
        "x": matrix(T, n_in),
        "U": matrix(n_in, n_h),
        "W": matrix(n_h if cell == "elman" else n_out, n_h),
        "V": matrix(n_h, n_out),
        "b": matrix(1, n_h)[0],
        "c": matrix(1, n_out)[0],
    }
    return TraceParams(network=TABLES[cell]["network"], places=draw(st.integers(1, 4)), values=values)


@pytest.mark.parametrize("example", KIND.examples, ids=lambda example: example.title)
def test_example_comes_out_as_it_says(example: KindExample, holds: Any) -> None:
    holds(KIND, example)


@pytest.mark.parametrize("cell", ["elman", "jordan"])
def test_printed_values_are_right(cell: str, plain: Any) -> None:
    params = msgspec.convert(TABLES[cell], TraceParams)
    outcome = judge(params, plain, y=PRINTED[cell], h=PRINTED_H[cell])
    assert outcome.fraction == 1
    assert codes(outcome) == ["working-right"]


@settings(deadline=None)
@given(params=networks(), more=st.integers(0, 3), data=st.data())
def test_right_roundings_are_right_in_every_form(
    params: TraceParams, more: int, data: Any, plain: Any
) -> None:
    digits = params.places + more
    rounded = [[f"{float(y):.{digits}f}" for y in row] for row in by_hand(params)]
    forms: list[Any] = [rounded, np.array(rounded, dtype=float)]
    if len(params.values["c"]) == 1:
        flat = [row[0] for row in rounded]
        forms += [flat, [flat], np.array(flat, dtype=float)]
    assert judge(params, plain, y=data.draw(st.sampled_from(forms))).fraction == 1


@settings(deadline=None)
@given(params=networks(), data=st.data())
def test_a_step_that_is_two_units_off_is_wrong_and_named(params: TraceParams, data: Any, plain: Any) -> None:
    ys = [[float(y) for y in row] for row in by_hand(params)]
    t = data.draw(st.integers(0, len(ys) - 1))
    # 40 units of the last place: beyond what rounded working can explain.
    shift = 40 * 10**-params.places * data.draw(st.sampled_from([1, -1]))
    ys[t] = [y + shift for y in ys[t]]
    outcome = judge(params, plain, y=ys)
    assert outcome.fraction == Fraction(len(ys) - 1, len(ys))
    others = ("rounded-working", "not-followed", "does-not-follow")
    named = [feedback.message for feedback in outcome.feedback if feedback.code not in others]
    assert all(f"y({t + 1})" in message for message in named)
    assert named


@pytest.mark.parametrize(("cell", "mistake", "y", "wrong_steps"), VARIANTS, ids=lambda v: str(v)[:24])
def test_known_mistake_costs_the_steps_where_it_shows(
    cell: str, mistake: str, y: list[float], wrong_steps: list[int], plain: Any
) -> None:
    outcome = judge(msgspec.convert(TABLES[cell], TraceParams), plain, y=y)
    got = [step["t"] for step in outcome.facts["steps"] if step["credit"] != "1"]
    assert got == wrong_steps


@pytest.mark.parametrize(("y", "code"), [([0.27, 0.71, 0.96, 0.15], "rounded-working")])
def test_honest_hand_rounding_is_full_marks_and_said_so(y: list[float], code: str, plain: Any) -> None:
    outcome = judge(JORDAN, plain, y=y)
    assert outcome.fraction == 1
    assert codes(outcome) == [code]


def test_rounded_paths_are_those_that_were_computed_elsewhere() -> None:
    # y(4) is 0.154692 with y rounded in the feedback, 0.156263 without; y(2) with h rounded is 0.7271.
    assert {0.15, 0.1563} <= set(by_rounded_intermediate_values(JORDAN)["y"][3, :, 0].round(4).tolist())
    assert 0.7271 in by_rounded_intermediate_values(ELMAN)["y"][1, :, 0].round(4)


def test_half_credit_for_a_step_cut_off(plain: Any) -> None:
    outcome = judge(ELMAN, plain, y=[0.27, 0.72, 0.94, 0.11])
    assert outcome.fraction == Fraction(7, 8)
    assert codes(outcome) == ["truncated"]


# y(1) is 0.2707 and y(4) 0.1147: each number is a unit off one of them, and right nowhere.
@pytest.mark.parametrize("number", [0.28, 0.12])
def test_one_number_throughout_that_is_right_nowhere_earns_nothing(number: float, plain: Any) -> None:
    assert judge(ELMAN, plain, y=[number, 0.5, 0.5, number]).fraction == Fraction(1, 8)
    assert judge(ELMAN, plain, y=[number] * 4).fraction == 0


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([0, 0.27, 0.73, 0.94, 0.11], "5 values; 4 wanted: y(1) to y(4) (the sequence starts at y(1)"),
        ([0.27, 0.73, 0.94], "3 values; 4 wanted: y(1) to y(4)"),
        (0.27, "1 value; 4 wanted"),
        ([0, 27, 0, 73, 0, 94, 0, 11], "write decimals with a point"),
        ([[0.27, 0.73], [0.94, 0.11]], "2 x 2 where 4 x 1 numbers were wanted"),
        ([0.27, 0.73, None, 0.11], "y(3): None where a number was wanted"),
        ([0.27, 0.73, float("nan"), 0.11], "y(3): nan"),
        ([0.27, 0.73, 0.94, 0.1j], "complex"),
        ([0.27, 0.73, 0.94, True], "y(4): True"),
        (["a", "b", "c", "d"], "the text 'a'"),
        ({"1": 0.27}, "1 value; 4 wanted"),
        ({"1": 0.27, "3": 0.73}, "the keys must be 1, 2, 3"),
        ({"a": 0.27}, "a dict"),
    ],
)
def test_what_is_no_such_sequence_is_invalid(y: Any, message: str, plain: Any) -> None:
    with pytest.raises(Unreadable) as caught:
        judge(ELMAN, plain, y=y)
    assert message in str(caught.value)


def test_working_without_outputs_is_invalid(plain: Any) -> None:
    with pytest.raises(Unreadable, match="not given"):
        judge(ELMAN, plain, h=PRINTED_H["elman"])


def test_decimal_commas_are_decimals_and_an_ambiguous_one_costs_its_step_only(plain: Any) -> None:
    assert judge(ELMAN, plain, y=["0.27", "0,73", "0.94", ",11"]).fraction == 1
    outcome = judge(ELMAN, plain, y=["0.27", "0,73", "0.94", "1,113"])
    assert outcome.fraction == Fraction(3, 4)
    assert codes(outcome) == ["comma-decimal"]


def test_transposed_working_is_read(plain: Any) -> None:
    h = np.array(PRINTED_H["elman"]).T
    assert codes(judge(ELMAN, plain, y=PRINTED["elman"], h=h)) == ["working-right"]


@pytest.mark.parametrize("shape", [(4, 2, 1), (4, 1, 2), (1, 4, 2)])
def test_working_as_a_stack_of_columns_or_rows_is_read(shape: tuple[int, ...], plain: Any) -> None:
    h = np.array(PRINTED_H["elman"]).reshape(shape)
    assert codes(judge(ELMAN, plain, y=PRINTED["elman"], h=h)) == ["working-right"]


def test_a_slip_in_an_output_that_is_fed_back_is_named_and_not_what_follows(plain: Any) -> None:
    # From y(2) = 0.60: h(3) = tanh(1.9 + 1.2), tanh(-1.5 + 0.78), and so on.
    h = [[0.0, 0.99], [0.95, 1.0], [1.0, -0.62], [-0.35, 0.98]]
    outcome = judge(JORDAN, plain, y=["0.27", "0.60", "0.97", "0.16"], h=h)
    (told,) = [one.message for one in outcome.feedback if one.code == "working-step"]
    assert told.startswith("In your intermediate values the slip is in y(2); h(3) follows rightly from it.")


def test_values_near_the_largest_float_are_marked_like_any_wrong_ones(plain: Any) -> None:
    for params, cell in ((ELMAN, "elman"), (JORDAN, "jordan")):
        outcome = judge(params, plain, y=[*PRINTED[cell][:3], 1e308], h=[[1e308, -1e308]] * 4)
        assert outcome.fraction <= Fraction(3, 4)


def test_first_wrong_step_of_the_working_is_named_and_costs_nothing(plain: Any) -> None:
    h = [[0, 0.99], [0.99, 1], [0.5, 0.5], [0.5, 0.5]]
    outcome = judge(ELMAN, plain, y=PRINTED["elman"], h=h)
    assert outcome.fraction == 1
    assert outcome.facts["first_wrong_working_step"] == 3
    assert "h(3)" in outcome.feedback[-1].message


def test_right_working_with_wrong_output_points_to_the_output(plain: Any) -> None:
    outcome = judge(ELMAN, plain, y=[0.5, 0.5, 0.5, 0.5], h=PRINTED_H["elman"])
    assert "how y follows from h" in outcome.feedback[-1].message


def test_unreadable_working_does_not_cost_the_outputs(plain: Any) -> None:
    outcome = judge(ELMAN, plain, y=PRINTED["elman"], h="see paper")
    assert outcome.fraction == 1
    assert codes(outcome) == ["working-unreadable"]


@pytest.mark.parametrize(("cell", "mistake", "y", "wrong_steps"), VARIANTS, ids=lambda v: str(v)[:24])
def test_feedback_shows_no_number_of_the_key(
    cell: str, mistake: str, y: list[float], wrong_steps: list[int], plain: Any
) -> None:
    outcome = judge(msgspec.convert(TABLES[cell], TraceParams), plain, y=y, h=[[0, 0]] * 4)
    drawn = outcome.facts.get("unrolled", {"values": {}, "links": []})
    facts = {name: value for name, value in outcome.facts.items() if name != "unrolled"}
    told = " ".join(feedback.message for feedback in outcome.feedback) + str(facts)
    assert not re.search(r"\d\.\d|\.\d", told)
    # What is drawn has the numbers of the question and of the answer.
    known = set(map(float, re.findall(r"-?\d+\.?\d*", f"{TABLES[cell]['values']} {y} 0")))
    on_edges = [one["numbers"] for one in drawn["links"]]
    assert set(map(float, re.findall(r"-?\d+\.?\d*", f"{drawn['values']} {on_edges}"))) <= known


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"W": [[2.0, 1.3]]}, "values.W: n_h"),
        ({"x": [[1, 2]]}, "values.U: n_in = 2, but an axis of U has 3 entries"),
        ({"b": [0.1]}, "values.b: n_h = 2, but an axis of b has 1 entries"),
        ({"b": [[0.1, 0.2]]}, "values.b: found 1 x 2 numbers, wanted a vector of n_h"),
        ({"U": [[1.0], [1.0, 2.0]]}, "values.U: its rows are not all of one length"),
        ({"U": [1.0, 2.0]}, "values.U: found 2 numbers, wanted n_in x n_h"),
        ({"V": []}, "values.V: found 0 numbers, wanted n_h x n_out"),
        ({"x": []}, "values.x: found 0 x 1 numbers, wanted a vector of n_in at every step"),
        ({"c": [float("nan")]}, "values.c: a number that is not finite"),
        ({"V": [[1e308], [1e308]], "c": [float("inf")]}, "values.c: a number that is not finite"),
        ({"w": 2}, "values.w: the network has no input or parameter of that name; did you mean W?"),
        ({"h0": [0, 0]}, "values.h0: the network has no input or parameter of that name"),
        ({"U": None}, "values: U is missing"),
        ({"U": None, "c": None}, "values: U and c are missing"),
    ],
)
def test_impossible_values_are_refused(change: dict[str, Any], message: str) -> None:
    changed = {**TABLES["elman"]["values"], **change}
    values = {name: value for name, value in changed.items() if value is not None}
    with pytest.raises(ValueError, match=re.escape(message)):
        msgspec.convert({**TABLES["elman"], "values": values}, TraceParams)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"places": -1}, "places is -1"),
        ({"places": 9}, "places is 9; wanted 0 to 8"),
        ({"slip_credit": Fraction(1)}, "slip_credit is 1"),
        ({"asked": ["z"]}, "asked: z has no equation; the variables are h and y"),
        ({"asked": ["y", "y"]}, "asked: a variable is named twice"),
        (
            {"others": [{"network": TABLES["jordan"]["network"]}]},
            "others[0].values.V: n_out = 2, but an axis of V has 1 entries",
        ),
    ],
)
def test_impossible_parameters_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        msgspec.convert({**TABLES["elman"], **change}, TraceParams)


@pytest.mark.parametrize(
    ("y", "hint"),
    [
        ([0, 0.27, 0.73, 0.94, 0.11], "leave y(0) out"),
        ([0.27, 0.73, 0.94, 0.11, 0.5], None),
        ([0, 27, 0, 73, 0, 94, 0, 11], "write decimals with a point"),
        ([0.0, 0.99, 0.99, 1.0, 1.0, -0.21, -0.54, 0.98], None),
    ],
)
def test_a_reason_for_too_many_values_is_told_only_where_the_values_show_it(
    y: list[float], hint: str | None, plain: Any
) -> None:
    with pytest.raises(Unreadable) as caught:
        KIND.judge(ELMAN, Answer(fields={"y": plain(y)}))
    assert (caught.value.hint is None) == (hint is None)
    assert hint is None or hint in str(caught.value)


# An LSTM of one unit in plain loops, each variable kept to places of its own.
UNIT: dict[str, Any] = {
    "x": [[1.0, -0.5], [0.5, 1.5], [-1.0, 0.5]],
    "Wi": [[0.7, -1.2]], "Ui": [[0.9]], "bi": [0.2],
    "Wf": [[-0.4, 1.1]], "Uf": [[-1.3]], "bf": [0.5],
    "Wo": [[1.4, 0.3]], "Uo": [[0.6]], "bo": [-0.1],
    "Wg": [[1.2, -0.8]], "Ug": [[-0.7]], "bg": [0.1],
}  # fmt: skip
LSTM = msgspec.convert(
    {"network": library_network("library/lstm").network, "values": UNIT, "asked": ["h"]}, TraceParams
)


def lstm_by_hand(
    places: dict[str, int], slip: tuple[str, int, float] | None = None
) -> dict[str, list[float]]:
    """What is written down: each variable kept to its places, one value replaced."""
    out: dict[str, list[float]] = {name: [] for name in "ifogch"}

    def keep(name: str, value: float, t: int) -> float:
        value = slip[2] if slip and slip[:2] == (name, t) else round(value, places[name])
        out[name].append(value)
        return value

    h = c = 0.0
    for t, x in enumerate(UNIT["x"], start=1):
        u = {
            gate: UNIT[f"W{gate}"][0][0] * x[0]
            + UNIT[f"W{gate}"][0][1] * x[1]
            + UNIT[f"U{gate}"][0][0] * h
            + UNIT[f"b{gate}"][0]
            for gate in "ifog"
        }
        i, f, o = (keep(gate, 1 / (1 + math.exp(-u[gate])), t) for gate in "ifo")
        g = keep("g", math.tanh(u["g"]), t)
        c = keep("c", f * c + i * g, t)
        h = keep("h", o * math.tanh(c), t)
    return out


def two_places(worked: dict[str, list[float]], names: str) -> dict[str, list[float]]:
    return {name: [round(value, 2) for value in worked[name]] for name in names}


def test_honest_working_of_gates_is_right_to_whatever_places_each_is_kept(plain: Any) -> None:
    rng = np.random.default_rng(8)
    for _ in range(300):
        worked = lstm_by_hand({name: int(rng.choice([2, 3, 4, 15])) for name in "ifogch"})
        for names in ("h", "ch", "ifogch"):
            assert judge(LSTM, plain, **two_places(worked, names)).fraction == 1


@pytest.mark.parametrize("t", [1, 2, 3])
@pytest.mark.parametrize(("name", "wrong"), [("i", 0.13), ("f", 0.83), ("o", 0.27), ("g", 0.58), ("c", 0.44)])
def test_a_slip_in_any_working_of_gates_costs_one_step(name: str, wrong: float, t: int, plain: Any) -> None:
    worked = lstm_by_hand(dict.fromkeys("ifogch", 2), (name, t, wrong))
    outcome = judge(LSTM, plain, **worked)
    lost = [step["t"] for step in outcome.facts["steps"] if step["credit"] != "1"]
    right = lstm_by_hand(dict.fromkeys("ifogch", 15))["h"][t - 1]
    # A slip may not show: c(0) is 0, so that f(1) tells nothing.
    assert lost == [t] or (lost == [] and abs(worked["h"][t - 1] - right) <= 0.02)
    assert outcome.fraction >= Fraction(2, 3)
    (told,) = [one.message for one in outcome.feedback if one.code == "working-step"]
    assert f"{name}({t})" in told


@pytest.mark.parametrize("handed", ["ch", "ifogch"])
def test_gates_that_are_left_out_are_computed_from_what_is_there(handed: str, plain: Any) -> None:
    worked = lstm_by_hand(dict.fromkeys("ifogch", 4), ("h", 1, 0.3))
    outcome = judge(LSTM, plain, **two_places(worked, handed))
    assert [step["t"] for step in outcome.facts["steps"] if step["credit"] != "1"] == [1]


def test_from_h_alone_no_cell_follows(plain: Any) -> None:
    worked = lstm_by_hand(dict.fromkeys("ifogch", 4), ("c", 1, -0.6))
    outcome = judge(LSTM, plain, h=two_places(worked, "h")["h"])
    assert outcome.fraction < Fraction(2, 3)


@pytest.mark.parametrize("number", [0.5, 0.9, 1.0, -1.0, 1e30])
def test_one_number_for_all_earns_nothing_with_or_without_working(number: float, plain: Any) -> None:
    for names in ("h", "ch", "ifogch"):
        outcome = judge(LSTM, plain, **{name: [number] * 3 for name in names})
        assert outcome.fraction == 0


def test_working_that_is_made_up_but_goes_together_earns_no_first_step(plain: Any) -> None:
    # Everything follows from an invented first cell: each made-up value costs its own row.
    worked = lstm_by_hand(dict.fromkeys("ifogch", 2), ("c", 1, 0.37))
    for t in (2, 3):
        worked["c"][t - 1] = 0.37
        worked["h"][t - 1] = round(worked["o"][t - 1] * math.tanh(0.37), 2)
    assert judge(LSTM, plain, **worked).fraction == 0


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 1e308])
def test_no_number_of_working_stops_the_marks(bad: float, plain: Any) -> None:
    worked = two_places(lstm_by_hand(dict.fromkeys("ifogch", 15)), "ifogch")
    worked["c"][0] = bad
    assert judge(LSTM, plain, **worked).fraction == 1
    worked["h"][2] += 0.4
    assert judge(LSTM, plain, **worked).fraction == Fraction(2, 3)


def test_lists_of_wrong_lengths_are_told_with_their_name(plain: Any) -> None:
    worked = two_places(lstm_by_hand(dict.fromkeys("ifogch", 15)), "ifogch")
    with pytest.raises(Unreadable, match=re.escape("2 values; 3 wanted: h(1) to h(3)")):
        judge(LSTM, plain, h=worked["h"][:2])
    outcome = judge(LSTM, plain, h=worked["h"], c=worked["c"][:2], i=worked["i"])
    assert outcome.fraction == 1
    assert codes(outcome) == ["working-unreadable", "working-right"]


# Nothing in it needs rounding: h(t) = relu(h(t-1) + 2 x(t)), out = 3 h(T).
WHOLE: dict[str, Any] = {
    "network": {
        "inputs": {"x": "number"},
        "parameters": {"w": "number"},
        "equations": ["h(t) = relu(h(t-1) + w * x(t))", "out = 3 * h(T)"],
        "sizes": {"h": "number"},
    },
    "values": {"x": [1, -2, 4], "w": 2},
    "places": 0,
}


def test_whole_numbers_follow_exactly_and_a_unit_off_is_no_rounding(plain: Any) -> None:
    params = msgspec.convert({**WHOLE, "asked": ["h"]}, TraceParams)
    assert judge(params, plain, h=[2, 0, 8]).fraction == 1
    assert judge(params, plain, h=[2, 1, 9]).fraction == Fraction(1, 3)  # 1 is bare: nothing follows from it
    assert judge(params, plain, h=[5, 1, 9]).fraction == Fraction(2, 3)  # 5 - 4 is 1, and 1 + 8 is 9
    assert judge(params, plain, h=[2, 0, 8.4]).fraction == Fraction(2, 3)


def test_a_value_after_all_steps_rests_on_every_slip_in_working(plain: Any) -> None:
    params = msgspec.convert({**WHOLE, "asked": ["out"]}, TraceParams)
    assert judge(params, plain, out=24, h=[2, 0, 8]).fraction == 1
    assert judge(params, plain, out=[24]).fraction == 1
    outcome = judge(params, plain, out=27, h=[5, 1, 9])
    assert outcome.fraction == 0
    (told,) = [one.message for one in outcome.feedback if one.code == "working-step"]
    assert "the slip is in h(1); all later h follow rightly from it" in told
