"""Parts of question files of every platform: XML documents, and pictures as files beside them."""

from __future__ import annotations

import base64
import hashlib
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

from grader.mathematics.prose import Picture, pieces

# XML 1.0 has no way at all to say these.
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
INSTEAD = "\ufffd"


def document(root: ET.Element) -> bytes:
    """The document in UTF-8; a character that XML cannot hold is replaced.

    Args:
        root: Its texts and attributes may hold anything; they are changed in place.
    """
    for element in root.iter():
        element.text, element.tail = _allowed(element.text), _allowed(element.tail)
        for name, value in element.attrib.items():
            element.set(name, NOT_IN_XML.sub(INSTEAD, value))
    text: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text + b"\n"


def _allowed(text: str | None) -> str | None:
    return None if text is None else NOT_IN_XML.sub(INSTEAD, text)


DATA = re.compile(r"data:image/(svg\+xml|png|jpeg);base64,([A-Za-z0-9+/=]*)")
SUFFIXES = {"svg+xml": "svg", "png": "png", "jpeg": "jpg"}


def data_of(source: str) -> tuple[str, bytes] | None:
    """A picture's type and content, from the data address that a text has in place of a file's name."""
    found = DATA.fullmatch(source)
    return (found[1], base64.b64decode(found[2])) if found else None


@dataclass
class PictureFiles:
    """The pictures that texts show, each once.

    Args:
        folder: What stands before a file's name in the text that comes out.
        files: Their contents, by name.
    """

    folder: str
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, type: str, content: bytes) -> str:
        """A picture's name.

        Args:
            type: "svg+xml", "png" or "jpeg".
            content: Of the file.
        """
        name = f"picture-{hashlib.sha256(content).hexdigest()[:12]}.{SUFFIXES[type]}"
        self.files[name] = content
        return name

    def put_out(self, text: str) -> str:
        """The text with the name of a file in the place of each picture's data."""
        if "![" not in text:
            return text
        parts, end = [], 0
        for one in pieces(text):
            if isinstance(one, Picture) and (data := data_of(one.source)):
                parts += [text[end : one.start], f"![{one.seen}]({self.folder}{self.add(*data)})"]
                end = one.end
        return "".join((*parts, text[end:]))
