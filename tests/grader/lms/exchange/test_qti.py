"""QTI 2.1 packages: their structure by the rules of the specification, and what response processing gives.

The rules are written from the IMS Question and Test Interoperability specification 2.1, its schema of 31 July
2012 and the Information Model's sections on expressions and response rules: the order of an item's parts,
which attributes have to be there, and that an expression over no value is no value, which as a condition does
not hold.
"""

from __future__ import annotations

import io
import json
import os
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.lms.exchange.file_parts import PictureFiles
from grader.lms.exchange.item import Item, item_of
from grader.lms.exchange.qti_item import qti_item
from grader.lms.exchange.qti_package import qti_package
from grader.model.exercise import Exercise
from grader.reports.printable import printable

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
PACKAGE = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
SCHEMA = os.environ.get("RNNGRADE_QTI_SCHEMA", "")
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
PARTS = ("responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing")
"""Of an item, in the schema's order; we write no others."""
NEEDED = {
    "assessmentItem": {"identifier", "title", "adaptive", "timeDependent"},
    "responseDeclaration": {"identifier", "cardinality", "baseType"},
    "outcomeDeclaration": {"identifier", "cardinality", "baseType"},
    "choiceInteraction": {"responseIdentifier", "shuffle", "maxChoices"},
    "orderInteraction": {"responseIdentifier", "shuffle"},
    "matchInteraction": {"responseIdentifier", "shuffle", "maxAssociations"},
    "textEntryInteraction": {"responseIdentifier"},
    "extendedTextInteraction": {"responseIdentifier"},
    "simpleChoice": {"identifier"},
    "simpleAssociableChoice": {"identifier", "matchMax"},
    "baseValue": {"baseType"},
    "equal": {"toleranceMode", "tolerance"},
    "stringMatch": {"caseSensitive"},
    "index": {"n"},
    "img": {"src", "alt"},
    "rubricBlock": {"view"},
    "assessmentTest": {"identifier", "title"},
    "testPart": {"identifier", "navigationMode", "submissionMode"},
    "assessmentSection": {"identifier", "title", "visible"},
    "assessmentItemRef": {"identifier", "href"},
}
ALL_CASES = (
    *(
        "one",
        "several",
        "several-each",
        "several-negative",
        "none-right",
        "none-right-each",
        "flags",
        "flags-each",
    ),
    *("flags-negative", "single", "matching", "matching-each", "matching-negative", "order", "order-each"),
)


class Scoring:
    """Response processing, as the specification says: None is no value."""

    def __init__(self, item: ET.Element, responses: dict[str, Any]) -> None:
        self.declared = {one.get("identifier"): one for one in item.iter(f"{QTI}responseDeclaration")}
        self.values: dict[str, Any] = {name: responses.get(name) for name in self.declared}
        for outcome in item.iter(f"{QTI}outcomeDeclaration"):
            self.values[outcome.get("identifier") or ""] = float(outcome.findtext(f".//{QTI}value") or 0)
        processing = item.find(f"{QTI}responseProcessing")
        assert processing is not None
        for rule in processing:
            self.follow(rule)

    def follow(self, rule: ET.Element) -> None:
        name = rule.tag.removeprefix(QTI)
        if name == "setOutcomeValue":
            self.values[rule.get("identifier") or ""] = self.of(rule[0])
            return
        assert name == "responseCondition"
        for way in rule:
            condition, *rules = way
            if self.of(condition) is True:
                for one in rules:
                    self.follow(one)
                return

    def of(self, one: ET.Element) -> Any:
        name = one.tag.removeprefix(QTI)
        if name == "variable":
            return self.values[one.get("identifier")]
        if name == "baseValue":
            return float(one.text) if one.get("baseType") == "float" else one.text
        if name == "correct":
            declaration = self.declared[one.get("identifier")]
            found = [value.text for value in declaration.iter(f"{QTI}value")]
            cardinality = declaration.get("cardinality")
            return found[0] if cardinality == "single" else set(found) if cardinality == "multiple" else found
        parts = [self.of(inner) for inner in one]
        if name == "isNull":
            return parts[0] is None
        if name == "or":
            return True if True in parts else None if None in parts else False
        if None in parts:
            return None
        if name == "not":
            return not parts[0]
        return getattr(self, name)(one, *parts)

    def match(self, _: ET.Element, a: Any, b: Any) -> bool:
        return bool(a == b)

    def member(self, _: ET.Element, a: Any, b: Any) -> bool:
        return a in b

    def index(self, one: ET.Element, a: list[str]) -> str | None:
        n = int(one.get("n") or 0)
        return a[n - 1] if n <= len(a) else None

    def equal(self, one: ET.Element, a: float, b: float) -> bool:
        below, above = map(float, (one.get("tolerance") or "").split())
        return b - below <= a <= b + above

    def stringMatch(self, one: ET.Element, a: str, b: str) -> bool:
        return a == b if one.get("caseSensitive") == "true" else a.casefold() == b.casefold()

    def lt(self, _: ET.Element, a: float, b: float) -> bool:
        return a < b

    def sum(self, _: ET.Element, *parts: float) -> float:
        return sum(parts)

    def product(self, _: ET.Element, a: float, b: float) -> float:
        return a * b

    def divide(self, _: ET.Element, a: float, b: float) -> float:
        return a / b


