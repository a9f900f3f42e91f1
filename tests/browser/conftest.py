"""Debian's headless Chromium, started once; what a page does in it is written down."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    # Not at run time: without the extra `browser` these tests are collected, too, and then deselected.
    from playwright.sync_api import Browser, Page


def _beside(name: str) -> ModuleType:
    """A file of this folder; tests are no packages, so it is loaded by path."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pages = _beside("pages")
PROGRAM = "chromium-headless-shell"
ONE_ACTION_MS = 15_000
AXE_S = 30
WATCH = """
window.refused = [];
addEventListener('securitypolicyviolation', e => refused.push(e.effectiveDirective + ' ' + e.blockedURI));
"""
# Promises are raced, since nothing else ends an evaluation that never answers.
AXE = f"""() => Promise.race([
    axe.run({{resultTypes: ['violations']}}),
    new Promise((_, fail) => setTimeout(() => fail('axe gave no answer'), {AXE_S * 1000})),
])"""


@dataclass
class Opened:
    """A page in the browser.

    Args:
        page: Playwright's.
        asked_for: The addresses of everything but itself that it wanted to load.
    """

    page: Page
    asked_for: list[str] = field(default_factory=list)

    def refused(self) -> list[str]:
        """What the page's own policy stopped."""
        found: list[str] = self.page.evaluate("refused")
        return found

    def violations(self) -> list[str]:
        """What axe-core finds fault with, opened details too: the rule, and the first places."""
        from axe_playwright_python.sync_playwright import Axe

        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(Axe().axe_script)
        found: dict[str, Any] = self.page.evaluate(AXE)
        return [
            f"{one['id']}: {[node['html'][:150] for node in one['nodes'][:3]]}" for one in found["violations"]
        ]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    from playwright.sync_api import sync_playwright

    program = shutil.which(PROGRAM)
    assert program, f"there is no {PROGRAM}: apt-get install --no-install-recommends {PROGRAM}"
    # Its own sandbox refuses to start as root; the pages are ours, and nothing outside is reached.
    options = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=options, timeout=ONE_ACTION_MS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def open_page(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Opened]:
    """Opens the text of a page from a file of its own."""

    def opened(text: str, **context: Any) -> Opened:
        path = tmp_path_factory.mktemp("page") / "page.html"
        path.write_text(text, encoding="utf-8")
        page = chromium.new_context(**context).new_page()
        page.set_default_timeout(ONE_ACTION_MS)
        page.add_init_script(WATCH)
        made = Opened(page)
        own = path.as_uri()
        page.on("request", lambda one: one.url == own or made.asked_for.append(one.url))
        page.goto(own)
        return made

    return opened


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that wants a page `opened` gets each of its type."""
    if "opened" in metafunc.fixturenames:
        rows = pages.STRANGE if "strange" in metafunc.fixturenames else pages.PAGES
        # One worker opens a page once, for all tests of it.
        each = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in rows]
        metafunc.parametrize("opened", each, indirect=True, scope="session")


@pytest.fixture(scope="session")
def opened(request: pytest.FixtureRequest, open_page: Callable[..., Opened]) -> Iterator[Opened]:
    """A page of each type, opened once for all tests of it."""
    made = open_page(pages.PAGES[request.param]())
    yield made
    made.page.context.close()
