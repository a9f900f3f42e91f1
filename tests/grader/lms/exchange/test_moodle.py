"""Moodle XML, read as Moodle's importer reads it and graded as its question types grade.

The rules here are written from Moodle's source: question/format/xml/format.php (what is read from where,
which types there are), question/engine/bank.php (the fractions), and of the question types multianswer
(places of answers in a text, how they are escaped), shortanswer (wildcards, upper and lower case) and
numerical (tolerances).
"""

from __future__ import annotations

import base64
import html
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any, NamedTuple

import pytest

from grader.lms.exchange.item import Item, item_of
from grader.lms.exchange.moodle_xml import moodle_refusal, moodle_xml
from grader.model.exercise import Exercise
from grader.reports.printable import printable

# p/q for q <= 6, p/10, 1/q for q <= 10, 1/20, and the same below 0, to seven places.
FRACTIONS = {
    sign * round(float(Fraction(p, q)), 7)
    for sign in (1, -1)
    for p, q in [
        *((p, q) for q in range(1, 7) for p in range(q + 1)),
        *((p, 10) for p in range(11)),
        *((1, q) for q in range(1, 11)),
        (1, 20),
    ]
}
NUMBERINGS = {"abc", "ABCD", "123", "iii", "IIII", "none"}
ALTERNATIVE = r"(=|%(-?\d+(?:[.,]\d*)?)%)?(.+?(?<!\\|&)(?=[~#}]|$))(#(.*?(?<!\\)(?=[~}]|$)))?"
PLACE = re.compile(
    r"\{(\d*):(NUMERICAL|MULTICHOICE|SHORTANSWER):(" + ALTERNATIVE + "(~" + ALTERNATIVE + r")*)\}", re.S
)
NUMBER = r"-?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?"
HOLDS = ("flags-each", "single", "matching-each", "one", "order", "order-each", "several-each")
REFUSED = (
    "several",
    "several-negative",
    "none-right",
    "flags",
    "flags-negative",
    "matching",
    "matching-negative",
)


class Place(NamedTuple):
    weight: int
    type: str
    answers: list[tuple[str, float, float]]
    """Text or number, its fraction, and for a number its tolerance."""


def places(text: str) -> list[Place]:
    """The places of answers in a text, as Moodle finds them."""
    found = []
    while match := PLACE.search(text):
        answers = []
        left = match[3]
        while left and (one := re.search("~?" + ALTERNATIVE, left, re.S)):
            fraction = 1.0 if one[1] == "=" else float(one[2].replace(",", ".")) / 100 if one[1] else 0.0
            answer = html.unescape(one[3]).replace("\\}", "}").replace("\\#", "#")
            tolerance = 0.0
            if match[2] == "NUMERICAL":
                number = re.fullmatch(f"({NUMBER})(?::({NUMBER}))?", one[3])
                assert number is not None, one[3]
                answer, tolerance = number[1], float(number[2] or 0)
            answers.append((answer, fraction, tolerance))
            left = left.split(one[0], 1)[1]
        assert any(fraction == 1 for _, fraction, _ in answers), "no answer with all points"
        found.append(Place(int(match[1] or 1), match[2], answers))
        text = text.replace(match[0], f"{{#{len(found)}}}", 1)
    return found


def fits(pattern: str, typed: str) -> bool:
    """Moodle's comparison of short answers: * stands for anything, \\* for itself."""
    parts = [re.escape(part.replace("\\*", "*")) for part in re.split(r"(?<!\\)\*+", pattern)]
    return re.fullmatch(".*".join(parts), typed.strip(), re.I | re.S) is not None


def graded(place: Place, typed: str) -> float:
    for answer, fraction, tolerance in place.answers:
        if not typed:
            return 0.0
        if place.type == "NUMERICAL":
            margin = tolerance + 1e-14 * max(1.0, abs(float(answer)))
            if abs(float(typed) - float(answer)) <= margin:
                return fraction
        elif place.type == "SHORTANSWER":
            if fits(answer, typed):
                return fraction
        elif answer == typed:
            return fraction
    return 0.0


def imported(*items: Item) -> list[ET.Element]:
    """The questions of the file, without categories, after checks that every type has."""
    root = ET.fromstring(moodle_xml("Gates", [(item,) for item in items]))
    assert root.tag == "quiz"
    questions = [one for one in root if one.get("type") != "category"]
    for one in questions:
        assert one.findtext("name/text")
        assert one.find("questiontext").get("format") == "html"
        assert one.findtext("questiontext/text")
        if one.get("type") != "ordering":
            for answer in one.findall("answer"):
                assert float(answer.get("fraction")) / 100 in FRACTIONS
    return questions


def text_of(question: ET.Element) -> str:
    return question.findtext("questiontext/text") or ""


