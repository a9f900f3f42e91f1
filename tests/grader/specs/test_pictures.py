"""Pictures beside an exercise: shown, carried along, and refused where they could do more than be seen."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from pathlib import Path

import pytest

from grader.cli import main
from grader.errors import SpecError
from grader.kinds import find_kind, kind_names
from grader.mathematics.prose import Picture, pieces, readable
from grader.model.exercise import Exercise
from grader.reports.html.elements import as_html, prose
from grader.specs import Kinds, load_exercise

KINDS = Kinds(kind_names(), find_kind)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4" cx="4" cy="4"/></svg>'
# As matplotlib begins its files.
OF_A_PROGRAM = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"\n'
    ' "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
    '<svg xmlns:xlink="http://www.w3.org/1999/xlink" xmlns="http://www.w3.org/2000/svg"><defs>'
    '<style type="text/css">*{stroke-linejoin: round}</style><path id="m" d="M0 0"/></defs>'
    '<g clip-path="url(#p)"><use xlink:href="#m"/></g></svg>'
)
EXERCISE = """
title = "t"
source = "s"
introduction = '''{introduction}'''

[[question]]
id = "q"
label = "1"
points = 1
prompt = '''{prompt}'''
hints = ['''{hint}''']
fields = {{ a = "a number" }}
check = {{ kind = "numeric", values = {{ a = 1 }} }}
[[question.example]]
title = "right"
answer = "q = dict(a=1)"
verdict = "correct"
[[question.example]]
title = "wrong"
answer = "q = dict(a=2)"
verdict = "incorrect"
"""


def png() -> bytes:
    """A picture of one black point, put together by the rules of the format."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    )
    chunks = (struct.pack(">I", len(b)) + a + b + struct.pack(">I", zlib.crc32(a + b)) for a, b in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def written(folder: Path, prompt: str = "p", introduction: str = "", hint: str = "h") -> Path:
    path = folder / "e.toml"
    path.write_text(EXERCISE.format(prompt=prompt, introduction=introduction, hint=hint), encoding="utf-8")
    return path


def loaded(path: Path) -> Exercise:
    return load_exercise(path, KINDS, shown_as="e.toml")


def refusal(path: Path) -> str:
    with pytest.raises(SpecError) as caught:
        loaded(path)
    return str(caught.value)


def sources(text: str) -> list[bytes]:
    return [
        base64.b64decode(one.source.partition(",")[2]) for one in pieces(text) if isinstance(one, Picture)
    ]


def test_a_picture_in_any_text_is_its_data(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(SVG, encoding="utf-8")
    (tmp_path / "b.PNG").write_bytes(png())
    path = written(tmp_path, "see ![a disc](a.svg) here", "![a point](b.PNG)", "so: ![a disc](a.svg)")
    exercise = loaded(path)
    assert sources(exercise.introduction) == [png()]
    assert sources(exercise.questions[0].prompt) == sources(exercise.questions[0].hints[0]) == [SVG.encode()]
    assert exercise.questions[0].prompt.startswith("see ![a disc](data:image/svg+xml;base64,")


def test_files_of_drawing_programs_are_taken(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(OF_A_PROGRAM, encoding="utf-8")
    assert sources(loaded(written(tmp_path, "![a](a.svg)")).questions[0].prompt) == [OF_A_PROGRAM.encode()]


def test_the_exercise_as_one_file_is_the_same_without_the_picture_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(SVG, encoding="utf-8")
    here = loaded(written(tmp_path, "![a disc](a.svg)"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "e.toml").write_bytes(here.text)
    there = loaded(elsewhere / "e.toml")
    assert there.questions[0].prompt == here.questions[0].prompt
    assert there.digest == here.digest


def test_another_picture_is_another_exercise(tmp_path: Path) -> None:
    path = written(tmp_path, "![a disc](a.svg)")
    (tmp_path / "a.svg").write_text(SVG, encoding="utf-8")
    before = loaded(path).digest
    (tmp_path / "a.svg").write_text(SVG.replace("4", "3"), encoding="utf-8")
    assert loaded(path).digest != before


def test_where_there_are_only_letters_the_words_stand_for_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.svg").write_text(SVG, encoding="utf-8")
    path = written(tmp_path, "Look:\n![a\ndisc](a.svg)", hint="![a disc](a.svg)")
    assert readable(loaded(path).questions[0].hints[0]) == "[Picture: a disc]"
    assert main(["show", str(path)]) == 0
    told = capsys.readouterr().out
    assert "[Picture: a disc]" in told
    assert "base64" not in told


def test_a_page_shows_it_as_an_image_with_its_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.svg").write_text(SVG, encoding="utf-8")
    path = written(tmp_path, '![a "disc" <b>](a.svg)')
    assert main(["show", str(path), "--format", "html"]) == 0
    told = capsys.readouterr().out
    data = base64.b64encode(SVG.encode()).decode()
    (image,) = re.findall("<img [^>]*>", told)
    assert 'alt="a &quot;disc&quot; <b&gt;"' in image.replace("&lt;", "<")
    assert f'src="data:image/svg+xml;base64,{data}"' in image


def test_what_was_not_loaded_is_no_image() -> None:
    assert as_html(prose("![a](https://example.org/a.png)")) == "<p>[Picture: a]</p>"


REFUSED = {
    "![](a.svg)": "no words for who cannot see it",
    "![ ](a.svg)": "no words for who cannot see it",
    "![a](../a.svg)": "not beside the exercise file",
    "![a](/etc/a.svg)": "not beside the exercise file",
    "![a](https://example.org/a.svg)": "not beside the exercise file",
    "![a](//example.org/a.svg)": "not beside the exercise file",
    "![a](..\\a.svg)": "not beside the exercise file",
    "![a](data:image/png;base64,AAAA)": "of no kind that can be shown",
    "![a](a.gif)": "of no kind that can be shown",
    "![a](none.svg)": "cannot be read: No such file",
    "![a](folder.svg)": "cannot be read: Is a directory",
    "![a](out.svg)": "a link that leads out",
    "![a](large.png)": "more than 200 kB",
    "![a](false.png)": "is no PNG file",
    "![a](false.svg)": "is no SVG file",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_picture_beside_the_file_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "exercise"
    (folder / "folder.svg").mkdir(parents=True)
    (tmp_path / "a.svg").write_text(SVG, encoding="utf-8")
    (folder / "out.svg").symlink_to(tmp_path / "a.svg")
    (folder / "a.svg").write_text(SVG, encoding="utf-8")
    (folder / "large.png").write_bytes(png() + bytes(200_000))
    (folder / "false.png").write_bytes(b"GIF89a")
    (folder / "false.svg").write_text("<html/>", encoding="utf-8")
    told = refusal(written(folder, f"one\ntwo {text}"))
    assert "question 'q'.prompt, line 2" in told
    assert REFUSED[text] in told
    assert str(tmp_path) not in told


ACTIVE = {
    "<script>alert(1)</script>": "holds <script>",
    "<foreignObject/>": "holds <foreignObject>",
    '<a href="javascript:alert(1)"/>': "outside of it (href)",
    '<image href="https://example.org/a.png"/>': "outside of it (href)",
    '<image xmlns:x="http://www.w3.org/1999/xlink" x:href="a.png"/>': "outside of it (href)",
    '<use href="other.svg#a"/>': "outside of it (href)",
    '<circle ONCLICK="alert(1)"/>': "holds onclick=",
    '<circle fill="url(https://example.org/#a)"/>': "outside of it (fill)",
    "<style>@import 'a.css';</style>": "outside of it (style)",
    "<style>a{background:url( 'https://example.org')}</style>": "outside of it (style)",
}


@pytest.mark.parametrize("inside", ACTIVE)
def test_a_picture_that_runs_or_loads_something_is_refused(tmp_path: Path, inside: str) -> None:
    (tmp_path / "a.svg").write_text(SVG.replace("<circle", f"{inside}<circle"), encoding="utf-8")
    assert ACTIVE[inside] in refusal(written(tmp_path, "![a](a.svg)"))


@pytest.mark.parametrize(
    "head", ['<!DOCTYPE svg [<!ENTITY a "b">]>', '<?xml-stylesheet href="https://example.org/a.css"?>']
)
def test_a_picture_that_defines_entities_or_names_a_style_sheet_is_refused(tmp_path: Path, head: str) -> None:
    (tmp_path / "a.svg").write_text(head + SVG, encoding="utf-8")
    assert "plain SVG" in refusal(written(tmp_path, "![a](a.svg)"))


def test_a_picture_within_the_file_is_checked_as_well(tmp_path: Path) -> None:
    path = written(tmp_path, "![a](a.svg)")
    bad = base64.b64encode(SVG.replace("<circle", "<script/><circle").encode()).decode()
    text = path.read_text(encoding="utf-8")
    for data, told in (
        (f"data:image/svg+xml;base64,{bad}", "holds <script>"),
        ("https://a.b/c.svg", "not written as"),
    ):
        path.write_text(f'{text}\n[picture."a.svg"]\ndata = "{data}"\n', encoding="utf-8")
        assert told in refusal(path)


CHOICE = """
title = "t"
source = "s"
[[question]]
id = "q"
label = "1"
points = 1
prompt = "p"
fields = {{ choice = "c" }}
[question.check]
kind = "choice"
right = ["rise"]
options = {{ rise = "![{seen}](a.svg)", fall = "another" }}
"""


def test_a_picture_is_an_option_and_needs_words_as_everywhere(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(SVG, encoding="utf-8")
    path = tmp_path / "e.toml"
    path.write_text(CHOICE.format(seen="A line that rises."), encoding="utf-8")
    prompt = loaded(path).questions[0].prompt
    assert readable(prompt).startswith("p\n\n**A.** [Picture: A line that rises.]\n\n**B.** another")
    assert 'alt="A line that rises."' in as_html(prose(prompt))
    assert "data:image/svg+xml;base64," in as_html(prose(prompt))
    path.write_text(CHOICE.format(seen=""), encoding="utf-8")
    assert "question 'q'.check.options.rise, line 1" in refusal(path)
