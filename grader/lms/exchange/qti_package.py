"""A QTI 2.1 content package: a zip file of items, a test with all of them, pictures and the manifest."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence

from grader.lms.exchange.file_parts import PictureFiles, document
from grader.lms.exchange.item import Item, identifier
from grader.lms.exchange.qti_elements import QTI, qti
from grader.lms.exchange.qti_item import qti_item
from grader.lms.fixed_zip import fixed_zip
from grader.mathematics.tree import NAMESPACE as MATHML
from grader.reports.printable import printable

PACKAGE = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
SCHEMA = "http://www.imsglobal.org/xsd/imsqti_v2p1 http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
ITEM, TEST = "imsqti_item_xmlv2p1", "imsqti_test_xmlv2p1"
FROM_ITEMS = "../pictures/"


def qti_package(name: str, title: str, groups: Sequence[tuple[Item, ...]]) -> bytes:
    """The zip file; the same questions give the same one, byte for byte.

    Args:
        name: Of the test, the exercise's id.
        title: Of the test.
        groups: The questions, each with its variants, of which the test takes one.
    """
    files: dict[str, bytes] = {}
    resources = [_resource("test", TEST, "test.xml")]
    sections = []
    for group in groups:
        ids = []
        for item in group:
            pictures = PictureFiles(FROM_ITEMS)
            id = identifier("-".join(filter(None, (item.id.partition("/")[2], item.variant))))
            file = f"items/{id}.xml"
            files[file] = _document(qti_item(item, id, pictures))
            shown = {f"pictures/{one}": content for one, content in pictures.files.items()}
            files |= shown
            resources.append(_resource(id, ITEM, file, shown))
            _child(resources[0], "dependency", identifierref=id)
            ids.append(id)
        sections.append(_section(group[0], ids))
    files["test.xml"] = _document(_test(name, title, sections))
    files["imsmanifest.xml"] = _document(_manifest(name, resources))
    return fixed_zip(files)


def _resource(id: str, type: str, href: str, more: Iterable[str] = ()) -> ET.Element:
    made_resource = _element("resource", identifier=id, type=type, href=href)
    for used in (href, *more):
        _child(made_resource, "file", href=used)
    return made_resource


def _manifest(name: str, resources: list[ET.Element]) -> ET.Element:
    manifest = _element("manifest", identifier=f"package-{identifier(name)}")
    metadata = _child(manifest, "metadata")
    _child(metadata, "schema").text = "QTIv2.1 Package"
    _child(metadata, "schemaversion").text = "1.0.0"
    _child(manifest, "organizations")
    _child(manifest, "resources").extend(resources)
    return manifest


def _section(item: Item, ids: list[str]) -> ET.Element:
    """A question in the test: its item, or one of its variants."""
    id = identifier(item.id.partition("/")[2])
    section = qti("assessmentSection", {"identifier": f"section-{id}", "title": item.name, "visible": "true"})
    if len(ids) > 1:
        section.append(qti("selection", {"select": "1"}))
    references = ({"identifier": f"ref-{one}", "href": f"items/{one}.xml"} for one in ids)
    section.extend(qti("assessmentItemRef", reference) for reference in references)
    return section


def _test(name: str, title: str, sections: list[ET.Element]) -> ET.Element:
    part = {"identifier": "part", "navigationMode": "nonlinear", "submissionMode": "simultaneous"}
    attributes = {"identifier": identifier(name), "title": printable(title)}
    return qti("assessmentTest", attributes, qti("testPart", part, *sections))


def _document(root: ET.Element) -> bytes:
    ET.register_namespace("m", MATHML.strip("{}"))
    ET.register_namespace("xsi", XSI.strip("{}"))
    own = PACKAGE if root.tag.startswith(PACKAGE) else QTI
    if own == QTI:
        root.set(f"{XSI}schemaLocation", SCHEMA)
    # Written under a prefix of its own, QTI is not found by importers that look for plain names.
    ET.register_namespace("", own.strip("{}"))
    return document(root)


def _element(name: str, **attributes: str) -> ET.Element:
    return ET.Element(f"{PACKAGE}{name}", attributes)


def _child(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    made_child = _element(name, **attributes)
    parent.append(made_child)
    return made_child
