"""What the server's pages share: the frame around each of them, forms, links to staff's pages."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from starlette.responses import HTMLResponse

from grader.reports.html.elements import Child, as_html, element
from grader.serve.people import Person

SCRIPTS = ("serve.js", "typed.js", "times.js", "grid.js")
"""Our own scripts, in all pages; the pages work without them."""

NO_PAGE_HOLDS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def page(
    title: str,
    *body: Child,
    person: Person | None = None,
    status: int = 200,
    again_s: int = 0,
    more_style: str = "",
) -> HTMLResponse:
    """A page as a response.

    Args:
        title: For the tab.
        body: What stands in `<main>`.
        person: Who is signed in.
        status: Of HTTP.
        again_s: After which a browser without scripts looks again by itself; never if left out.
        more_style: The path of one more style.
    """
    head = element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("title", {}, title),
        element("link", {"rel": "stylesheet", "href": "/static/page.css"}),
        element("link", {"rel": "stylesheet", "href": "/static/serve.css"}),
        element("link", {"rel": "stylesheet", "href": more_style}) if more_style else None,
        element("link", {"rel": "icon", "href": "data:,"}),
        element("noscript", {}, element("meta", {"http-equiv": "refresh", "content": str(again_s)}))
        if again_s
        else None,
        *(element("script", {"src": f"/static/{name}", "type": "module"}) for name in SCRIPTS),
    )
    skip = element("a", {"class": "skip", "href": "#main"}, "Skip to content")
    main = element("main", {"id": "main", "tabindex": "-1"}, *body)
    root = element("html", {"lang": "en"}, head, element("body", {}, skip, _navigation(person), main))
    return HTMLResponse(f"<!doctype html>\n{as_html(root)}\n", status)


def _navigation(person: Person | None) -> ET.Element | None:
    if person is None:
        return None
    staff = element("a", {"href": "/staff"}, "Staff") if person.is_staff else None
    return element(
        "nav",
        {"aria-label": "Course"},
        element("a", {"href": "/"}, "Course"),
        " ",
        staff,
        element("span", {}, f"Signed in as {person.name or person.id}"),
        form("/out", button("Sign out"), kind="plain"),
    )


def form(action: str, *children: Child, kind: str = "", upload: bool = False) -> ET.Element:
    """A form that sends to this server.

    Args:
        action: The path.
        children: Its controls.
        kind: A class of its style.
        upload: Whether it sends files.
    """
    attributes = {"method": "post", "action": action}
    if kind:
        attributes["class"] = kind
    if upload:
        attributes["enctype"] = "multipart/form-data"
    return element("form", attributes, *children)


def button(words: str, **attributes: str) -> ET.Element:
    """A button that sends its form."""
    return element("button", {"type": "submit", **attributes}, words)


def buttons(*children: Child) -> ET.Element:
    """The buttons of a form, in one line."""
    return element("p", {"class": "buttons"}, *children)


def one_of(names: Mapping[str, str], chosen: str, **attributes: str) -> ET.Element:
    """A control in which one of several is chosen.

    Args:
        names: What is shown of each, by what the form sends.
        chosen: What stands there at first.
        attributes: Of the control.
    """
    options = (
        element("option", {"value": value, **({"selected": ""} if value == chosen else {})}, words)
        for value, words in names.items()
    )
    return element("select", attributes, *options)


def hidden(values: Mapping[str, str] | Iterable[tuple[str, str]]) -> list[ET.Element]:
    """Hidden fields of a form, sent letter by letter as they are here."""
    made = []
    for name, value in values.items() if isinstance(values, Mapping) else values:
        # Some browsers put back what stood there before the page was loaded again.
        one = element("input", {"type": "hidden", "name": name, "value": "", "autocomplete": "off"})
        one.set("value", verbatim(value))
        made.append(one)
    return made


def verbatim(text: str) -> str:
    """A text that somebody typed, to be edited further: only characters that no page can hold are changed.

    Elsewhere `printable` shows what cannot be seen; in a control that would be sent back as if it were typed.
    """
    return NO_PAGE_HOLDS.sub("\N{REPLACEMENT CHARACTER}", text)


def labelled(label: str, control: ET.Element, hint: str = "") -> ET.Element:
    """A control with its label before it, and below it what is wanted."""
    id = control.attrib["id"]
    below = element("span", {"class": "quiet", "id": f"{id}-hint"}, hint) if hint else None
    if hint:
        control.set("aria-describedby", f"{id}-hint")
    return element("p", {}, element("label", {"for": id}, label), control, below)


def alert(problem: str, so: str) -> ET.Element | None:
    """Why something was not done, on the page that comes back; None where nothing is wrong.

    Args:
        problem: Why, without a full stop.
        so: What that means for what was sent, a sentence.
    """
    return element("p", {"class": "problem", "role": "alert"}, f"{problem}. {so}") if problem else None


def path_of_person(id: str) -> str:
    """Where staff see somebody."""
    return f"/staff/people/{quote(id, safe='')}"


def path_of_exercise(id: str) -> str:
    """Where staff see the class in an exercise."""
    return f"/staff/exercises/{quote(id, safe='')}"


def message(title: str, words: str, status: int = 200) -> HTMLResponse:
    """A page that says one thing."""
    back = element("p", {}, element("a", {"href": "/"}, "Back to the course"))
    return page(title, element("h1", {}, title), element("p", {}, words), back, status=status)
