"""Two students' variants and reports side by side in docs/paper.md: `python .ci/two_reports.py` writes them.

With `--check` nothing is written: it ends with 1 where the page shows something else than rnngrade does now.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "paper.md"
EXERCISE, STUDENTS = "rnn-paper", ("amara.py", "chiara.py")
COLUMNS = 58
SHOWN = ("trace", "fading")
BLOCK = re.compile(r"(<!-- (?:prompts|reports) -->\n```text\n).*?(?=```)", re.DOTALL)
OF_THE_MACHINE = re.compile(r"sandbox: \w+ · \d+\.\d\d s of CPU")


def printed(*words: str) -> list[str]:
    """Lines that a command prints for a terminal of half a page's width."""
    from grader.cli import main

    target = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(target), contextlib.redirect_stderr(io.StringIO()):
        main(list(words))
        target.flush()
    text = target.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]
    return OF_THE_MACHINE.sub("sandbox: full · 0.01 s of CPU", text).rstrip("\n").split("\n")


def beside(left: list[str], right: list[str]) -> str:
    """Two columns as lines of text."""
    rows = itertools.zip_longest(left, right, fillvalue="")
    return "".join(f"{one:{COLUMNS}} │ {other}".rstrip() + "\n" for one, other in rows)


def prompts(folder: Path) -> str:
    """Some questions as each of the two has them."""
    both = []
    for name in STUDENTS:
        stated = re.search(r'variant = "([^"]+)"', (folder / name).read_text(encoding="utf-8"))
        assert stated is not None
        lines = [f"variant {stated[1]} ({Path(name).stem})"]
        for question in SHOWN:
            shown = printed("show", EXERCISE, question, "--variant", stated[1], "--no-pager")
            start = next(n for n, line in enumerate(shown) if f"  {question}  " in line)
            end = next(n for n, line in enumerate(shown) if line.strip() == "Hand in:")
            lines += ["", *shown[start:end]]
        both.append([line.rstrip() for line in lines])
    return beside(*both)


def reports(folder: Path) -> str:
    """What `submit` says to each."""
    return beside(*(printed("submit", str(folder / name), "--no-pager") for name in STUDENTS))


def page() -> str:
    """The page with both blocks as they have to be."""
    os.environ |= {"COLUMNS": str(COLUMNS), "NO_COLOR": "1"}
    with tempfile.TemporaryDirectory() as made:
        # A record is kept beside an answer that was marked; this one is nobody's.
        folder = Path(shutil.copytree(ROOT / "submissions_example" / EXERCISE, Path(made) / EXERCISE))
        blocks = iter((prompts(folder), reports(folder)))
        return BLOCK.sub(lambda found: found[1] + next(blocks), PAGE.read_text(encoding="utf-8"))


def main() -> int:
    """Write the page, or with --check say whether it is current."""
    wanted = page()
    if "--check" in sys.argv[1:]:
        is_current = wanted == PAGE.read_text(encoding="utf-8")
        if not is_current:
            print("docs/paper.md shows other reports than rnngrade; run  python .ci/two_reports.py")
        return 0 if is_current else 1
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
