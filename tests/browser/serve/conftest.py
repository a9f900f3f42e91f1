"""A course that is served on this machine, for a browser to go through."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from grader.serve import people
from grader.serve.app import application
from grader.serve.people import Person, Role
from grader.serve.running import server_for
from grader.serve.server import Server
from grader.specs.catalog import installed_files
from tests.browser.conftest import ONE_ACTION_MS, WATCH, Opened
from tests.grader.serve.conftest import course_in
from tests.grader.serve.sums_course import write_sums
from tests.grader.words_exercise import WORDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OWN = Path(__file__).with_name("controls.toml")


@dataclass
class Site:
    """A course in the browser.

    Args:
        server: What is served.
        address: Where, without a slash at the end.
        chromium: The browser.
    """

    server: Server
    address: str
    chromium: Browser
    opened: list[Tab] = field(default_factory=list)

    def link(self, person: str, role: Role = Role.STUDENT) -> str:
        """A new personal link; the person is put on the list first."""
        with self.server.book.writing_durably() as connection:
            if people.find_person(connection, person) is None:
                people.keep_people(connection, [Person(id=person, name=person.title(), role=role)])
            return f"{self.address}/in/{people.new_link(connection, person)}"

    def tab(self, **context: Any) -> Tab:
        """A new tab of a browser in which nobody is signed in."""
        page = self.chromium.new_context(**context).new_page()
        page.set_default_timeout(ONE_ACTION_MS)
        made = Tab(page, self.address)
        page.add_init_script(WATCH)
        page.on("request", lambda one: made.asked_for.append(one.url))
        page.on("console", lambda one: made.console.append(one.text))
        page.on("pageerror", lambda one: made.console.append(str(one)))
        self.opened.append(made)
        return made

    def signed_in(self, person: str, role: Role = Role.STUDENT, **context: Any) -> Tab:
        """A tab of somebody who came in by the personal link."""
        made = self.tab(**context)
        made.page.goto(self.link(person, role))
        made.page.get_by_role("button", name="Sign in").click()
        return made


@dataclass
class Tab:
    """A tab, and what went on in it.

    Args:
        page: Playwright's.
        address: Of the course.
        asked_for: The addresses of all that it loaded.
        console: What the browser complained of: policies that stopped something, and errors of scripts.
    """

    page: Page
    address: str
    asked_for: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page of the course."""
        self.page.goto(self.address + path)

    def violations(self) -> list[str]:
        """What axe-core finds fault with; only where scripts run, as it never ends elsewhere."""
        return Opened(self.page).violations()

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    @property
    def outside(self) -> list[str]:
        """What it loaded from anywhere else."""
        return [url for url in self.asked_for if not url.startswith((f"{self.address}/", "data:"))]

    def wait_until_marked(self) -> None:
        """Wait until nothing waits to be marked, and the page says so if it is one that waited."""
        for _ in range(900):
            load = self.page.request.get(f"{self.address}/health").json()
            if not load["waiting"] and not load["running"]:
                # Without scripts it loads itself anew, which can stop Playwright on the way to another page.
                self.page.locator("#place").wait_for(state="detached")
                return
            time.sleep(0.1)
        raise AssertionError("not everything was marked in time")


@pytest.fixture(scope="module")
def site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """All exercises that come along, one with every control, one in words, and one whose key is wrong."""
    course = course_in(tmp_path_factory.mktemp("site"), *installed_files())
    (course / "exercises").mkdir()
    (course / "exercises" / OWN.name).write_text(OWN.read_text(encoding="utf-8"), encoding="utf-8")
    (course / "exercises" / "words.toml").write_text(WORDS, encoding="utf-8")
    write_sums(course)
    with server_for(course, jobs=2) as server, _listening(server) as address:
        made = Site(server, address, chromium)
        yield made
        for one in made.opened:
            one.page.context.close()


class _listening:
    """The server of a course at a free port of this machine, in a thread."""

    def __init__(self, server: Server) -> None:
        config = uvicorn.Config(
            application(server), host="127.0.0.1", port=0, log_level="warning", proxy_headers=False
        )
        self.uvicorn = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.uvicorn.run)

    def __enter__(self) -> str:
        self.thread.start()
        for _ in range(300):
            if self.uvicorn.started:
                (listening,) = self.uvicorn.servers
                return f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
            time.sleep(0.05)
        raise AssertionError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self.uvicorn.should_exit = True
        self.thread.join(30)


@pytest.fixture
def tab_of(site: Site) -> Iterator[Callable[..., Tab]]:
    """Tabs that are closed after the test; each was stopped in nothing and asked nobody else for anything."""
    before = len(site.opened)
    yield site.signed_in
    for one in site.opened[before:]:
        assert one.outside == []
        assert one.console == []
        one.page.context.close()
    del site.opened[before:]
