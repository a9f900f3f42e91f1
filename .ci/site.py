"""Fail where a page of the built site loads something from elsewhere: `python .ci/site.py build/site`."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

# A link that a reader may follow loads nothing.
LOADING = {
    "src": ("img", "script", "iframe", "source", "video", "audio", "embed"),
    "srcset": ("img", "source"),
    "href": ("link", "base", "use", "image"),
    "data": ("object",),
    "action": ("form",),
}
OUTSIDE = re.compile(r"^\s*([a-z]+:)?//", re.IGNORECASE)
IN_STYLES = re.compile(r"(?:url\(|@import)\s*['\"]?\s*((?:[a-z]+:)?//[^)'\"]+)", re.IGNORECASE)


class Loads(HTMLParser):
    """What the elements of a page load from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an address that would be asked.

        Args:
            tag: The element's name.
            attrs: Its attributes.
        """
        loaded = [value for name, value in attrs if value and tag in LOADING.get(name, ())]
        self.found += [address for address in loaded if OUTSIDE.match(address)]


def loads(path: Path) -> list[str]:
    """The addresses that a page or a style sheet loads from elsewhere."""
    text = path.read_text(encoding="utf-8")
    page = Loads()
    if path.suffix == ".html":
        page.feed(text)
    return page.found + IN_STYLES.findall(text)


if __name__ == "__main__":
    site = Path(sys.argv[1])
    pages = sorted([*site.rglob("*.html"), *site.rglob("*.css")])
    outside = [f"{path}: {address}" for path in pages for address in loads(path)]
    print("\n".join(outside) if outside else f"{len(pages)} files load nothing from elsewhere")
    sys.exit(1 if outside or not pages else 0)
