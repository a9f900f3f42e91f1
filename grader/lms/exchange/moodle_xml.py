"""Moodle XML: a file for Question bank, Import.

The rules are those of Moodle's importer (question/format/xml/format.php), of its question types and of the
fractions that it knows (question/engine/bank.php): an answer's share is one of a fixed list; a question with
several parts is one with embedded answers ("cloze"), each with a share of the marks. `ordering` is one of its
own types from 4.4 on, a plugin before.
"""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from string import ascii_uppercase

from grader.lms.exchange import moodle_text
from grader.lms.exchange.file_parts import PictureFiles, document
from grader.lms.exchange.held import (
    Blanks,
    Choices,
    Essay,
    Held,
    NumberToFill,
    OptionsToOrder,
    RowsToMatch,
    WordsToFill,
)
from grader.lms.exchange.item import Item, decimal
from grader.reports.printable import printable

ALL_OR_NOTHING = (
    'gives part of the points where part is right; with credit = "each" it can be exported to Moodle'
)
TAKES_OFF = (
    "what is wrong takes off points (`negative`); Moodle has that for none of its kinds in the same way"
)
RATIO_PLACES = 7
LONGEST_NUMBER, LONGEST_CATEGORY = 100, 255
"""Of a question's id number and a category's name: what Moodle's tables take."""


def moodle_refusal(held: Held) -> str | None:
    """Why Moodle cannot hold what another platform may; None if it can."""
    match held.shape:
        case OptionsToOrder() as order if any("![" in text for text in order.options.values()):
            return "its options are pictures, and Moodle puts words in order"
        case Choices(is_single=True) | OptionsToOrder() | Blanks() | Essay():
            return None
        case Choices(is_shared=False) | RowsToMatch(is_shared=False) if not _is_one_row(held.shape):
            return f"it is all points or none, and Moodle {ALL_OR_NOTHING}"
        case Choices(is_negative=True) | RowsToMatch(is_negative=True):
            return TAKES_OFF
        case Choices(right=()):
            return "no option is right, and nothing chosen is no answer in Moodle"
    return None


def moodle_xml(title: str, groups: Sequence[tuple[Item, ...]]) -> bytes:
    """The file.

    Variants of a question come into a category of their own, from which a quiz can draw one.

    Args:
        title: Of the category that the questions come into.
        groups: Questions that Moodle can hold, each with its variants.
    """
    quiz = ET.Element("quiz")
    quiz.append(_category(title))
    quiz.extend(_question(group[0]) for group in groups if len(group) == 1)
    for group in groups:
        if len(group) > 1:
            quiz.append(_category(title, group[0].name))
            quiz.extend(map(_question, group))
    ET.indent(quiz)
    return document(quiz)


def _category(*path: str) -> ET.Element:
    # A single slash begins a category within.
    steps = (printable(one)[:LONGEST_CATEGORY].replace("/", "//") for one in path)
    xml = ET.Element("question", {"type": "category"})
    _text(ET.SubElement(xml, "category"), "/".join(("$course$", "top", *steps)))
    return xml


def _question(item: Item) -> ET.Element:
    shape = item.held.shape
    pictures = PictureFiles(moodle_text.IN_FILES)
    parts = [moodle_text.paragraphs(text, pictures) for text in item.texts]
    xml = ET.Element("question", {"type": _type(shape)})
    _text(ET.SubElement(xml, "name"), f"{item.name}  {item.variant}".strip())
    asked = "\n".join([*parts, *_embedded(shape, pictures)])
    xml.append(_html("questiontext", asked, pictures))
    xml.append(_html("generalfeedback", ""))
    if xml.get("type") != "cloze":
        ET.SubElement(xml, "defaultgrade").text = decimal(item.points, RATIO_PLACES)
    ET.SubElement(xml, "penalty").text = "0"
    ET.SubElement(xml, "hidden").text = "0"
    number = "/".join(filter(None, (item.id, item.variant)))
    if len(number) <= LONGEST_NUMBER:
        ET.SubElement(xml, "idnumber").text = number
    xml.extend(_particulars(shape))
    if not isinstance(shape, Essay):
        xml.extend(_shown("hint", hint, moodle_text.paragraphs) for hint in item.hints)
    return xml


def _type(shape: object) -> str:
    match shape:
        case Choices(is_single=True):
            return "multichoice"
        case OptionsToOrder():
            return "ordering"
        case Essay():
            return "essay"
        case RowsToMatch() as grid if _is_one_row(grid):
            return "truefalse"
    return "cloze"


def _is_one_row(shape: object) -> bool:
    """Whether it is a single statement: then all or each is the same."""
    return (
        isinstance(shape, RowsToMatch) and len(shape.rows) == 1 and list(shape.columns) == ["true", "false"]
    )


