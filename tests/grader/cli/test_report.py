"""A class as pages: everybody has one, staff find everything, nobody finds what is not theirs."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import sqlite3
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from grader.cli import main
from grader.cli.report import ClassPages
from grader.gradebook.course import NO_POLICIES
from grader.gradebook.gradebook import open_gradebook

NTU = "ntu-cz4042-tutorial-8"
RIGHT = '{"q1a": [0.27, 0.73, 0.94, 0.11], "q1b": [0.27, 0.71, 0.96, 0.16]}'
ODD = '{"q1a": [0.31, 0.52, 0.63, 0.87], "q1b": [0.11, 0.22, 0.33, 0.44]}'
SAID = "planted-word-for-staff"
ANSWERS = {
    "ada": RIGHT,
    "bo": json.dumps({"q1a": {"y": [0.27, 0.73, 0.94, 0.9], "reason": SAID}}),
    "cy": "{",
    "dora": ODD,
    "Dora": ODD,
    "<img src=x onerror=alert(1)>": RIGHT,
    '"><script>alert(1)<|script>': "{}",
    "\u202egnp.\u2066turned": '{"q1a": [0, 0, 0, 0]}',
    "W" * 200: "{}",
    "=cmd|' &amp; $x_1$ #50%": "{}",
    "eve": "{}",
    "eve.py": "{}",
    "index": "{}",
}
VOID = {"meta"}


class Page(HTMLParser):
    """What a browser sees."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words, self.style = "", ""
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            self.style += data
        else:
            self.words += data

    @property
    def links(self) -> list[str]:
        return [attributes["href"] or "" for tag, attributes in self.elements if tag == "a"]


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class, and its gradebook beside it; only read, or copied."""
    place = tmp_path_factory.mktemp("marked")
    (place / "class").mkdir()
    for name, text in ANSWERS.items():
        (place / "class" / f"{name}.json").write_text(text)
    run = ["batch", str(place / "class"), "--exercise", NTU, "--gradebook", str(place / "book.db")]
    assert main([*run, "--jobs", "1"]) == 0
    return place


@pytest.fixture(scope="module")
def pages(marked: Path) -> Path:
    """Its pages; only read."""
    assert main(["report", str(marked / "pages"), "--gradebook", str(marked / "book.db")]) == 0
    return marked / "pages"


@pytest.fixture
def place(marked: Path, tmp_path: Path) -> Path:
    """A folder with a copy of the gradebook."""
    shutil.copy(marked / "book.db", tmp_path / "book.db")
    return tmp_path


def report(place: Path, *more: str, to: str = "pages") -> int:
    return main(["report", str(place / to), "--gradebook", str(place / "book.db"), *more])


def written(place: Path) -> dict[str, str]:
    return {str(one.relative_to(place)): one.read_text() for one in place.rglob("*") if one.is_file()}


def told(place: Path) -> dict[str, str]:
    """What stands for each student's page in the index: its table row as words, by address."""
    text = (place / "index.html").read_text()
    table = text.split("<summary>Students by name</summary>")[1].split("</table>")[0]
    rows = re.findall(r"<tr>(<td>.*?)</tr>", table)
    return {re.findall(r'href="([^"]*)"', row)[0]: Page(row).words for row in rows}


def exported(place: Path, capsys: pytest.CaptureFixture[str]) -> list[dict]:
    capsys.readouterr()
    assert main(["gradebook", "export", "--gradebook", str(place / "book.db")]) == 0
    return json.loads(capsys.readouterr().out)


def broken(place: Path, statement: str) -> None:
    with sqlite3.connect(place / "book.db") as connection:
        connection.execute(statement)


def result_of(student: str) -> str:
    return (
        f"(SELECT results.id FROM results JOIN attempts ON attempts.id = attempt WHERE student = '{student}')"
    )


def test_everybody_has_a_page_of_that_students_own(marked: Path, pages: Path, capsys):
    records = exported(marked, capsys)
    assert len(records) == len(ANSWERS)
    found = {unquote(address): words for address, words in told(pages).items()}
    assert len(found) == len(records)
    assert {one for one in written(pages) if one != "index.html"} == set(found)
    for record in records:
        (address,) = [one for one in found if f"students/{record['student']}.html" == one] or [""]
        if address:
            assert f"{record['points']:g} / " in found[address]
            assert Page((pages / address).read_text()).words.count(f"{record['student']}: ") == 1
    assert {"students/ada.html", "students/bo.html", "students/cy.html", "students/index.html"} <= set(found)


def test_names_of_files_are_told_apart_where_case_is_ignored(pages: Path):
    names = [one.name for one in (pages / "students").iterdir()]
    assert len({one.casefold() for one in names}) == len(ANSWERS)
    assert all(len(one.encode()) <= 255 and one.isprintable() and one[0] != "." for one in names)