def the_mark(question: ET.Element, item: Item, response: Any) -> float:
    """What Moodle gives for a response, by ids."""
    shape: Any = item.held.shape
    kind = question.get("type")
    if kind == "multichoice":
        assert question.findtext("single") == "true"
        assert question.findtext("shuffleanswers") == str(shape.is_shuffled and not shape.pinned).lower()
        assert question.findtext("answernumbering") in NUMBERINGS
        texts = list(shape.options)
        answers = question.findall("answer")
        assert len(answers) == len(texts)
        return 0.0 if response is None else float(answers[texts.index(response)].get("fraction")) / 100
    if kind == "truefalse":
        (given,) = response.values() or ("",)
        by_text = {one.findtext("text"): float(one.get("fraction")) for one in question.findall("answer")}
        assert set(by_text) == {"true", "false"}
        return by_text.get(str(given).lower(), 0.0) / 100
    if kind == "ordering":
        shown = [
            one.findtext("text")
            for one in sorted(question.findall("answer"), key=lambda a: float(a.get("fraction")))
        ]
        given = [shape.options[id] for id in response or []]
        same = [a == b for a, b in zip(shown, given, strict=False)]
        if question.findtext("gradingtype") == "ALL_OR_NOTHING":
            return float(len(given) == len(shown) and all(same))
        assert question.findtext("gradingtype") == "ABSOLUTE_POSITION"
        return sum(same) / len(shown)
    assert kind == "cloze"
    found = places(text_of(question))
    typed = typed_of(shape, response)
    assert len(found) == len(typed)
    shares = [graded(place, one) * place.weight for place, one in zip(found, typed, strict=True)]
    return sum(shares) / sum(place.weight for place in found)


def typed_of(shape: Any, response: Any) -> list[str]:
    """What is chosen or typed in each place, in the order of the places."""
    if isinstance(response, list):
        return response
    if isinstance(response, set):
        # To choose nothing at all is to leave every menu as it was.
        return ["" if not response else "yes" if id in response else "no" for id in shape.options]
    columns = list(shape.columns)
    letters = (
        {id: str(id == "true") for id in columns}
        if columns == ["true", "false"]
        else dict(zip(columns, "ABCDEF", strict=False))
    )
    given = {row: str(one).lower() if isinstance(one, bool) else one for row, one in response.items()}
    return [letters[given[row]] if row in given else "" for row in shape.rows]


@pytest.mark.parametrize("name", HOLDS)
def test_moodle_gives_for_every_response_what_we_give(name: str, choice_case: Callable[[str], Any]):
    case = choice_case(name)
    assert moodle_refusal(case.item.held) is None
    (question,) = imported(case.item)
    for response, ours in case.responses:
        assert the_mark(question, case.item, response) == pytest.approx(float(ours)), response


@pytest.mark.parametrize("name", REFUSED)
def test_what_moodle_would_mark_otherwise_is_refused_with_a_reason(
    name: str, choice_case: Callable[[str], Any]
):
    reason = moodle_refusal(choice_case(name).item.held)
    assert reason is not None
    assert "Moodle" in reason


@pytest.mark.parametrize("name", ["rounded", "tied", "exact", "matrix"])
def test_moodle_gives_for_numbers_what_we_give(name: str, number_case: Callable[[str], Any]):
    case = number_case(name)
    (question,) = imported(case.item)
    marks = {ours for _, ours in case.responses}
    assert {0, 1} & marks, "responses of both sorts"
    for typed, ours in case.responses:
        assert the_mark(question, case.item, typed) == pytest.approx(float(ours)), typed


def test_moodle_gives_for_shapes_what_we_give(shape_case: Any):
    (question,) = imported(shape_case.item)
    for typed, ours in shape_case.responses:
        assert the_mark(question, shape_case.item, typed) == pytest.approx(float(ours)), typed


def test_words_become_an_essay_with_the_rubric_for_the_marker(pose: Callable[..., Exercise]):
    rubric = 'rubric = [{id = "gate", points = 2, text = "names the gate $f$"}]'
    exercise = pose(f"min_words = 20\n{rubric}", "text", {"text": "20 words"})
    item = item_of(exercise, exercise.questions[0])
    assert isinstance(item, Item)
    (question,) = imported(item)
    assert question.get("type") == "essay"
    assert r"2: names the gate \(f\)" in question.findtext("graderinfo/text")
    assert "names the gate" not in text_of(question)


