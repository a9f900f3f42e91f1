"""The pictures of docs/images, made anew from what rnngrade shows: `python .ci/pictures.py`.

With `--check` nothing is drawn: it ends with 1 where a picture shows other words than rnngrade does now, so
that no browser is needed and no two browsers have to draw alike.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
SHOWN = IMAGES / "shown.json"
EXERCISE = "mit-6390-recitation-8"
ANSWER = f"submissions_example/{EXERCISE}/chiara.ipynb"
COMMANDS = (
    "rnngrade show mit-6390-recitation-8 b_i",
    f"rnngrade submit {ANSWER} --question b_i",
    "rnngrade hint mit-6390-recitation-8 b_i",
)
PAGES = {"report-light.png": "light", "report-dark.png": "dark", "class.png": "light"}
WIDTH, HEIGHT, COLUMNS = 900, 1000, 84
OF_THE_MACHINE = re.compile(r"sandbox: \w+ · \d+\.\d\d s of CPU")
FONT_FACE = re.compile(r"@font-face\s*\{.*?\}", re.DOTALL)
TAGS = re.compile(r"<style>.*?</style>|<[^>]+>", re.DOTALL)


def report_page() -> str:
    """The page of an answer of the made-up class."""
    import rnngrade

    return OF_THE_MACHINE.sub(
        "sandbox: full · 0.10 s of CPU", rnngrade.grade(ROOT / ANSWER, EXERCISE).to_html()
    )


def class_page(folder: Path) -> str:
    """The index of the made-up class.

    Args:
        folder: An empty one.
    """
    command = [
        "batch",
        f"submissions_example/{EXERCISE}",
        "--exercise",
        EXERCISE,
        "--html",
        str(folder / "pages"),
    ]
    program = Path(sys.executable).with_name("rnngrade")
    more = ["--gradebook", str(folder / "gradebook.db")]
    subprocess.run([program, *command, *more], cwd=ROOT, capture_output=True, check=False)
    return (folder / "pages" / "index.html").read_text(encoding="utf-8")


def session() -> str:
    """What the commands write on a terminal with colours."""
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    written = []
    for command in COMMANDS:
        done = subprocess.run(
            [Path(sys.executable).with_name("rnngrade"), *command.split()[1:]],
            cwd=ROOT,
            env=environment | {"LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        written.append(f"\x1b[1m$ {command}\x1b[0m\n{done.stdout}")
    return OF_THE_MACHINE.sub("sandbox: full · 0.10 s of CPU", "\n".join(written))


def session_svg(text: str) -> str:
    """The session as a drawing that loads no font from anywhere."""
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(text))
    drawn = console.export_svg(title="rnngrade", unique_id="session")
    return FONT_FACE.sub("", drawn).replace("Fira Code", "DejaVu Sans Mono")


def shown(page: str, text: str) -> dict[str, str]:
    """A digest of the words of each picture."""
    words = " ".join(TAGS.sub(" ", page).split())
    digests = {"report": words, "session": text}
    return {name: hashlib.sha256(value.encode()).hexdigest() for name, value in digests.items()}


def draw(report: str, index: str) -> None:
    """Photograph the pages.

    Args:
        report: The page of a report.
        index: That of a class.
    """
    import served  # beside this file; the check needs neither a browser nor a server
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium-headless-shell")
    if program is None:
        sys.exit("there is no chromium-headless-shell: apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"] if os.getuid() == 0 else []
        )
        for name, scheme in PAGES.items():
            view = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme)
            view.set_content(index if name == "class.png" else report, timeout=15_000)
            view.screenshot(path=IMAGES / name, timeout=15_000)
        served.photograph(browser, IMAGES)
        browser.close()


def main() -> None:
    """Draw, or only tell whether what is drawn is still shown."""
    page, text = report_page(), session()
    now = shown(page, text)
    if "--check" in sys.argv:
        then = json.loads(SHOWN.read_text(encoding="utf-8"))
        stale = [name for name in now if now[name] != then.get(name)]
        sys.exit(f"stale: {', '.join(stale)}; run python .ci/pictures.py and look at them" if stale else 0)
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        draw(page, class_page(Path(folder)))
    drawn = session_svg(text)
    ElementTree.fromstring(drawn)
    (IMAGES / "session.svg").write_text(drawn, encoding="utf-8")
    SHOWN.write_text(json.dumps(now, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