def given(case: Any, response: Any) -> Any:
    """A response in the item's own identifiers; nothing chosen is no value."""
    shape: Any = case.item.held.shape
    if response is None or response == set() or response == {}:
        return None
    if isinstance(response, dict):
        rows, columns = list(shape.rows), list(shape.columns)
        plain = {row: str(one).lower() if isinstance(one, bool) else one for row, one in response.items()}
        return {f"row_{rows.index(row) + 1} column_{columns.index(one) + 1}" for row, one in plain.items()}
    options = list(shape.options)
    named = {id: f"option_{number}" for number, id in enumerate(options, start=1)}
    if isinstance(response, str):
        return named[response]
    return type(response)(named[id] for id in response)


def score(item: ET.Element, responses: dict[str, Any]) -> float:
    """The share of the points."""
    values = Scoring(item, responses).values
    return float(values["SCORE"]) / float(values["MAXSCORE"])


@pytest.mark.parametrize("name", ALL_CASES)
def test_response_processing_gives_for_every_response_what_we_give(
    name: str, choice_case: Callable[[str], Any]
):
    case = choice_case(name)
    item = qti_item(case.item, "q", PictureFiles("../pictures/"))
    for response, ours in case.responses:
        assert score(item, {"RESPONSE": given(case, response)}) == pytest.approx(float(ours)), response


@pytest.mark.parametrize("name", ["rounded", "tied", "exact", "matrix"])
def test_response_processing_gives_for_numbers_what_we_give(name: str, number_case: Callable[[str], Any]):
    case = number_case(name)
    item = qti_item(case.item, "q", PictureFiles(""))
    for typed, ours in case.responses:
        responses = {f"RESPONSE_{n}": float(one) for n, one in enumerate(typed, start=1)}
        assert score(item, responses) == pytest.approx(float(ours)), typed


def test_response_processing_gives_for_shapes_what_we_give(shape_case: Any):
    item = qti_item(shape_case.item, "q", PictureFiles(""))
    for typed, ours in shape_case.responses:
        responses = {f"RESPONSE_{n}": one or None for n, one in enumerate(typed, start=1)}
        assert score(item, responses) == pytest.approx(float(ours)), typed


