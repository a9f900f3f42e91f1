"""What a browser without scripts sends of a page: its fields, and what is typed into them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from starlette.testclient import TestClient

WITHOUT_END = ("input",)


class PageForm(HTMLParser):
    """The form of a page in which its questions are.

    Args:
        page: The page.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.buttons: list[dict[str, str]] = []
        self._is_inside = False
        self._area: str | None = None
        self._select: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A control, or where the form begins."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = "data-kept" in given
            if self._is_inside:
                self.action = given["action"]
        if not self._is_inside:
            return
        if tag == "button":
            self.buttons.append(given)
        elif tag == "textarea":
            self._area = given["name"]
            self.fields.append((self._area, ""))
        elif tag == "select":
            self._select = given["name"]
            self.fields.append((self._select, ""))
        elif tag == "option" and "selected" in given and self._select:
            self.fields[-1] = (self._select, given["value"])
        elif tag == "input" and (
            given.get("type") not in ("radio", "checkbox", "file") or "checked" in given
        ):
            self.fields.append((given["name"], given.get("value", "")))

    def handle_data(self, data: str) -> None:
        """What stands in a text."""
        if self._area is not None:
            name, text = self.fields[-1]
            self.fields[-1] = (name, text + (data if text else data.removeprefix("\n")))

    def handle_endtag(self, tag: str) -> None:
        """Where a control or the form ends."""
        if tag == "form":
            self._is_inside = False
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None


class OpenPage:
    """The page of an exercise that was opened once, and is used however long after, without scripts.

    Args:
        client: The browser.
        path: Of the exercise.
    """

    def __init__(self, client: TestClient, path: str) -> None:
        self.client, self.path = client, path
        self.form = PageForm(client.get(path).text)
        self.fields = dict(self.form.fields)

    def type(self, question: str, **typed: str) -> OpenPage:
        """Type something into the fields of a question."""
        for name, text in typed.items():
            assert f"field.{question}/{name}" in self.fields
            self.fields[f"field.{question}/{name}"] = text
        return self

    def press(self, question: str, action: str) -> str:
        """Press a button of a question, or of the page where that is empty; where it leads."""
        path = f"{self.path}/{question}" if question else self.path
        assert any(
            (one.get("formaction", self.form.action), one.get("value")) == (path, action)
            for one in self.form.buttons
        )
        got = self.client.post(path, data={**self.fields, "action": action})
        return got.headers.get("location", str(got.status_code))

    def press_with_scripts(self, question: str, action: str) -> dict[str, str]:
        """The same where the page stays open and takes in what is told of it: the notes, by question."""
        path = f"{self.path}/{question}" if question else self.path
        got = self.client.post(path, data={**self.fields, "action": action, "part": "1"})
        told = re.findall(r'data-question="(\w+)" data-seen="([^"]+)">(.*?)</p>', got.text)
        self.fields |= {f"seen/{one}": seen for one, seen, _ in told}
        return {one: re.sub("<[^>]+>", "", note) for one, _, note in told}
