"""Staff see a student's pages as the student does, and can send nothing from them."""

from __future__ import annotations

import re
from pathlib import Path

from grader.serve.people import Role
from grader.serve.running import server_for
from tests.grader.serve.conftest import OURS, course_in, signed_in


def seen(page: str) -> str:
    """The words of a page's main part."""
    main = page.split("<main")[1].partition(">")[2].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", main))


def test_it_is_the_students_own_variant_with_what_was_typed_and_left(tmp_path: Path) -> None:
    drawn = "rnn-paper"
    folder = course_in(tmp_path, drawn)
    rules = (folder / "course.toml").read_text()
    (folder / "course.toml").write_text(f"{rules}attempts = {{ limit = 2 }}\n")
    with server_for(folder, jobs=1, root=OURS, is_unsafe_ok=True) as server:
        amara, bruno = signed_in(server, "amara"), signed_in(server, "bruno")
        xenia = signed_in(server, "xenia", Role.ASSISTANT)
        question = server.course.exercises[drawn].questions[0].id
        own = amara.get(f"/exercise/{drawn}").text
        names = re.findall(r'name="(field\.[^"]+)"', own)
        typed = {names[0]: "typed by amara", "action": "save", "press": "1"}
        assert amara.post(f"/exercise/{drawn}/{question}", data=typed).status_code == 303
        assert amara.post(f"/exercise/{drawn}", files={"file": ("a.json", b"{}")}).status_code == 303
        for path in ("", f"/exercise/{drawn}"):
            as_amara = xenia.get(f"/staff/people/amara/as{path}").text
            assert seen(amara.get(path or "/").text) in seen(as_amara)
        assert "typed by amara" in as_amara
        assert "1 attempt left" in as_amara
        assert seen(bruno.get(f"/exercise/{drawn}").text) not in seen(as_amara)
        main = as_amara.split("<main")[1]
        assert "<form" not in main
        assert 'type="hidden"' not in main
        assert " name=" not in main
        controls = re.findall(r"<(?:input|textarea|select|button)[^>]*>", main)
        assert controls
        assert all("disabled" in one for one in controls)
        assert f'href="/staff/people/amara/as/exercise/{drawn}"' in xenia.get("/staff/people/amara/as").text
        assert xenia.get("/staff/people/amara/as/exercise/elsewhere").status_code == 404
        assert xenia.get("/staff/people/nobody/as").status_code == 404
        assert bruno.get("/staff/people/amara/as").status_code == 404