def test_key_of_an_item_is_a_response_with_all_points(choice_case: Callable[[str], Any]):
    for name in ALL_CASES:
        item = qti_item(choice_case(name).item, "q", PictureFiles(""))
        declaration = item.find(f"{QTI}responseDeclaration")
        values = [one.text for one in declaration.iter(f"{QTI}value")]
        cardinality = declaration.get("cardinality")
        key: Any = (
            values[0] if cardinality == "single" else set(values) if cardinality == "multiple" else values
        )
        assert score(item, {"RESPONSE": key or None}) == 1, name


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def require_sound_item(root: ET.Element) -> None:
    names = [one.tag.removeprefix(QTI) for one in root]
    assert names == sorted(names, key=PARTS.index)
    assert names.count("itemBody") == 1
    responses = {one.get("identifier") for one in root.iter(f"{QTI}responseDeclaration")}
    used = [one.get("responseIdentifier") for one in root.iter() if one.get("responseIdentifier")]
    assert sorted(used) == sorted(responses)
    choices = [
        one.get("identifier")
        for name in ("simpleChoice", "simpleAssociableChoice")
        for one in root.iter(QTI + name)
    ]
    assert len(set(choices)) == len(choices)
    for declaration in root.iter(f"{QTI}responseDeclaration"):
        if declaration.get("baseType") in ("identifier", "directedPair"):
            for value in declaration.iter(f"{QTI}value"):
                assert set((value.text or "").split()) <= set(choices)
    for body in root.iter(f"{QTI}itemBody"):
        assert not (body.text or "").strip(), "text has to stand in a block"
    require_attributes(root)


def require_attributes(root: ET.Element) -> None:
    for one in root.iter():
        name = one.tag.removeprefix(QTI)
        assert set(one.attrib) >= NEEDED.get(name, set()), name
        assert one.tag.startswith((QTI, MATHML)), one.tag
        if "identifier" in one.attrib:
            assert IDENTIFIER.fullmatch(one.get("identifier") or "")
        assert not [key for key in one.attrib if key.startswith("on") or key == "tabindex"]


def require_sound_package(files: dict[str, bytes]) -> None:
    manifest = ET.fromstring(files["imsmanifest.xml"])
    assert manifest.tag == f"{PACKAGE}manifest"
    assert [one.tag.removeprefix(PACKAGE) for one in manifest] == ["metadata", "organizations", "resources"]
    resources = {one.get("identifier"): one for one in manifest.iter(f"{PACKAGE}resource")}
    listed = {one.get("href") for one in manifest.iter(f"{PACKAGE}file")}
    assert listed == files.keys() - {"imsmanifest.xml"}
    for one in resources.values():
        assert one.get("href") in {file.get("href") for file in one.iter(f"{PACKAGE}file")}
        assert {used.get("identifierref") for used in one.iter(f"{PACKAGE}dependency")} <= resources.keys()
    items = {one.get("href"): one for one in resources.values() if one.get("type") == "imsqti_item_xmlv2p1"}
    for href in items:
        require_sound_item(ET.fromstring(files[href or ""]))
    (test,) = (one for one in resources.values() if one.get("type") == "imsqti_test_xmlv2p1")
    root = ET.fromstring(files[test.get("href") or ""])
    require_attributes(root)
    assert {one.get("href") for one in root.iter(f"{QTI}assessmentItemRef")} == items.keys()


def package_of(*exercises: Exercise) -> dict[str, bytes]:
    group = []
    for exercise in exercises:
        item = item_of(exercise, exercise.questions[0])
        assert isinstance(item, Item)
        group.append(item)
    return unpacked(qti_package(exercises[0].id, exercises[0].title, [tuple(group)]))


@pytest.mark.parametrize("name", ALL_CASES)
def test_package_is_as_the_specification_wants(
    name: str, pose: Callable[..., Exercise], choice_table: dict[str, str]
):
    require_sound_package(package_of(pose(choice_table[name])))


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "]]> <![CDATA[ &amp;", "bell \u0007 \ufffe", 'a "b" <!-- c']
)
@pytest.mark.parametrize("name", ["one", "matching-each", "order"])
def test_hostile_text_is_words_in_the_item(
    text: str, name: str, pose: Callable[..., Exercise], choice_table: dict[str, str]
):
    written = json.dumps(text)
    check = choice_table[name].replace('"the input gate"', written).replace('"first"', written)
    exercise = pose(check, prompt=written, title=written, label=written)
    files = package_of(exercise)
    require_sound_package(files)
    root = ET.fromstring(files["items/q.xml"])
    assert "script" not in {one.tag.rpartition("}")[2] for one in root.iter()}
    shown = printable(text).replace("\ufffe", "\ufffd")
    assert "".join(root.itertext()).count(shown) >= 2


