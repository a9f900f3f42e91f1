"""Pictures that the texts of an exercise name: files beside it, checked and put into the texts as data."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.model.text import joined
from grader.specs.decoding import spec_error

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from grader.mathematics.prose import Picture

MAX_BYTES = 200_000
"""A report that shows it in a hint carries all of it."""
TYPES = {".svg": "svg+xml", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg"}
STARTS = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}
DATA = re.compile(r"data:image/(?P<type>svg\+xml|png|jpeg);base64,(?P<data>[A-Za-z0-9+/]*={0,2})")
# Pages show pictures as images, in which none of this does anything: who wrote it wanted something else.
ACTIVE = frozenset({"script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler"})
# A document type is only harmless where it defines nothing.
DEFINES = re.compile(r"<!ENTITY|<!DOCTYPE[^>\[]*\[|<\?xml-stylesheet", re.IGNORECASE)
REFERENCE = re.compile(r"@import|url\(([^)]*)\)?", re.IGNORECASE)
WITHIN = ("#", "data:image/png;", "data:image/jpeg;")


class PictureTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A picture within an exercise file, as `data:image/png;base64,...`."""

    data: str


class Pictures(msgspec.Struct):
    """What the texts of an exercise file may name.

    Args:
        own: The file's own `[picture.NAME]` tables.
        folder: Where files are looked for; None where there is no such place.
        shared: Pictures that were read from files, by the name that was written.
    """

    own: Mapping[str, PictureTable] = {}
    folder: Path | None = None
    shared: dict[str, PictureTable] = {}

    def put_into(self, text: str, file: str, key: str) -> str:
        """The text with every picture's data in the place of its name.

        Args:
            text: As the file has it.
            file: The exercise file, for errors.
            key: Of the text, for errors.

        Raises:
            SpecError: If a picture is not there, too large, no picture, or nothing says what is seen on it.
        """
        if "![" not in text:
            return text
        from grader.mathematics.prose import Picture, pieces

        parts, end = [], 0
        for one in pieces(text):
            if isinstance(one, Picture):
                line = text.count("\n", 0, one.start) + 1
                parts += [
                    text[end : one.start],
                    f"![{one.seen}]({self._data(one, file, f'{key}, line {line}')})",
                ]
                end = one.end
        return "".join((*parts, text[end:]))

    def _data(self, picture: Picture, file: str, key: str) -> str:
        if not picture.seen:
            hint = f"write it between the brackets: ![what is seen]({picture.source})"
            raise spec_error(
                file, key, f"the picture {picture.source} has no words for who cannot see it", hint
            )
        try:
            return self.find(picture.source).data
        except ValueError as error:
            raise spec_error(file, key, f"the picture {picture.source} {error}") from None

    def find(self, name: str) -> PictureTable:
        """The picture of a name, as data.

        Raises:
            ValueError: If it is not there, too large or no picture; goes on after "the picture ...".
        """
        if name in self.own:
            match = DATA.fullmatch(self.own[name].data)
            if match is None:
                raise ValueError("is not written as data:image/png;base64, (or svg+xml, jpeg) and its data")
            return PictureTable(data=_checked(_decoded(match["data"]), match["type"]))
        if name not in self.shared:
            self.shared[name] = PictureTable(data=_from_file(name, self.folder))
        return self.shared[name]


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error:
        raise ValueError("has data that is not base64") from None


def _from_file(name: str, folder: Path | None) -> str:
    kind = TYPES.get(Path(name).suffix.lower())
    if kind is None:
        raise ValueError(f"is of no kind that can be shown: {joined(tuple(TYPES))}")
    path = Path(name)
    if path.is_absolute() or ".." in path.parts or ":" in name or "\\" in name or folder is None:
        raise ValueError("is not beside the exercise file; name a file in the exercise's own folder")
    whole = (folder / path).resolve()
    if not whole.is_relative_to(folder.resolve()):
        raise ValueError("is a link that leads out of the exercise's folder")
    try:
        with whole.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    return _checked(data, kind)


def _checked(data: bytes, kind: str) -> str:
    """The picture as an address that holds it.

    Raises:
        ValueError: If it is too large, or not what its name says; goes on after "the picture ...".
    """
    if len(data) > MAX_BYTES:
        raise ValueError(f"has more than {MAX_BYTES // 1000} kB; make it smaller")
    if kind in STARTS and not data.startswith(STARTS[kind]):
        raise ValueError(f"is no {kind.upper()} file")
    if kind not in STARTS:
        _require_still(data)
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _require_still(data: bytes) -> None:
    """Check that an SVG neither runs nor loads anything."""
    import xml.etree.ElementTree as ET

    try:
        text = data.decode("utf-8-sig")
        if DEFINES.search(text):
            raise ValueError("defines entities or a style sheet; save it as plain SVG")
        root = ET.fromstring(text)
    except (UnicodeDecodeError, ET.ParseError):
        raise ValueError("is no SVG file in UTF-8") from None
    if root.tag.rpartition("}")[2] != "svg":
        raise ValueError("is no SVG file: it does not begin with <svg>")
    for element in root.iter():
        if isinstance(element.tag, str):
            _require_still_element(element)


def _require_still_element(element: Element) -> None:
    name = element.tag.rpartition("}")[2]
    if name in ACTIVE:
        raise ValueError(f"holds <{name}>; pictures are shown, and nothing in them is run")
    for attribute, value in element.attrib.items():
        short = attribute.rpartition("}")[2].lower()
        if short.startswith("on"):
            raise ValueError(f"holds {short}=; pictures are shown, and nothing in them is run")
        if (short in ("href", "src") and not value.strip().startswith(WITHIN)) or _refers_outside(value):
            raise ValueError(f"refers to something outside of it ({short}); put it into the file")
    if name == "style" and _refers_outside(element.text or ""):
        raise ValueError("refers to something outside of it (style); put it into the file")


def _refers_outside(text: str) -> bool:
    """Whether a style, or an attribute that is one, names something that is not within the picture."""
    return any(not (one[1] or "").strip(" \t\r\n'\"").startswith(WITHIN) for one in REFERENCE.finditer(text))
