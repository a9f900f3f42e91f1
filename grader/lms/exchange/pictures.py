"""Pictures of an exercise's texts as files of their own."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field

from grader.mathematics.prose import Picture, pieces

DATA = re.compile(r"data:image/(svg\+xml|png|jpeg);base64,([A-Za-z0-9+/=]*)")
SUFFIXES = {"svg+xml": "svg", "png": "png", "jpeg": "jpg"}


def data_of(source: str) -> tuple[str, bytes] | None:
    """A picture's type and content, where a text has them in the place of a file's name."""
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
        """The text with the name of a file in the place of each picture's data.

        Args:
            text: Of a loaded exercise.
        """
        if "![" not in text:
            return text
        parts, end = [], 0
        for one in pieces(text):
            if isinstance(one, Picture) and (data := data_of(one.source)):
                parts += [text[end : one.start], f"![{one.seen}]({self.folder}{self.add(*data)})"]
                end = one.end
        return "".join((*parts, text[end:]))