def test_formulas_are_mathml_and_their_tex_is_gone(
    pose: Callable[..., Exercise], choice_table: dict[str, str]
):
    prompt = r"'''Of $\frac{a}{b_1}$ and $$c = \begin{pmatrix} 1 & 2 \end{pmatrix}$$ which?'''"
    root = ET.fromstring(package_of(pose(choice_table["one"], prompt=prompt))["items/q.xml"])
    assert len(list(root.iter(f"{MATHML}math"))) == 3
    assert list(root.iter(f"{MATHML}mfrac"))
    assert "\\frac" not in "".join(root.itertext())


def test_pictures_lie_in_the_package_where_items_look_for_them(
    pose: Callable[..., Exercise], choice_table: dict[str, str]
):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
    check = choice_table["one"] + f"[picture.\"dot.svg\"]\ndata = '''{data_of(svg)}'''\n"
    files = package_of(pose(check, prompt='"![a point](dot.svg)"'))
    require_sound_package(files)
    (picture,) = ET.fromstring(files["items/q.xml"]).iter(f"{QTI}img")
    assert picture.get("alt") == "a point"
    path = os.path.normpath(f"items/{picture.get('src')}")
    assert files[path] == svg.encode()


def test_options_that_keep_their_place_are_fixed(pose: Callable[..., Exercise], choice_table: dict[str, str]):
    exercise = pose('shuffle = true\npinned = ["read"]\n' + choice_table["one"])
    root = ET.fromstring(package_of(exercise)["items/q.xml"])
    (asked,) = root.iter(f"{QTI}choiceInteraction")
    assert asked.get("shuffle") == "true"
    assert [one.get("fixed") for one in asked.iter(f"{QTI}simpleChoice")] == [None, None, "true"]


def data_of(svg: str) -> str:
    import base64

    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def test_the_same_exercise_gives_the_same_file(choice_case: Callable[[str], Any]):
    item = choice_case("one").item
    assert qti_package("gates", "Gates", [(item,)]) == qti_package("gates", "Gates", [(item,)])


def test_of_several_variants_the_test_takes_one(choice_case: Callable[[str], Any]):
    item = choice_case("one").item
    variants = tuple(item._replace(variant=code) for code in ("", "AAAA-BBBB", "CCCC-DDDD"))
    files = unpacked(qti_package("gates", "Gates", [variants]))
    require_sound_package(files)
    (section,) = ET.fromstring(files["test.xml"]).iter(f"{QTI}assessmentSection")
    assert section.find(f"{QTI}selection").get("select") == "1"
    assert len(section.findall(f"{QTI}assessmentItemRef")) == 3


@pytest.mark.skipif(
    not SCHEMA, reason="RNNGRADE_QTI_SCHEMA names no copy of IMS' imsqti_v2p1.xsd (needs xmlschema)"
)
@pytest.mark.parametrize("name", ALL_CASES)
def test_item_is_valid_by_the_schema_of_ims(
    name: str, pose: Callable[..., Exercise], choice_table: dict[str, str]
):
    xmlschema = pytest.importorskip("xmlschema")
    mathml = Path(SCHEMA).parents[1] / "w3" / "mathml2" / "mathml2.xsd"
    schema = xmlschema.XMLSchema(SCHEMA, locations={MATHML.strip("{}"): str(mathml)})
    files = package_of(pose(choice_table[name]))
    for file in ("items/q.xml", "test.xml"):
        schema.validate(io.BytesIO(files[file]))
