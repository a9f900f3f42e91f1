"""A report in JupyterLab, trusted and not: `python .ci/jupyterlab.py VENV`, where VENV has JupyterLab.

Draws docs/images/notebook-untrusted.png and notebook-trusted.png, to be looked at.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import nbclient
import nbformat
from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parents[1] / "docs" / "images"
ADDRESS = "http://127.0.0.1:8931"
CELL = 'import rnngrade\nq1a = {"y": [0.25, 0.5, 0.5, 0.75]}\nrnngrade.check("q1a")'


def main() -> None:
    """Run the notebook, open it before and after it is trusted, and photograph both."""
    programs = Path(sys.argv[1]) / "bin"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.ipynb"
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
        nbclient.NotebookClient(book, timeout=60).execute()
        nbformat.write(book, path)
        environment = {**os.environ, "HOME": folder, "JUPYTER_CONFIG_DIR": folder, "JUPYTER_DATA_DIR": folder}
        options = [
            "--no-browser",
            "--allow-root",
            "--port=8931",
            "--IdentityProvider.token=",
            "--ServerApp.ip=127.0.0.1",
        ]
        server = subprocess.Popen(
            [programs / "jupyter-lab", *options, f"--ServerApp.root_dir={folder}"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait()
            _draw("notebook-untrusted.png")
            subprocess.run(
                [programs / "jupyter-trust", path], env=environment, check=True, capture_output=True
            )
            _draw("notebook-trusted.png")
        finally:
            server.terminate()
            server.wait(10)


def _wait() -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{ADDRESS}/api", timeout=2).close()
            return
        except OSError:
            time.sleep(0.3)
    sys.exit("JupyterLab did not start")


def _draw(name: str) -> None:
    program = shutil.which("chromium-headless-shell")
    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=options)
        page = browser.new_page(viewport={"width": 1100, "height": 800})
        page.goto(f"{ADDRESS}/lab/tree/report.ipynb", timeout=40_000)
        page.wait_for_selector(".jp-OutputArea-output", timeout=40_000)
        page.wait_for_timeout(1000)
        page.screenshot(path=IMAGES / name, timeout=15_000)
        browser.close()


if __name__ == "__main__":
    main()
