"""What a hostile zip file may try; a class goes on, and what was refused is named."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from grader.errors import SubmissionError
from grader.lms import read_class
from grader.model.submission import Submission
from grader.submissions import collect_submitted
from grader.submissions.safe_read import Refused
from grader.submissions.zip_tree import ONE_STUDENT, WHOLE_CLASS, ZipTree


def info(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.create_system = 3
    member.external_attr = mode << 16
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def packed(*members: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for member, data in members:
            archive.writestr(member, data)
    return target.getvalue()


def handed_in(tmp_path: Path, data: bytes) -> Submission:
    (tmp_path / "ada.zip").write_bytes(data)
    (submitted,) = read_class(tmp_path).submissions
    return collect_submitted(tmp_path, submitted)


@pytest.mark.parametrize(
    "name",
    ["../evil.py", "/etc/evil.py", "a/../../evil.py", "..\\evil.py", "C:\\evil.py", "./x.py", "a//b.py"],
)
def test_names_that_lead_out_are_refused_and_named(tmp_path: Path, name: str):
    submission = handed_in(tmp_path, packed((info(name), b"x"), (info("answer.py"), b"a = 1")))
    assert [file.name for file in submission.files] == ["answer.py"]
    assert "leads out of the zip file" in submission.left_out[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ada.zip"]


def test_links_and_devices_are_refused(tmp_path: Path):
    data = packed(
        (info("a.py", stat.S_IFLNK | 0o777), b"/etc/passwd"),
        (info("b.py", stat.S_IFIFO), b""),
        (info("c.py"), b"x"),
    )
    submission = handed_in(tmp_path, data)
    assert [file.name for file in submission.files] == ["c.py"]
    assert submission.left_out == ("a.py: a symbolic link", "b.py: not a regular file")


def test_bomb_of_one_member_is_refused_unopened(tmp_path: Path):
    data = packed((info("a.py"), b"0" * (40 * 2**20)), (info("b.py"), b"x"))
    submission = handed_in(tmp_path, data)
    assert [file.name for file in submission.files] == ["b.py"]
    assert submission.left_out == ("a.py: unpacks to more than 500 times its size",)


def test_member_that_lies_about_its_size_is_cut_at_the_limit(tmp_path: Path):
    data = bytearray(packed((info("a.py"), random.Random(0).randbytes(3 * 2**20))))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.rindex(signature) + offset
        data[at : at + 4] = struct.pack("<I", 10)
    submission = handed_in(tmp_path, bytes(data))
    assert submission.files == () or len(submission.files[0].data) <= 10


def test_too_large_member_is_refused(tmp_path: Path):
    submission = handed_in(tmp_path, packed((info("a.py"), random.Random(0).randbytes(2**21 + 1))))
    assert submission.left_out == ("a.py: larger than 2 MiB",)


def test_too_much_in_all_is_refused(tmp_path: Path):
    members = [(info(f"{n}.py"), b"0" * 2**20) for n in range(65)]
    submission = handed_in(tmp_path, packed(*members))
    assert submission.left_out == ("ada.zip: a zip file that unpacks to more than 64 MiB",)


def test_too_many_members_are_refused_before_they_are_listed(tmp_path: Path):
    submission = handed_in(tmp_path, packed(*((info(f"{n}.py"), b"x") for n in range(1001))))
    assert submission.left_out == ("ada.zip: a zip file of more than 1000 files",)


def test_zip_inside_a_zip_is_refused(tmp_path: Path):
    submission = handed_in(tmp_path, packed((info("b.zip"), packed((info("answer.py"), b"x")))))
    assert submission.left_out == ("b.zip: a zip file inside a zip file",)


def test_encrypted_member_is_refused(tmp_path: Path):
    data = bytearray(packed((info("a.py"), b"x")))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert handed_in(tmp_path, bytes(data)).left_out == ("a.py: encrypted",)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_methods_that_claim_memory_by_a_header_are_refused(tmp_path: Path, method: int):
    member = info("a.py")
    member.compress_type = method
    assert handed_in(tmp_path, packed((member, b"x"))).left_out == (
        "a.py: packed by a method other than deflate",
    )


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_name_that_comes_twice_counts_once(tmp_path: Path):
    data = packed((info("a.py"), b"first"), (info("a.py"), b"second"), (info("a.py/b.py"), b"third"))
    submission = handed_in(tmp_path, data)
    assert [file.data for file in submission.files] == [b"first"]
    assert submission.left_out == (
        "a.py: the zip file holds this name twice; the first one counts",
        "a.py/b.py: its folder is a file in the same zip file",
    )


def test_names_with_escape_codes_are_shown_escaped(tmp_path: Path):
    data = packed((info("\x1b[31mred\n\u202e.txt"), b"x"), (info("a.py"), b"x"))
    assert handed_in(tmp_path, data).left_out == ("\\x1b[31mred\\n\\u202e.txt: not a kind of answer",)


@pytest.mark.parametrize("seed", range(200))
def test_damaged_zip_never_raises(tmp_path: Path, seed: int):
    dice = random.Random(seed)
    data = bytearray(
        packed((info("a.py"), b"a = 1\n" * 50), (info("b/c.json"), b"{}"), (info("d.npz"), b"PK"))
    )
    for _ in range(dice.randint(1, 12)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    if dice.random() < 0.3:
        del data[dice.randrange(len(data)) :]
    submission = handed_in(tmp_path, bytes(data))
    assert submission.student == "ada"
    assert submission.files or submission.left_out


@pytest.mark.parametrize("seed", range(60))
def test_damaged_export_is_read_or_refused_in_one_sentence(tmp_path: Path, seed: int):
    dice = random.Random(seed)
    data = bytearray(packed(*((info(f"s{n}.py"), b"a = 1\n") for n in range(5))))
    for _ in range(dice.randint(1, 6)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    path = tmp_path / "class.zip"
    path.write_bytes(data)
    try:
        listing = read_class(path)
    except SubmissionError:
        return
    for submitted in listing.submissions:
        collect_submitted(path, submitted)


def test_class_export_has_limits_too(tmp_path: Path):
    assert WHOLE_CLASS.members > ONE_STUDENT.members
    with pytest.raises(Refused, match="more than 1000"):
        ZipTree(packed(*((info(f"{n}.py"), b"x") for n in range(1001))), ONE_STUDENT)


def test_folder_full_of_zip_files_is_opened_up_to_a_bound(tmp_path: Path):
    (tmp_path / "ada").mkdir()
    for number in range(25):
        (tmp_path / "ada" / f"{number:02}.zip").write_bytes(packed((info(f"x{number}.txt"), b"x")))
    (tmp_path / "ada" / "answer.py").write_text("a = 1")
    (submitted,) = read_class(tmp_path).submissions
    submission = collect_submitted(tmp_path, submitted)
    assert [file.name for file in submission.files] == ["answer.py"]
    assert sum("only the first 20 zip files are opened" in reason for reason in submission.left_out) == 5