def test_nothing_that_a_stranger_wrote_is_markup(pages: Path):
    for text in written(pages).values():
        page = Page(text)
        assert page.open == []
        assert not {tag for tag, _ in page.elements} & {"script", "img", "iframe", "form", "link", "base"}
        attributes = {name for _, each in page.elements for name in each}
        assert not {one for one in attributes if one.startswith("on") or one in ("src", "style")}
        assert not set(text) & {"\u202e", "\u2066", "\x00"}
    assert "<img src=x onerror=alert(1)>" in Page((pages / "index.html").read_text()).words


def test_a_students_page_leads_nowhere_and_names_nobody_else(pages: Path):
    for name, text in written(pages).items():
        if name == "index.html":
            continue
        assert all(one.startswith("#") for one in Page(text).links)
        others = {"ada", "bo", "cy", "dora"} - {Path(name).stem.casefold().removesuffix("-2")}
        assert not {one for one in others if re.search(rf"\b{one}\b", Page(text).words)}
        assert SAID not in text


def test_a_students_page_is_the_feedback(marked: Path, pages: Path, tmp_path: Path):
    book = ["--gradebook", str(marked / "book.db")]
    feedback = ["feedback", str(marked / "class"), "--exercise", NTU, *book, "-o", str(tmp_path / "out")]
    assert main([*feedback, "--format", "html"]) == 0
    page = (pages / "students" / "bo.html").read_text()
    assert page.startswith((tmp_path / "out" / "bo.html").read_text())


def test_the_policy_knows_the_index_by_its_hash_and_lets_nothing_run(pages: Path):
    page = Page((pages / "index.html").read_text())
    policy = next(each["content"] for tag, each in page.elements if "http-equiv" in each) or ""
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_the_index_says_that_it_is_for_staff_and_who_has_what_in_common(pages: Path):
    words = Page((pages / "index.html").read_text()).words
    assert "For staff" in words
    assert f"{len(ANSWERS)} students" in words
    assert re.search(r"Identical files.*dora", words)


def test_orders_are_those_of_the_export(marked: Path, pages: Path, capsys):
    shares = {one["student"]: one["fraction"] for one in exported(marked, capsys)}
    text = (pages / "index.html").read_text()
    for title, sign in (("lowest", 1), ("highest", -1)):
        table = text.split(f"by points, {title} first</summary>")[1].split("</table>")[0]
        column = [Page(row).words for row in re.findall(r"<tr>(<td>.*?</td>)", table)]
        known = [sign * shares[one] for one in column if one in shares]
        assert len(known) > len(ANSWERS) / 2
        assert known == sorted(known)


def test_points_given_by_hand_stand_on_both_pages(place: Path):
    given = ["--exercise", NTU, "--gradebook", str(place / "book.db"), "--who", "Prof. Z", "--why", "shown"]
    assert main(["gradebook", "override", "cy", *given, "--points", "7.5"]) == 0
    assert report(place) == 0
    assert "7.5 of " in Page((place / "pages" / "students" / "cy.html").read_text()).words
    assert "7.5 / " in told(place / "pages")["students/cy.html"]
    assert "points given by hand" in told(place / "pages")["students/cy.html"]


def test_a_later_run_replaces_its_own_pages_and_no_others(place: Path, capsys):
    assert report(place) == 0
    before = written(place / "pages")
    given = ["--exercise", NTU, "--gradebook", str(place / "book.db"), "--who", "Z", "--why", "shown"]
    assert main(["gradebook", "override", "cy", *given, "--points", "7"]) == 0
    assert report(place) == 0
    after = written(place / "pages")
    assert {name for name in after if after[name] != before[name]} == {"index.html", "students/cy.html"}
    typed = place / "pages" / "students" / "cy.html"
    typed.write_text(after["students/cy.html"].replace("<h1>", "<h1>Come to my office! "))
    mixed = written(place / "pages")
    capsys.readouterr()
    assert main(["gradebook", "override", "cy", *given, "--points", "6"]) == 0
    assert report(place) == 2
    assert "'students/cy.html'" in capsys.readouterr().err
    assert written(place / "pages") == mixed
    assert report(place, "--force") == 0
    assert "Come to my office" not in typed.read_text()


@pytest.mark.parametrize("text", ["<p>mine</p>\n", "", f"mine<!-- made by rnngrade, {'0' * 64} -->\n"])
def test_the_index_of_somebody_else_stays(place: Path, text: str):
    (place / "pages").mkdir()
    (place / "pages" / "index.html").write_text(text)
    assert report(place) == 2
    assert written(place / "pages") == {"index.html": text}


def test_pages_may_go_into_a_zip_file_and_again(place: Path):
    assert report(place, to="pages.zip") == 0
    assert report(place, to="pages.zip") == 0
    with zipfile.ZipFile(place / "pages.zip") as archive:
        assert {"index.html", "students/ada.html"} <= set(archive.namelist())


