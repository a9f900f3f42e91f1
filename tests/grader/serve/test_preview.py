"""How an answer is read is said before it is handed in: without marking, running or telling what is right."""

from __future__ import annotations

import itertools
import re
import sys
from pathlib import Path

import pytest

from grader.gradebook.read_records import stored_attempts
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Question
from grader.reports.html.elements import as_html
from grader.serve.controls import LONGEST
from grader.serve.preview import how_it_is_read
from grader.serve.server import Server
from grader.specs import Kinds, load_exercise
from grader.specs.catalog import installed_files
from tests.grader.serve.conftest import signed_in

CONTROLS = Path(__file__).parents[2] / "browser" / "serve" / "controls.toml"
FILES = {**installed_files(), "controls": CONTROLS}
R8, FORMULAS, SHAPES = "mit-6390-recitation-8", "rnn-by-formula", "layers-and-directions"
FUNCTION = "c_iii_general"

READ = [
    (R8, "a_i", {"Wss": "2x2"}, "Wss: the shape 2 x 2, a matrix."),
    (R8, "a_i", {"Wss": "(2, 3)"}, "Wss: the shape 2 x 3, a matrix."),
    (R8, "a_i", {"Wss": "4"}, "Wss: the shape 4, a vector."),
    (R8, "a_i", {"Wss": "five"}, "Wss: this cannot be read. the text 'five' where a shape was wanted"),
    (R8, "a_ii", {"g1.0.0": "6 1/3 1e3 -0,5"}, "g1: a vector of 4 numbers: [6 1/3 1000 -0.5]"),
    (R8, "a_ii", {"g1.0.0": "6", "g1.1.0": "7"}, "g1: this cannot be read. number 3 is empty"),
    (R8, "a_ii", {"g1.0.0": "[1 2 3]"}, "g1: this cannot be read. 3 numbers where 4 are wanted"),
    (R8, "a_ii", {}, "g1: nothing is typed."),
    (R8, "b_i", {"Wss": "[[0, 0], [0, 1]]"}, "Wss: a 2 x 2 matrix: [0 0; 0 1]"),
    (R8, "b_i", {"Wss": "[a 1/a; sqrt(2) 2]"}, "Wss: a 2 x 2 matrix: [a 1/a; sqrt(2) 2]"),
    (R8, "b_i", {"Wss": "[1 0; 1]"}, "Wss: this cannot be read. the rows are not of one length"),
    (R8, "b_i", {"Wss": "[0,5; 0,5]"}, "Where 2 x 1 numbers are wanted it is read as those"),
    (R8, "b_i", {"Wss": "[0 x; 0 banana]"}, "row 2, column 2: the text 'banana' where a number was wanted"),
    (R8, "b_ii", {"possible": "no", "max_rank": "2"}, "possible: no. max_rank: the number 2"),
    (R8, "b_ii", {}, "Nothing is typed."),
    ("backpropagation", "small", {"du": "\N{MINUS SIGN}0,5"}, "du: the number -0.5"),
    ("gated-networks", "gru_hand", {"h": "0,2;-0,4\n-0,1;0,05"}, "Where 2 x 2 or 4 x 1 numbers are wanted"),
    ("backpropagation", "small", {"du": "du = 1,5"}, "du: the number 1.5"),
    ("backpropagation", "small", {"du": "1,341"}, "'1,341' may be 1.341 or 1341"),
    (FORMULAS, "unroll", {"g3": "v*(w^3*s0)/2"}, "g3: the formula v*(w^3*s0)/2"),
    (FORMULAS, "unroll", {"g3": r"\frac{v}{w} x_1"}, "g3: the formula v/w*x1"),
    (FORMULAS, "unroll", {"g3": "w x2"}, "g3: the formula w*x2"),
    (FORMULAS, "unroll", {"g3": "w 2"}, "g3: this cannot be read. a sign is missing; did you mean w*2?"),
    (FORMULAS, "steady", {"stable": "|a| < 1"}, "stable: the condition abs(a) < 1"),
    (FORMULAS, "steady", {"stable": "(-1, 1)"}, "stable: the interval (-1, 1)"),
    (FORMULAS, "steady", {"stable": "(-1, c)"}, "stable: this cannot be read. unknown name c"),
    (FORMULAS, "markov", {"M1": "10^10^10"}, "M1: this cannot be read. a power in an exponent is not read"),
    (FORMULAS, "markov", {"M1": "3/2"}, "M1: the formula 3/2"),
    (SHAPES, "stacked_shapes", {"U1": "n_1 x n_in"}, "U1: the shape n_1 x n_in, a matrix."),
    (SHAPES, "stacked_shapes", {"U1": "n_1*n_in"}, "the shape n_1*n_in or n_1 x n_in, a vector or a matrix."),
    ("rnn-paper", "cost", {"time": "O(T n_h^2)"}, "time: the order of growth of T*n_h^2"),
    ("rnn-paper", "why", {"text": "Slopes below one."}, "text: a text of 3 words of at most 180."),
    ("ntu-cz4042-tutorial-8", "q2_weights", {"weights": "{'U': [[1., 2]]}"}, "U: a 1 x 2 matrix: [1 2]"),
    ("controls", "matrix", {"M.0.0": "1.5\t2\t3\n4\t5\t6"}, "M: a 2 x 3 matrix: [1.5 2 3; 4 5 6]"),
    ("controls", "number", {"a": "1e3"}, "a: the number 1000"),
    ("controls", "number", {"a": "sqrt(2)"}, "the text 'sqrt(2)' where a number was wanted"),
    ("controls", "one", {"choice": "write"}, "choice: the input gate."),
    ("controls", "several", {"choice": "(none)"}, "choice: none of them."),
    (
        R8,
        FUNCTION,
        {"code": "import numpy\ndef to_rnn_a(s0, W=1, *a, **b):\n  0"},
        "to_rnn_a(s0, W=..., *a, **b)",
    ),
    (R8, FUNCTION, {"code": "def other(): 0"}, "It defines 1 name: other"),
    (R8, FUNCTION, {"code": "x = (1"}, "This cannot be read as Python. Line 1: '(' was never closed."),
    (R8, FUNCTION, {"code": "try:\n  from a import to_rnn_a\nexcept E: 0"}, "to_rnn_a is defined in line 2"),
]


