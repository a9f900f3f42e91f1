"""What a student's process can find of calls that have not been made: in its memory, its descriptors, /proc.

At level `limits`, where no isolation hides anything: what is not there cannot be found at any level.
"""

from __future__ import annotations

import os

import pytest

from grader.model.exercise import Limits
from grader.model.run import Call
from grader.model.submission import AnswerFile, Submission
from grader.model.value import Items, Text
from grader.sandbox import Sandbox
from grader.sandbox.host.job import how_many_together

PATIENT = Limits(load_cpu_s=20.0, call_cpu_s=20.0, wall_s=120.0, memory_mib=1024)

LOOKS_EVERYWHERE = r"""
import os, re

MARK = re.compile(rb"mark-" + rb"([0-9]+)-here")

def found_in_memory():
    found = set()
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", buffering=0) as memory:
        for line in maps.read().splitlines():
            place, rights, *_, name = line.split(maxsplit=5) if len(line.split()) > 5 else (*line.split(), "")
            start, end = (int(number, 16) for number in place.split("-"))
            if "r" in rights and not name.startswith("[v"):
                memory.seek(start)
                while start < end:
                    try:
                        part = memory.read(min(end - start, 1 << 24))
                    except OSError:
                        break
                    if not part:
                        break
                    found |= {int(number) for number in MARK.findall(part)}
                    start += len(part)
    return found

def found_in_descriptors():
    found = set()
    for fd in range(256):
        try:
            os.set_blocking(fd, False)
        except OSError:
            continue
        for read in (lambda: os.pread(fd, 1 << 24, 0), lambda: os.read(fd, 1 << 24)):
            try:
                found |= {int(number) for number in MARK.findall(read())}
            except OSError:
                continue
        os.set_blocking(fd, True)
    return found

at_load = sorted(found_in_memory() | found_in_descriptors())

def f(mark):
    return [at_load, sorted(found_in_memory() | found_in_descriptors())]

g = f
"""


Seen = list[tuple[set[int], set[int]]]


@pytest.fixture(scope="module")
def seen() -> Seen:
    return marks_seen([asked("fg"[n % 2], n) for n in range(6)])


@pytest.fixture(scope="module")
def seen_together() -> Seen:
    """Two questions: of the first, calls 0 and 1 are independent; of the second, all."""
    questions, independent = "ffffggg", {0, 1, 4, 5, 6}
    return marks_seen([asked(one, n, n in independent) for n, one in enumerate(questions)])


def asked(name: str, number: int, is_independent: bool = False) -> Call:
    mark = Text(f"mark-{number}-here")
    return Call(question=name, function=((name,),), args=(mark,), cpu_s=20.0, is_independent=is_independent)


def marks_seen(calls: list[Call]) -> Seen:
    """For each call the marks of calls that were there when the file was loaded, and during the call."""
    if os.getuid() != 0:
        pytest.skip("NOT TESTED: only root may read the memory of a process that hides it")
    submission = Submission(
        student="eve", files=(AnswerFile("answer.py", LOOKS_EVERYWHERE.encode()),), digest="sha256:0"
    )
    with Sandbox(level="limits") as sandbox:
        readings = sandbox.run(submission, calls, PATIENT).calls
    return [tuple(map(numbers, reading.results[0].items)) for reading in readings]


def numbers(value: Items) -> set[int]:
    return {int(number.text) for number in value.items}


def test_no_call_is_known_when_the_file_is_loaded(seen):
    assert [at_load for at_load, _ in seen] == [set()] * 6


def test_a_call_can_find_itself_and_no_later_one(seen):
    for number, (_, found) in enumerate(seen):
        assert number in found
        assert max(found) == number


def test_calls_that_tell_nothing_of_each_other_come_together_and_no_other_question_with_them(seen_together):
    assert [at_load for at_load, _ in seen_together] == [set()] * 7
    latest = [max(found) for _, found in seen_together]
    assert latest == [1, 1, 2, 3, 6, 6, 6]


@pytest.mark.parametrize(
    ("questions", "independent", "together"),
    [
        ("aaa", "yyy", 3),
        ("aab", "yyy", 2),
        ("abb", "yyy", 1),
        ("aaa", "ynn", 1),
        ("aaa", "yyn", 2),
        ("aaa", "nyy", 1),
        ("a", "n", 1),
    ],
)
def test_only_independent_calls_of_one_question_are_sent_together(questions, independent, together):
    calls = [
        (n, asked(question, n, flag == "y"))
        for n, (question, flag) in enumerate(zip(questions, independent, strict=True))
    ]
    assert how_many_together(calls) == together


def test_calls_with_large_arguments_are_not_sent_together():
    large = Text("x" * 100_000)
    calls = [(n, Call(question="a", function=(), args=(large,), is_independent=True)) for n in range(9)]
    assert how_many_together(calls) == 2


def test_a_call_is_not_independent_unless_its_kind_says_so():
    assert not Call(question="a", function=()).is_independent
