"""An XML document as bytes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

# XML 1.0 has no way at all to say these.
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
INSTEAD = "\ufffd"


def document(root: ET.Element) -> bytes:
    """The document in UTF-8; a character that XML cannot say is replaced.

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