def test_pages_are_for_their_owner_only(pages: Path):
    assert {oct(one.stat().st_mode & 0o077) for one in (pages, *pages.rglob("*"))} == {"0o0"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE results SET report = '{' WHERE id = ID",
        "UPDATE results SET report = '{\"questions\": [{}]}' WHERE id = ID",
        "UPDATE results SET report = '{\"questions\": 7}' WHERE id = ID",
        "UPDATE marks SET fraction = 'x' WHERE result = ID",
        "UPDATE marks SET verdict = 'x' WHERE result = ID",
        "UPDATE marks SET points = '1/0' WHERE result = ID",
        "UPDATE results SET fingerprints = '[]' WHERE id = ID",
    ],
)
def test_what_cannot_be_read_of_one_costs_nobody_else_theirs(place: Path, pages: Path, statement, capsys):
    broken(place, statement.replace("ID", result_of("bo")))
    capsys.readouterr()
    code = report(place)
    err = capsys.readouterr().err
    before, after = written(pages), written(place / "pages")
    index, _ = before.pop("index.html"), after.pop("index.html")
    assert "bo" in index
    if "fingerprints" in statement:
        assert (code, after) == (0, before)
        return
    assert code == 3
    assert "note: bo " in err
    del before["students/bo.html"]
    assert after == before
    assert re.search(r"bo(has no page|is left out)", Page((place / "pages" / "index.html").read_text()).words)


def test_a_run_that_cannot_say_what_stands_for_one_ends_otherwise(marked: Path, place: Path, capsys):
    run = ["batch", str(marked / "class"), "--exercise", NTU, "--gradebook", str(place / "book.db")]
    assert main([*run, "--jobs", "1"]) == 0
    broken(place, f"UPDATE marks SET points = '1/0' WHERE result = {result_of('bo')}")
    capsys.readouterr()
    assert main([*run, "--jobs", "1"]) == 3
    assert "bo is left out of" in capsys.readouterr().err


def test_who_is_undecided_is_named(place: Path):
    broken(
        place, f"UPDATE marks SET verdict = 'undecided' WHERE question = 'q1a' AND result = {result_of('bo')}"
    )
    assert report(place) == 0
    assert re.search("boundecided: q1a", Page((place / "pages" / "index.html").read_text()).words)
    assert "open" in told(place / "pages")["students/bo.html"]


def test_who_handed_in_and_has_no_result_yet_is_named(place: Path):
    with open_gradebook(place / "book.db", must_exist=True) as book:
        files = ClassPages(book, NO_POLICIES, NTU, handed_in=["ada", "zed"]).files()
    words = Page(files["index.html"]).words
    assert "zedhanded in, but there is no result yet" in words
    assert "adahanded in" not in words


def test_an_attempt_that_is_undecided_is_named_though_an_earlier_one_counts(place: Path, tmp_path: Path):
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "ada.json").write_text(ODD)
    run = ["batch", str(tmp_path / "again"), "--exercise", NTU, "--gradebook", str(place / "book.db")]
    assert main([*run, "--jobs", "1"]) == 0
    later = "(SELECT max(id) FROM results)"
    broken(place, f"UPDATE marks SET verdict = 'undecided' WHERE result = {later}")
    broken(place, f"UPDATE results SET is_undecided = 1 WHERE id = {later}")
    assert report(place) == 0
    words = Page((place / "pages" / "index.html").read_text()).words
    assert "adaattempt 2 is undecided; attempt 1 counts until then" in words
    assert "8 / " in told(place / "pages")["students/ada.html"]


def test_an_exercise_is_named_where_there_are_more(place: Path, marked: Path, capsys):
    batch = ["batch", str(marked / "class"), "--exercise", "rnn-by-formula", "--jobs", "1"]
    assert main([*batch, "--gradebook", str(place / "book.db")]) == 0
    capsys.readouterr()
    assert report(place) == 2
    told = capsys.readouterr().err
    assert NTU in told
    assert "--exercise" in told
    assert report(place, "--exercise", "rnn-by-formula") == 0


def test_batch_writes_the_same_pages(marked: Path, pages: Path, tmp_path: Path):
    run = ["batch", str(marked / "class"), "--exercise", NTU, "--gradebook", str(marked / "book.db")]
    assert main([*run, "--html", str(tmp_path / "pages")]) == 0
    assert written(tmp_path / "pages") == written(pages)


def test_batch_names_a_place_that_is_no_good_before_it_marks(tmp_path: Path, capsys):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ada.json").write_text(RIGHT)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "index.html").write_text("mine")
    run = ["batch", str(tmp_path / "class"), "--exercise", NTU, "--gradebook", str(tmp_path / "book.db")]
    for no_good in ("class", "class/pages", "taken", "book.db"):
        assert main([*run, "--html", str(tmp_path / no_good)]) == 2
        told = capsys.readouterr().err
        assert no_good in told
        assert ("`rnngrade report --force` replaces it" in told) == (no_good == "taken")
        assert not (tmp_path / "book.db").exists()
        assert sorted(one.name for one in (tmp_path / "class").iterdir()) == ["ada.json"]
