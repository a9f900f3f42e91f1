"""A table is made by one worker and read by the others, whatever becomes of who makes it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from hashlib import sha256

import pytest

from grader.networks.mutants import handed_on
from grader.networks.mutants.handed_on import HandedOn, made_once

pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="files in memory are Linux's")

KEY, OTHER = sha256(b"one").digest(), sha256(b"other").digest()


@pytest.fixture
def fd() -> Iterator[int]:
    made = handed_on.new_file()
    assert made is not None
    yield made
    os.close(made)


def in_another_process(fd: int, code: str) -> subprocess.CompletedProcess[str]:
    program = (
        f"from grader.networks.mutants.handed_on import HandedOn\none, KEY = HandedOn({fd}), {KEY!r}\n{code}"
    )
    return subprocess.run(
        [sys.executable, "-c", program], pass_fds=[fd], capture_output=True, text=True, check=False
    )


def test_what_one_process_has_made_another_reads(fd: int) -> None:
    done = in_another_process(fd, "print(one.made_once(KEY, lambda: {'a': [1, 2.5]}))")
    assert done.stdout == "{'a': [1, 2.5]}\n"
    assert HandedOn(fd).made_once(KEY, lambda: pytest.fail("made twice")) == {"a": [1, 2.5]}
    assert HandedOn(fd).made_once(OTHER, lambda: "another") == "another"
    assert HandedOn(fd).made_once(OTHER, lambda: pytest.fail("made twice")) == "another"


@pytest.mark.parametrize("is_first", [True, False])
def test_who_dies_while_making_or_writing_leaves_it_to_the_next(fd: int, is_first: bool) -> None:
    if not is_first:
        HandedOn(fd).made_once(OTHER, lambda: "whole")
    assert in_another_process(fd, "import os\none.made_once(KEY, lambda: os._exit(3))").returncode == 3
    half = (
        "import os\nreal = os.pwrite\nos.pwrite = lambda f, data, at: (real(f, data[:20], at), os._exit(4))"
    )
    assert in_another_process(fd, f"{half}\none.made_once(KEY, lambda: 'lost')").returncode == 4
    assert HandedOn(fd).made_once(KEY, lambda: "made") == "made"
    assert HandedOn(fd).made_once(KEY, lambda: pytest.fail("made twice")) == "made"
    if not is_first:
        assert HandedOn(fd).made_once(OTHER, lambda: pytest.fail("made twice")) == "whole"


def test_what_cannot_be_written_or_has_no_room_each_makes(fd: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert HandedOn(fd).made_once(KEY, lambda: lambda: 7)() == 7
    assert HandedOn(fd).made_once(KEY, lambda: "again") == "again"
    monkeypatch.setattr(handed_on, "MOST_BYTES", os.fstat(fd).st_size)
    assert [HandedOn(fd).made_once(OTHER, partial(int, number)) for number in (1, 2)] == [1, 2]


def test_where_memory_is_full_each_makes(fd: int, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.pwrite
    with monkeypatch.context() as patch:
        # write(2): with little room left a part is written, with none it fails.
        patch.setattr(os, "pwrite", lambda file, data, at: real(file, data[:50], at))
        assert HandedOn(fd).made_once(KEY, lambda: "long" * 100) == "long" * 100
        patch.setattr(os, "pwrite", partial(_fail, errno.ENOSPC))
        assert HandedOn(fd).made_once(KEY, lambda: "made") == "made"
    assert HandedOn(fd).made_once(KEY, lambda: "later") == "later"
    assert HandedOn(fd).made_once(KEY, lambda: pytest.fail("made twice")) == "later"


def test_what_lies_too_deep_to_be_written_each_makes(fd: int) -> None:
    deep: list[object] = []
    for _ in range(sys.getrecursionlimit()):
        deep = [deep]
    assert HandedOn(fd).made_once(KEY, lambda: deep) is deep
    assert HandedOn(fd).made_once(KEY, lambda: "again") == "again"


def test_a_class_is_marked_where_files_in_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # memfd_create(2): ENOSYS before Linux 3.17 and in containers that allow only what they know.
    monkeypatch.setattr(os, "memfd_create", partial(_fail, errno.ENOSYS))
    assert handed_on.new_file() is None


def _fail(number: int, *arguments: object) -> int:
    raise OSError(number, os.strerror(number))


def test_it_is_told_apart_by_all_that_it_follows_from(fd: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [made_once("name", "of", partial(int, number)) for number in (1, 2)] == [1, 2]
    monkeypatch.setattr(HandedOn, "shared", HandedOn(fd))
    calls = [("name", "of"), ("name", "other"), ("second", "of"), ("name", "of")]
    made = [made_once(*call, partial(int, number)) for number, call in enumerate(calls)]
    assert made == [0, 1, 2, 0]
