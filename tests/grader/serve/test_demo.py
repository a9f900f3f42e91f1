"""`rnngrade serve --demo`: nothing to set up, two links, and nothing stays."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from grader.lms.roster import read_roster
from grader.serve import demo
from grader.serve.courses import ROSTER_FILE, read_course_folder

ROOT = Path(__file__).parents[3]
# Tests that run in the background have Ctrl-C switched off, and so would the server have it.
LISTENING = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
RUN = [sys.executable, "-c", f"{LISTENING}; import sys; from grader.cli import main; sys.exit(main())"]


def browser(link: str) -> httpx2.Client:
    """A browser that has signed in by a link."""
    root = link.partition("/in/")[0]
    made = httpx2.Client(base_url=root, headers={"origin": root}, timeout=30)
    assert made.post(link).status_code == 303
    return made


def told(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def wait_for(client: httpx2.Client) -> None:
    for _ in range(1800):
        load = client.get("/health").json()
        if not load["waiting"] and not load["running"]:
            return
        time.sleep(0.1)
    raise AssertionError("not everything was marked within three minutes")


def test_the_demo_has_marks_and_words_and_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    running = subprocess.Popen(
        [*RUN, "serve", "--demo", "--port", "0", "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    try:
        assert running.stdout
        links = dict(running.stdout.readline().strip().split(": ", 1) for _ in range(2))
        time.sleep(0.2)
        for _ in range(600):
            try:
                student, staff = browser(links["student"]), browser(links["staff"])
                break
            except httpx2.ConnectError:
                time.sleep(0.1)
        assert any(tmp_path.iterdir())
        wait_for(staff)
        assert "7 of 10" in told(student.get("/").text)
        assert "3 wait" in told(staff.get("/staff/words").text)
        running.send_signal(signal.SIGINT)
        output, errors = running.communicate(timeout=120)
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
    assert running.returncode == 130
    assert "Traceback" not in output + errors
    assert list(tmp_path.iterdir()) == []
    # No worker either: nobody is left in its session.
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)


def test_its_own_exercise_is_marked_as_it_says() -> None:
    from grader.cli import main

    (file,) = (demo.OWN / "exercises").iterdir()
    assert main(["author", "lint", str(file)]) == 0


@pytest.mark.parametrize(
    "words", [["serve"], ["serve", "course", "--demo"], ["serve", "--demo", "--database", "x.db"]]
)
def test_a_demo_and_a_course_exclude_each_other(words: list[str]) -> None:
    from grader.cli import main

    assert main(words) == 2


def test_the_first_course_of_the_page_is_one(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
    lines = page.split("## A first course")[1].split("```bash\n")[1].split("```")[0].splitlines()
    assert lines.pop() == "rnngrade serve course/"
    subprocess.run(["sh", "-e", "-c", "\n".join(lines)], cwd=tmp_path, check=True)
    found = read_course_folder(tmp_path / "course")
    assert list(found.exercises) == ["mit-6390-recitation-8"]
    assert [(one.id, one.name) for one in read_roster(tmp_path / "course" / ROSTER_FILE)] == [
        ("ada", "Ada Example")
    ]
