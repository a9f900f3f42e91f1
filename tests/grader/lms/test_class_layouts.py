"""A real layout of each preset, as folder and as zip file, is recognised and read; strays are named."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from grader.errors import SubmissionError
from grader.lms import announcement, read_class
from grader.lms.class_layout import layout_names
from grader.submissions import collect_submitted

PRESETS = ("blackboard", "brightspace", "canvas", "github", "gradescope", "moodle", "nbgrader", "plain")


def test_every_preset_has_a_layout(layouts: ModuleType):
    assert set(layout_names()) == set(PRESETS) == set(layouts.LAYOUTS)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("is_zip", [False, True], ids=["folder", "zip"])
def test_layout_is_recognised_and_read(tmp_path: Path, layouts: ModuleType, preset: str, is_zip: bool):
    layout = layouts.LAYOUTS[preset]()
    if is_zip:
        place = layouts.zipped(tmp_path / "export.zip", layout.files)
    else:
        place = layouts.lay_out(tmp_path, layout.files)
    listing = read_class(place)
    assert listing.layout == preset
    assert [(one.student, one.attempt) for one in listing.submissions] == layout.students
    assert [one.path for one in listing.unmatched] == layout.unmatched
    assert all(one.reason for one in listing.unmatched)
    said = "\n".join(announcement(listing))
    assert preset in said
    assert all(path in said for path in layout.unmatched)
    assert read_class(place, preset=preset).submissions == listing.submissions


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("is_zip", [False, True], ids=["folder", "zip"])
def test_every_file_is_submitted_or_named(tmp_path: Path, layouts: ModuleType, preset: str, is_zip: bool):
    layout = layouts.LAYOUTS[preset]()
    place = tmp_path / "class"
    if is_zip:
        layouts.zipped(place, layout.files)
    else:
        layouts.lay_out(place, layout.files)
    listing = read_class(place)
    known = [path for one in listing.submissions for path in one.paths]
    known += [one.path for one in listing.unmatched]
    # What the layout itself is made of is read, not handed in.
    consumed = ("submission_metadata.yml", ".txt") if preset in ("gradescope", "blackboard") else ()
    for path in layout.files:
        is_known = any(path == one or path.startswith(f"{one}/") for one in known)
        assert is_known or path.endswith(consumed), path


@pytest.mark.parametrize("preset", PRESETS)
def test_collected_answers_are_the_same_from_folder_and_zip(tmp_path: Path, layouts: ModuleType, preset: str):
    layout = layouts.LAYOUTS[preset]()
    places = [
        layouts.lay_out(tmp_path / "folder", layout.files),
        layouts.zipped(tmp_path / "export.zip", layout.files),
    ]
    digests = [
        [collect_submitted(place, one).digest for one in read_class(place).submissions] for place in places
    ]
    assert digests[0] == digests[1]


def of(place: Path, student: str, attempt: int = 1):
    submissions = read_class(place).submissions
    return next(one for one in submissions if (one.student, one.attempt) == (student, attempt))


def test_canvas_tells_late_names_and_attempts(tmp_path: Path, layouts: ModuleType):
    place = layouts.lay_out(tmp_path, layouts.canvas().files)
    assert of(place, "1001").is_late is False
    assert of(place, "1002").is_late is True
    assert of(place, "1002").names == ("answer.py", "weights.npz")
    assert of(place, "1003", 2).names == ("answer-1.py",)
    assert of(place, "1006").names == ("part-1.py", "part-2.py")
    assert of(place, "1001").return_name == "adaada_1001_500001_answer.py"
    assert [file.name for file in collect_submitted(place, of(place, "1005")).files] == ["answer.py"]


def test_canvas_entry_without_a_file_still_gets_a_submission(tmp_path: Path, layouts: ModuleType):
    place = layouts.lay_out(tmp_path, layouts.canvas().files)
    submission = collect_submitted(place, of(place, "1004"))
    assert submission.files == ()
    assert submission.left_out == ("text.html: not a kind of answer",)


def test_names_that_only_look_like_canvas_stay_plain(tmp_path: Path, layouts: ModuleType):
    files = {f"hw_3_2_{name}.py": layouts.ANSWER for name in ("ada", "bela", "cleo")}
    listing = read_class(layouts.lay_out(tmp_path, files))
    assert listing.layout == "plain"
    assert len(listing.submissions) == 3


def test_moodle_feedback_comes_back_to_the_participant(tmp_path: Path, layouts: ModuleType):
    place = layouts.lay_out(tmp_path, layouts.moodle().files)
    assert of(place, "2001").return_name == "Ada A_2001_assignsubmission_file_feedback.html"
    assert of(place, "2001").name == "Ada A"
    assert [file.name for file in collect_submitted(place, of(place, "2002")).files] == ["answer.py"]
    assert [file.name for file in collect_submitted(place, of(place, "2003")).files] == ["answer.py"]
    assert [file.name for file in collect_submitted(place, of(place, "2004")).files] == ["answer.py"]


def test_blackboard_trusts_the_text_beside_the_files(tmp_path: Path, layouts: ModuleType):
    place = layouts.lay_out(tmp_path, layouts.blackboard().files)
    assert of(place, "ada1", 2).names == ("my answer.py",)
    assert of(place, "ada1", 2).submitted_at == "2026-10-05T10:22:33"
    assert of(place, "bela_b").paths == ("mangled name.py",)
    assert of(place, "bela_b").names == ("answer.py",)
    assert collect_submitted(place, of(place, "cleo")).files == ()


def test_brightspace_tells_times_names_and_files(tmp_path: Path, layouts: ModuleType):
    place = layouts.lay_out(tmp_path, layouts.brightspace().files)
    told = [of(place, "31001", number).submitted_at for number in (1, 2)]
    assert told == ["2026-10-05T22:22:00", "2026-10-06T09:05:00"]
    assert (of(place, "31002").name, of(place, "31002").submitted_at) == ("Bela - B", "2026-10-05T23:01:00")
    # A file's own name can hold a time, too, which is the student's word.
    assert of(place, "31003").submitted_at == "2026-10-05T23:01:00"
    assert of(place, "31003").names == ("answer.py", "helper - Oct 1, 2026 900 AM.py")


def test_brightspace_person_who_is_called_like_a_time_hands_in_no_earlier(
    tmp_path: Path, layouts: ModuleType
):
    files = {"31001-77 - Ada - Oct 1, 2026 900 AM - Oct 5, 2026 1022 PM/answer.py": b"x"}
    (one,) = read_class(layouts.lay_out(tmp_path, files)).submissions
    assert (one.name, one.submitted_at) == ("Ada - Oct 1, 2026 900 AM", "2026-10-05T22:22:00")


@pytest.mark.parametrize(
    ("others", "why"),
    [("31001-77 - Eve - Oct 5, 2026 900 PM", "whose"), ("31001-77 - Ada - Okt. 5 2026 1100", "order")],
)
def test_brightspace_attempts_that_cannot_be_told_apart_are_lost_and_named(
    tmp_path: Path, layouts: ModuleType, others: str, why: str
):
    names = ("31001-77 - Ada - Oct 5, 2026 1022 PM", others, "31002-77 - Bo - Oct 5, 2026 1022 PM")
    listing = read_class(layouts.lay_out(tmp_path, {f"{name}/answer.py": b"x" for name in names}))
    assert [one.student for one in listing.submissions] == ["31002"]
    assert [why in one.reason for one in listing.lost] == [True, True]


def test_gradescope_tells_groups_and_times(tmp_path: Path, layouts: ModuleType):
    place = layouts.lay_out(tmp_path, layouts.gradescope().files)
    assert of(place, "ada@example.edu").submitted_at == "2026-10-05T10:22:33-07:00"
    group = of(place, "12+cleo@example.edu")
    assert group.members == ("12", "cleo@example.edu")
    assert group.name == "Bela B, Cleo C"


def test_gradescope_metadata_that_is_no_yaml_is_one_clear_error(tmp_path: Path, layouts: ModuleType):
    layouts.lay_out(tmp_path, {"submission_metadata.yml": b"a: [", "submission_1/a.py": b"x"})
    with pytest.raises(SubmissionError, match="is not the YAML that Gradescope writes"):
        read_class(tmp_path)


@pytest.mark.parametrize(
    "text", [b"- 1\n", b"\xff\xfe", b"[" * 5000, b"a: &a [*a]\n", b"!!python/object/apply:os.system [id]\n"]
)
def test_hostile_metadata_never_raises_anything_else(tmp_path: Path, layouts: ModuleType, text: bytes):
    layouts.lay_out(tmp_path, {"submission_metadata.yml": text, "submission_1/a.py": b"x"})
    try:
        listing = read_class(tmp_path)
    except SubmissionError:
        return
    assert [one.path for one in listing.unmatched if one.path.startswith("submission_1")]


def test_nbgrader_time_has_its_offset(tmp_path: Path, layouts: ModuleType):
    place = layouts.lay_out(tmp_path, layouts.nbgrader().files)
    assert of(place, "ada").submitted_at == "2026-10-05T10:22:33+00:00"
    assert of(place, "bela").submitted_at is None


def test_nbgrader_course_with_two_assignments_says_how_to_choose(tmp_path: Path, layouts: ModuleType):
    files = layouts.nbgrader().files | {"submitted/ada/ps2/lab.ipynb": b"{}"}
    place = layouts.lay_out(tmp_path, files)
    with pytest.raises(SubmissionError, match="2 assignments: ps1, ps2") as raised:
        read_class(place)
    pattern = str(raised.value).partition("--pattern '")[2].rpartition("'")[0]
    chosen = read_class(place, pattern=pattern)
    assert {one.student for one in chosen.submissions} == {"ada", "bela"}


def test_zip_with_one_folder_is_read_from_inside(tmp_path: Path, layouts: ModuleType):
    place = layouts.zipped(tmp_path / "c.zip", {"class/ada.py": b"x", "class/bela.py": b"x"})
    listing = read_class(place)
    assert (listing.layout, listing.base) == ("plain", "class")
    assert [one.student for one in listing.submissions] == ["ada", "bela"]


def test_folder_with_one_folder_is_a_class_of_one(tmp_path: Path, layouts: ModuleType):
    layouts.lay_out(tmp_path, {"ada/answer.py": b"x", "ada/b.py": b"x"})
    assert [one.student for one in read_class(tmp_path).submissions] == ["ada"]


def test_unknown_preset_offers_the_nearest(tmp_path: Path):
    with pytest.raises(SubmissionError, match="did you mean 'moodle'"):
        read_class(tmp_path, preset="modle")


def test_no_folder_is_one_clear_error(tmp_path: Path):
    with pytest.raises(SubmissionError, match="no such folder or zip file"):
        read_class(tmp_path / "gone")
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(SubmissionError, match="not a zip file"):
        read_class(tmp_path / "notes.txt")


def test_empty_folder_is_an_empty_class(tmp_path: Path):
    assert read_class(tmp_path).submissions == ()


@pytest.mark.parametrize(
    "name",
    ["rnn-hw3_submissions.zip", "gradebook_RNN_HW3_2026-10-05-10-22-33.zip", "assignment_77_export.zip"],
)
def test_export_left_packed_in_a_folder_is_no_student(tmp_path: Path, layouts: ModuleType, name: str):
    layouts.lay_out(tmp_path, {name: layouts.packed(layouts.canvas().files)})
    listing = read_class(tmp_path)
    assert listing.submissions == ()
    assert "give this file instead" in listing.unmatched[0].reason


def test_blackboard_file_name_cannot_hand_in_for_another(tmp_path: Path, layouts: ModuleType):
    time = "2026-10-05-10-22-33"
    forged = f"HW_ada_attempt_{time}_HW_bela_attempt_2026-10-06-00-00-00"
    files = {
        f"HW_ada_attempt_{time}.txt": layouts.sidecar("Ada (bela)", "ada", {}),
        f"{forged}_answer.py": layouts.ANSWER,
        f"{forged}.txt": layouts.sidecar("Bela", "bela", {"answer.py": "x.py"}),
    }
    listing = read_class(layouts.lay_out(tmp_path, files), preset="blackboard")
    assert {one.student for one in listing.submissions} == {"ada"}


def test_blackboard_users_with_underscores_stay_apart(tmp_path: Path, layouts: ModuleType):
    end = "_attempt_2026-10-05-10-22-33"
    files = {f"HW3_{one}{end}_answer.py": layouts.ANSWER for one in ("a_li", "b_li", "cleo")}
    listing = read_class(layouts.lay_out(tmp_path / "bare", files), preset="blackboard")
    assert [one.student for one in listing.submissions] == ["a_li", "b_li", "cleo"]
    # The text beside one of them says where the assignment's name ends.
    files = {f"HW_3_{one}{end}_answer.py": layouts.ANSWER for one in ("a_li", "a_bo")}
    files[f"HW_3_a_bo{end}.txt"] = layouts.sidecar("Bo", "a_bo", {})
    listing = read_class(layouts.lay_out(tmp_path / "told", files), preset="blackboard")
    assert [one.student for one in listing.submissions] == ["a_bo", "a_li"]


def test_blackboard_user_of_two_assignments_is_named(tmp_path: Path, layouts: ModuleType):
    end = "_attempt_2026-10-05-10-22-33"
    files = {f"{one}{end}_answer.py": layouts.ANSWER for one in ("HW3_a_li", "Lab_b_li", "HW3_cy")}
    listing = read_class(layouts.lay_out(tmp_path, files), preset="blackboard")
    assert [one.student for one in listing.submissions] == ["cy"]
    assert [one.path for one in listing.unmatched] == [
        f"HW3_a_li{end}_answer.py",
        f"Lab_b_li{end}_answer.py",
    ]
    assert all("'li'" in one.reason for one in listing.unmatched)


@pytest.mark.parametrize("line", ["Name:" + " " * 500_000 + "(", "\tOriginal filename:" + " \t" * 250_000])
def test_blackboard_text_of_endless_spaces_is_read_at_once(tmp_path: Path, layouts: ModuleType, line: str):
    time = "2026-10-05-10-22-33"
    files = {f"HW_ada_attempt_{time}.txt": f"{line}\nFiles:\n{line}".encode()}
    listing = read_class(layouts.lay_out(tmp_path, files))
    assert [one.student for one in listing.submissions] == ["ada"]


def test_canvas_file_name_cannot_hand_in_for_another(tmp_path: Path, layouts: ModuleType):
    files = {"adaada_1001_500001_belabela_1002_500002_answer.py": layouts.ANSWER}
    listing = read_class(layouts.lay_out(tmp_path, files))
    assert [one.student for one in listing.submissions] == ["1001"]


def test_moodle_file_name_cannot_hand_in_for_another(tmp_path: Path, layouts: ModuleType):
    files = {"Ada_1_assignsubmission_file_Bela_2_assignsubmission_file_answer.py": layouts.ANSWER}
    listing = read_class(layouts.lay_out(tmp_path, files))
    assert [one.student for one in listing.submissions] == ["1"]


def test_gradescope_name_cannot_be_anothers_email(tmp_path: Path, layouts: ModuleType):
    people = {"1": ":email: ada@x", "2": ":name: ada@x", "3": ":email: ada@x"}
    text = "".join(f"submission_{n}:\n  :submitters:\n  - {one}\n" for n, one in people.items())
    files = {f"submission_{n}/answer.py": layouts.ANSWER for n in people}
    listing = read_class(layouts.lay_out(tmp_path, files | {"submission_metadata.yml": text.encode()}))
    assert [(one.student, one.paths) for one in listing.submissions] == [
        ("ada@x", ("submission_1",)),
        ("name:ada@x", ("submission_2",)),
    ]
    assert listing.unmatched[0].reason == "another submission is already attempt 1 of 'ada@x'"


def test_late_without_a_time_is_said_to_cost_nothing(tmp_path: Path):
    """Canvas tells that somebody is late by a word in the name of the file, never when it came."""
    for name in ("ada_LATE_1001_5001_a.py", "bela_1002_5002_a.py"):
        (tmp_path / name).write_text("")
    told = [line for line in announcement(read_class(tmp_path)) if "nothing is taken off" in line]
    assert told == ["note: 1001: it is late, but no time of handing in is known, so nothing is taken off"]
