"""Photographs of a served course: the demo, gone through as a student and as staff."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn

from grader.serve import people
from grader.serve.app import application
from grader.serve.demo import demo_folder, hand_in_for_all
from grader.serve.people import Role
from grader.serve.running import server_for
from grader.serve.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTH = 900
ACTION_MS = 15_000
DUE = "2030-06-01T12:00:00Z"
STUDENT = "farid"
TYPED = {"s0": "[0 0]", "Wss": "[0 0; 1 0]", "Wsx": "[1; 0]", "Wo": "[1/2 1/2]"}


def photograph(browser: Browser, folder: Path) -> None:
    """Take the pictures.

    Args:
        browser: To look with.
        folder: Where they go.
    """
    with demo_folder() as course:
        file = course / "course.toml"
        file.write_text(
            re.sub(r"due = \S+", f"due = {DUE}", file.read_text(encoding="utf-8")), encoding="utf-8"
        )
        with server_for(course, jobs=2, is_unsafe_ok=True) as server:
            hand_in_for_all(server)
            with _served(server) as address:
                _as_student(_signed_in(browser, server, address, Role.STUDENT), address, folder)
                _as_staff(_signed_in(browser, server, address, Role.INSTRUCTOR), address, folder)


def _as_student(page: Page, address: str, folder: Path) -> None:
    _wait_until_marked(page, address)
    page.screenshot(path=folder / "served-course.png", clip=_top(420))
    page.goto(f"{address}/exercise/first-steps")
    states, mean = (page.locator(f"section:has(> h2#question-{name})").first for name in ("states", "mean"))
    for place, number in enumerate(("2", "2", "5")):
        states.locator(f"[name$='/s.{place}.0']").fill(number)
    for name, text in TYPED.items():
        mean.locator(f"[name$='/{name}']").fill(text)
    mean.get_by_role("button", name="Preview").click()
    mean.locator(".reading math").first.wait_for()
    # When it was saved is another time on each day.
    page.locator(".note time").evaluate_all("all => all.forEach(one => one.textContent = '14:03:22')")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.screenshot(path=folder / "served-exercise.png", clip=_top(1650), full_page=True)
    states.locator("[name$='/s.2.0']").fill("4")
    states.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/hand-in/*")
    _wait_until_marked(page, address)
    page.reload()
    page.locator("time").first.evaluate("one => one.textContent = 'Wed 29 May 2030, 14:05 UTC'")
    page.screenshot(path=folder / "served-report.png", clip=_top(900), full_page=True)


def _as_staff(page: Page, address: str, folder: Path) -> None:
    page.goto(f"{address}/staff/words")
    page.screenshot(path=folder / "served-words.png", clip=_top(620))


def _top(height: int) -> dict[str, float]:
    return {"x": 0, "y": 0, "width": WIDTH, "height": height}


def _signed_in(browser: Browser, server: Server, address: str, role: Role) -> Page:
    with server.book.writing_durably() as connection:
        who = next(
            one for one in people.everybody(connection) if one.role is role and one.id in (STUDENT, "staff")
        )
        secret = people.new_link(connection, who.id)
    page = browser.new_page(viewport={"width": WIDTH, "height": 700}, color_scheme="light", timezone_id="UTC")
    page.set_default_timeout(ACTION_MS)
    page.goto(f"{address}/in/{secret}")
    page.get_by_role("button", name="Sign in").click()
    return page


def _wait_until_marked(page: Page, address: str) -> None:
    for _ in range(600):
        load: dict[str, Any] = page.request.get(f"{address}/health").json()
        if not load["waiting"] and not load["running"]:
            return
        time.sleep(0.1)
    raise TimeoutError("the demo was not marked within a minute")


@contextlib.contextmanager
def _served(server: Server) -> Iterator[str]:
    config = uvicorn.Config(application(server), host="127.0.0.1", port=0, log_level="warning")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        while not running.started:
            time.sleep(0.05)
        (listening,) = running.servers
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join(30)