class Shown(HTMLParser):
    """The tags of a text, and what is read of it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


HOSTILE = [
    "<script>alert(1)</script>",
    "]]> <![CDATA[ &amp; & &#60;",
    "{1:SHORTANSWER:=open sesame} and {#1} and {:MC:=a}",
    r"\(not a formula\) \[nor this\] and $$",
    "@@PLUGINFILE@@/../secret [[tag]] {mlang de}",
    "an \"attribute\" onload='x'",
    "bell \u0007, override \u202e, null-like \ufffe",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["one", "matching-each"])
def test_hostile_text_is_seen_as_it_stands_and_does_nothing(
    text: str, name: str, pose: Callable[..., Exercise], choice_table: dict[str, str]
):
    written = json.dumps(text)
    check = choice_table[name].replace('"the input gate"', written)
    exercise = pose(
        check, prompt=written, introduction=written, title=json.dumps(f"a/b {text}"), hint=written
    )
    item = item_of(exercise, exercise.questions[0])
    assert isinstance(item, Item)
    root = ET.fromstring(moodle_xml(exercise.title, [(item,)]))
    for parent in root.iter():
        if parent.get("format") == "html":  # names of questions and categories are plain text
            shown = Shown(parent.findtext("text") or "")
            assert set(shown.tags) <= {"p", "strong", "code", "ul", "li"}
    asked = root.findtext("question/questiontext/text") or ""
    # XML has no way to say U+FFFE.
    assert printable(text).replace("\ufffe", "\ufffd") in Shown(asked).words
    assert len(places(asked)) == (3 if name == "matching-each" else 0)
    assert "\\(not" not in asked
    assert "@@PLUGINFILE" not in asked
    category = root.findtext("question/category/text") or ""
    # A single slash parts categories; Moodle makes one of two.
    assert re.split(r"(?<!/)/(?!/)", category)[:2] == ["$course$", "top"]
    assert "a//b" in category


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_pictures_come_along_as_files_and_are_named_where_they_are_shown(
    pose: Callable[..., Exercise], choice_table: dict[str, str]
):
    data = f"data:image/png;base64,{base64.b64encode(PIXEL).decode()}"
    prompt = '"Look: ![a single \\"point\\"](dot.png)"'
    exercise = pose(choice_table["one"] + f'[picture."dot.png"]\ndata = "{data}"\n', prompt=prompt)
    item = item_of(exercise, exercise.questions[0])
    assert isinstance(item, Item)
    (question,) = imported(item)
    file = question.find("questiontext/file")
    assert base64.b64decode(file.text) == PIXEL
    assert file.get("encoding") == "base64"
    assert f'src="@@PLUGINFILE@@{file.get("path")}{file.get("name")}"' in text_of(question)
    assert 'alt="a single &quot;point&quot;"' in text_of(question)


def test_pictures_in_options_lie_where_the_option_shows_them(
    pose: Callable[..., Exercise], choice_table: dict[str, str]
):
    data = f"data:image/png;base64,{base64.b64encode(PIXEL).decode()}"
    table = f'[picture."dot.png"]\ndata = "{data}"\n'
    for name, place in (("one", "answer"), ("matching-each", "questiontext")):
        check = choice_table[name].replace('"the input gate"', '"![a point](dot.png)"') + table
        exercise = pose(check)
        item = item_of(exercise, exercise.questions[0])
        assert isinstance(item, Item)
        (question,) = imported(item)
        holders = [one for one in question.iter() if one.find("file") is not None]
        assert [one.tag for one in holders] == [place]
        name_of_file = holders[0].find("file").get("name")
        assert f"@@PLUGINFILE@@/{name_of_file}" in (holders[0].findtext("text") or "")
        assert "data:image" not in (holders[0].findtext("text") or "")


@pytest.mark.parametrize(
    ("more", "shuffles"),
    [("", False), ("shuffle = true\n", True), ('shuffle = true\npinned = ["read"]\n', False)],
)
def test_options_are_shuffled_where_they_may_stand_in_any_order(
    more: str, shuffles: bool, pose: Callable[..., Exercise], choice_table: dict[str, str]
):
    exercise = pose(more + choice_table["one"])
    item = item_of(exercise, exercise.questions[0])
    assert isinstance(item, Item)
    (question,) = imported(item)
    assert (question.findtext("shuffleanswers") == "true") is shuffles


@pytest.mark.parametrize(
    ("reveal", "is_told"), [("verdict", False), ("location", False), ("counterexample", True)]
)
def test_reasons_of_wrong_options_are_told_as_far_as_the_exercise_lets_them(
    reveal: str, is_told: bool, pose: Callable[..., Exercise], choice_table: dict[str, str]
):
    exercise = pose(choice_table["one"], title=f'"Gates"\nreveal = "{reveal}"')
    item = item_of(exercise, exercise.questions[0])
    assert isinstance(item, Item)
    (question,) = imported(item)
    told = [one.findtext("feedback/text") or "" for one in question.findall("answer")]
    assert ("It lets in what is new." in told) is is_told


def test_points_go_with_the_question(pose: Callable[..., Exercise], choice_table: dict[str, str]):
    exercise = pose(choice_table["one"], points='"10/3"')
    item = item_of(exercise, exercise.questions[0])
    assert isinstance(item, Item)
    (question,) = imported(item)
    assert float(question.findtext("defaultgrade")) == pytest.approx(10 / 3, abs=1e-6)
    assert question.findtext("idnumber") == "gates/q"


def test_names_are_as_long_as_moodle_s_tables_take(choice_case: Callable[[str], Any]):
    item = choice_case("one").item._replace(id=f"{'long-' * 30}/q")
    root = ET.fromstring(moodle_xml("A title " * 60, [(item,)]))
    category = root.findtext("question/category/text") or ""
    assert len(category.removeprefix("$course$/top/")) <= 255
    assert all(len(one.text or "") <= 100 for one in root.iter("idnumber"))