def _particulars(shape: object) -> Iterator[ET.Element]:
    match shape:
        case Choices(is_single=True) as choices:
            shuffles = (
                choices.is_shuffled and not choices.pinned
            )  # Moodle has no options that keep their place
            yield from _flags(single="true", shuffleanswers=str(shuffles).lower(), answernumbering="ABCD")
            for id, text in choices.options.items():
                answer = _answer(text, 100 if id in choices.right else 0)
                answer.append(_shown("feedback", choices.why.get(id, ""), moodle_text.line))
                yield answer
        case RowsToMatch() as grid if _is_one_row(grid):
            (right,) = grid.right.values()
            for id in grid.columns:
                yield _answer(id, 100 if id == right else 0, "moodle_auto_format")
        case OptionsToOrder() as order:
            grading = "ABSOLUTE_POSITION" if order.is_shared else "ALL_OR_NOTHING"
            yield from _flags(
                layouttype="VERTICAL", selecttype="ALL", selectcount="0", gradingtype=grading,
                showgrading="HIDE", numberingstyle="none",
            )  # fmt: skip
            for place, id in enumerate(order.right, start=1):
                yield _answer(order.options[id], place)
        case Essay() as essay:
            yield from _flags(
                responseformat="editor", responserequired="1", responsefieldlines="15", attachments="0"
            )
            yield _shown("graderinfo", "\n\n".join(essay.rubric), moodle_text.paragraphs)


def _embedded(shape: object, pictures: PictureFiles) -> Iterator[str]:
    """What stands below the prompt: the parts of a question with embedded answers, each with its place."""

    def line(text: str) -> str:
        return moodle_text.line(text, pictures)

    match shape:
        case Choices(is_single=False) as choices:
            yield "<p>Say of each whether it is right.</p>"
            for id, text in choices.options.items():
                right = "yes" if id in choices.right else "no"
                yield f"<p>{line(text)} {_menu(('yes', 'no'), right)}</p>"
        case RowsToMatch() as grid if _is_one_row(grid):
            yield f"<p>{line(next(iter(grid.rows.values())))}</p>"
        case RowsToMatch() as grid:
            yield from _grid(grid, line)
        case OptionsToOrder():
            yield "<p>Put them in order, the first on top.</p>"
        case Blanks() as blanks:
            if blanks.form:
                yield f"<p>{line(blanks.form)}</p>"
            for blank in blanks.blanks:
                yield f"<p>{line(blank.meaning)}</p>"
                places = (f"{moodle_text.words(one.name)} = {_place(one)}" for one in blank.entries)
                yield f"<p>{' &#160; '.join(places)}</p>"


def _grid(grid: RowsToMatch, line: Callable[[str], str]) -> Iterator[str]:
    """Rows with a menu each; columns that are more than a word stand above it under letters."""
    if list(grid.columns.values()) == ["True", "False"]:
        letters = dict(grid.columns)
    else:
        letters = dict(zip(grid.columns, ascii_uppercase, strict=False))
        for id, text in grid.columns.items():
            yield f"<p><strong>{letters[id]}.</strong> {line(text)}</p>"
    for id, text in grid.rows.items():
        yield f"<p>{line(text)} {_menu(tuple(letters.values()), letters[grid.right[id]])}</p>"


def _menu(choices: tuple[str, ...], right: str) -> str:
    return "{1:MULTICHOICE:" + "~".join(f"={one}" if one == right else one for one in choices) + "}"


def _place(entry: NumberToFill | WordsToFill) -> str:
    if isinstance(entry, WordsToFill):
        forms = (_quoted(one) for one in entry.forms)
        return "{1:SHORTANSWER:" + "~".join(f"={one}" for one in forms) + "}"
    value = decimal(entry.value)
    answers = f"={value}:{decimal(entry.margin)}"
    if entry.half is not None:
        answers += f"~%50%{value}:{decimal(entry.half)}"
    return "{1:NUMERICAL:" + answers + "}"


def _quoted(form: str) -> str:
    """An answer as Moodle wants it: `*` alone stands for anything."""
    return moodle_text.words(form).replace("*", "\\*").replace("~", "\\~").replace("#", "\\#")


def _answer(text: str, fraction: int, form: str = "html") -> ET.Element:
    xml = _shown("answer", text, moodle_text.line)
    xml.attrib.update(fraction=str(fraction), format=form)
    return xml


def _flags(**values: str) -> Iterator[ET.Element]:
    for name, value in values.items():
        xml = ET.Element(name)
        xml.text = value
        yield xml


def _shown(name: str, text: str, as_html: Callable[[str, PictureFiles], str]) -> ET.Element:
    """An element with a text of its own, and the pictures that it shows."""
    pictures = PictureFiles(moodle_text.IN_FILES)
    return _html(name, as_html(text, pictures), pictures)


def _html(name: str, text: str, pictures: PictureFiles | None = None) -> ET.Element:
    xml = ET.Element(name, {"format": "html"})
    _text(xml, text)
    for file_name, content in (pictures.files if pictures else {}).items():
        file = ET.SubElement(xml, "file", {"name": file_name, "path": "/", "encoding": "base64"})
        file.text = base64.b64encode(content).decode("ascii")
    return xml


def _text(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "text").text = text