def question(exercise: str, name: str) -> Question:
    """A question by its exercise's file and its id."""
    found = load_exercise(FILES[exercise], Kinds(kind_names(), find_kind))
    return next(one for one in found.questions if one.id == name)


def said(asked: Question, typed: dict[str, str]) -> str:
    """What is said, with each formula as its text."""
    page = "".join(as_html(one) for one in how_it_is_read(asked, typed))
    plain = re.sub(r'<math alttext="([^"]*)">.*?</math>', r"\1", page).replace("</p><p>", " ")
    text = re.sub(r"</?[a-z][^>]*>", "", plain)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize(("exercise", "name", "typed", "words"), READ)
def test_it_is_said_how_an_answer_is_read(
    exercise: str, name: str, typed: dict[str, str], words: str
) -> None:
    assert words in said(question(exercise, name), typed)


PIECES = [
    "[",
    "]",
    "(",
    "1,",
    "1 ",
    "-",
    "^",
    r"\frac",
    "$",
    "a",
    "'",
    "½",
    "{",
    "1/",
    "\n",
    "array(",
    "def f(",
    "not ",
]
ASKED = [
    (R8, "a_i", "Wss"),
    (R8, "a_ii", "g1.0.0"),
    (R8, "b_i", "Wss"),
    (R8, FUNCTION, "code"),
    (FORMULAS, "unroll", "g3"),
]


@pytest.mark.parametrize(("exercise", "name", "part"), ASKED)
def test_no_text_stops_it(exercise: str, name: str, part: str) -> None:
    asked = question(exercise, name)
    for piece, other in itertools.product(PIECES, ["", "]", ")", "1"]):
        text = piece * (LONGEST // len(piece) - 1000) + other * 1000
        assert said(asked, {part: text})


def test_code_is_not_run_and_nothing_is_submitted(server: Server) -> None:
    address = f"/exercise/{R8}/{FUNCTION}"
    code = f"import sys\nsys.modules['ran it'] = sys\ndef to_rnn_a(s0, Wssx, Wox): return {10**9}**{10**9}"
    with signed_in(server, "amara") as client:
        client.post(f"/exercise/{R8}/a_i", data={"field.Wss": "2x2", "action": "read"})
        sent = client.post(address, data={"field.code": code, "action": "read"})
        assert sent.headers["location"] == f"/exercise/{R8}?read={FUNCTION}#question-{FUNCTION}"
        page = client.get(sent.headers["location"]).text
        assert "It was not run." in page
        assert "What you handed in" not in page
        assert "Wss</code>: the shape" not in page  # of the other question it was not asked now
        assert client.get("/health").json()["waiting"] == 0
    with server.book.reading() as connection:
        assert not list(stored_attempts(connection))
    assert "ran it" not in sys.modules


def test_a_script_gets_the_part_of_the_page_that_changes(server: Server) -> None:
    with signed_in(server, "amara") as client:
        typed = {"field.Wss": "<script>2x2", "part": "1"}
        saved = client.post(f"/exercise/{R8}/a_i", data={**typed, "action": "save"}).text
        assert re.search(r"Saved <time datetime=[^>]*>\d\d:\d\d:\d\d</time>; not submitted", saved)
        assert "cannot be read" not in saved
        read = client.post(f"/exercise/{R8}/a_i", data={**typed, "action": "read"}).text
        assert "this cannot be read" in read
        assert "<script" not in read


def test_of_an_exercise_that_is_not_open_nothing_is_told(server: Server) -> None:
    course = server.course.folder / "course.toml"
    course.write_text(f"{course.read_text()}opens = 2999-01-01T08:00:00\n")
    with signed_in(server, "amara") as client:
        for action in ("read", "save"):
            told = client.post(f"/exercise/{R8}/a_i", data={"field.Wss": "2x2", "action": action})
            assert told.status_code == 409
            assert "the shape" not in told.text
