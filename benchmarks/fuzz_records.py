"""Make every output of extreme records: none may stop it or change what another student gets.

Run as `python -m benchmarks.fuzz_records [COUNT] [SEED]`; the suite does so with a small count. A record is
what a judge says of made-up values, or a report with made-up evidence: nan, inf, 1e308, subnormal numbers,
5,000 digits, lists nested 500 deep. It goes through every format of a report, the gradebook (with times from
year 1 to 9999, overrides, late days), both exports, statistics, and feedback. A class holds some of them
beside one ordinary student, whose export and feedback must be the same in every class.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from benchmarks.fuzz_judges import Seed, any_calls, any_fields, passes, seeds
from grader.classroom.fingerprints import fingerprints_of
from grader.classroom.similarity import similarities, traces_of
from grader.classroom.statistics import diagnoses_of, statistics
from grader.cli.feedback import FeedbackTexts
from grader.gradebook.computing import compute_standings
from grader.gradebook.course import Course, read_course
from grader.gradebook.export import as_csv, as_json
from grader.gradebook.gradebook import Gradebook, open_gradebook
from grader.gradebook.read_records import overrides, stored_attempts
from grader.gradebook.records import Attempt, Override, StoredResult, stored_result
from grader.gradebook.standing import Standing, UnreadableRecords
from grader.gradebook.submission_times import kept_time
from grader.gradebook.write_records import NewResult, keep_exercise, keep_override, keep_results
from grader.grading import mark
from grader.grading.asked import Asked, calls_of
from grader.model.evidence import LEVELS, PROVED, PROVED_FOR_ALL_INPUTS, RecordedFacts, tried_on
from grader.model.exercise import Exercise
from grader.model.outcome import Diagnosis, Feedback, Outcome, Verdict, verdict_for
from grader.model.report import QuestionReport, Report
from grader.model.run import CallReading, Protection, RunResult, Usage
from grader.model.submission import AnswerFile
from grader.model.value import Fields, Value
from grader.reports import View, find_format, format_names
from grader.reports.json_report import as_record
from grader.sandbox.host.json_answers import read_json
from grader.specs import find_exercise
from grader.submissions import build_submission

CLASS_SIZE = 50
ORDINARY = "ordinary"
HALF_LATE = "mit-6390-recitation-8"
LARGEST = 1.7976931348623157e308
NUMBERS: tuple[object, ...] = (
    *(
        float("nan"),
        float("inf"),
        float("-inf"),
        1e308,
        -1e308,
        LARGEST,
        5e-324,
        -0.0,
        2.5e-310,
        1e-300,
        0.27,
    ),
    *(10**5000, -(10**5000), 10**400, 2**63, -(2**64), 0, 1, -7, True, None),
    *(Fraction(10**5000, 7), Fraction(1, 10**5000), Fraction(-2, 3)),
)
TEXTS = (
    *(
        "",
        "nan",
        "inf",
        "1/3",
        "0/0",
        "\x1b[2J",
        "\u202e",
        "\ud800",
        "\x00",
        "::error::x",
        "=1+1",
        "<script>",
    ),
    *("x" * 20_000, "9" * 5000, "a\r\nb", "```", "|", "½", "]]>", "\ufffe"),
)
KEYS = (
    *("counterexample", "losses", "every", "series", "rows_right", "deciding_steps", "network", "possible"),
    *("", "\ud800", "state_map", "counterexamples"),
)
PARTS = ("inputs", "expected", "got", "first_wrong_step", "first_wrong_row", "predicted", "wanted", "x", "W")
TIMES = (
    *(
        "0001-01-01 00:00:00 +1400",
        "9999-12-31 23:59:59 -1400",
        "2026-10-25 02:30:00",
        "2026-03-29 02:30:00 CET",
    ),
    *(
        "2026-10-30 19:30 CET",
        "1e308",
        "nan",
        "9" * 5000,
        "2026-10-24 19:59:59 UTC",
        "0000-00-00 00:00",
        "\ud800",
    ),
    *("2099-12-31 23:59:59 IST", "2026-10-30 19:30:00 +9999", "10/30/2026 7:30 PM", "2000-01-01 00:00:00Z"),
)
JSON_NUMBERS = (
    "1e308",
    "-1e308",
    "5e-324",
    "1e999",
    "NaN",
    "-Infinity",
    "9" * 5000,
    "0." + "3" * 5000,
    "0.27",
)
COURSE = """
time_zone = "Europe/Berlin"
[late]
per_day = "10%"
cap = "50%"
[exercise.mit-6390-recitation-8]
opens = 2026-10-01T00:00:00
due = 2026-10-24T20:00:00
[exercise.ntu-cz4042-tutorial-8]
due = 9999-12-31T23:59:59
[exercise.rnn-by-formula]
due = 0001-01-01T00:00:00+14:00
[[extension]]
student = "student 3"
days = 3660
"""


class Figures(NamedTuple):
    """The figures of a run.

    Args:
        count: Records driven through.
        verdicts: How often each verdict was given.
        findings: Where something failed, or another's output changed.
    """

    count: int
    verdicts: Counter[str]
    findings: list[str]


class MadeRecord(NamedTuple):
    """A record on its way into the gradebook."""

    exercise: Exercise
    report: Report
    result: RunResult


def fuzz(count: int, seed: int, prepared: Sequence[Seed], stop_at: int = 50) -> Figures:
    """Make every output of so many records.

    Args:
        count: Of records.
        seed: Of the generator.
        prepared: Questions with right answers.
        stop_at: Findings after which it stops.
    """
    rng = random.Random(seed)
    figures = Figures(count, Counter(), [])
    expected: dict[str, str] = {}
    done = 0
    while done < count and len(figures.findings) < stop_at:
        size = min(CLASS_SIZE, count - done)
        texts = one_class(rng, size, prepared, figures)
        for name, text in texts.items():
            if expected.setdefault(name, text) != text:
                figures.findings.append(f"{name} of the ordinary student changed")
        done += size
    return figures._replace(count=done)


def one_class(rng: random.Random, size: int, prepared: Sequence[Seed], figures: Figures) -> dict[str, str]:
    """One class in a gradebook of its own; what its ordinary student gets, by the name of the output."""
    course = read_course(COURSE, "course")
    with tempfile.TemporaryDirectory() as folder, open_gradebook(Path(folder, "g.db")) as book:
        keep(book, rng, ORDINARY, ordinary(prepared), "2026-10-25 18:30:00 UTC")
        for number in range(size):
            student = f"student {number}" if rng.random() < 0.8 else f"{rng.choice(TEXTS)[:50]} {number}"
            with watched(figures, "judge, formats, gradebook"):
                made = any_record(rng, prepared)
                figures.verdicts[made.report.questions[0].outcome.verdict.value] += 1
                note_failure(made, figures)
                keep(book, rng, student, made, rng.choice((*TIMES, None)))
        return outputs(book, course, rng, figures)


def outputs(book: Gradebook, course: Course, rng: random.Random, figures: Figures) -> dict[str, str]:
    """Every output of a class; that of the ordinary student is returned, by name."""
    failed: list[UnreadableRecords] = []
    with book.reading() as connection:
        found = compute_standings(stored_attempts(connection), overrides(connection), course, failed)
    figures.findings.extend(f"standing of {one.student!r}: {one.reason}" for one in failed)
    texts: dict[str, str] = {}
    with watched(figures, "export"):
        records = json.loads(as_json(found), parse_constant=refused)
        texts["export"] = json.dumps(next(one for one in records if one["student"] == ORDINARY))
        rows = csv.DictReader(io.StringIO(as_csv(found)))
        (row,) = (one for one in rows if one["student"] == ORDINARY)
        texts["csv"] = json.dumps({name: cell for name, cell in row.items() if cell}, sort_keys=True)
    with watched(figures, "statistics"):
        for exercise in sorted({one.exercise for one in found}):
            count_up(book, exercise, [one for one in found if one.exercise == exercise])
    for name in format_names():
        chosen = find_format(name)
        feedback_texts, problems = FeedbackTexts(book, course, chosen, rng.randrange(2)).texts(
            some(rng, found)
        )
        figures.findings.extend(f"feedback {name} of {who!r}: {why}" for who, why in problems.items())
        texts[f"feedback {name}"] = feedback_texts[ORDINARY].partition("There are hints")[0]
    return texts


def some(rng: random.Random, standings: Sequence[Standing]) -> list[Standing]:
    """The ordinary student and a part of the others."""
    return [one for one in standings if one.student == ORDINARY or rng.random() < 0.5]


def count_up(book: Gradebook, exercise: str, standings: list[Standing]) -> None:
    """The statistics of one exercise, as `rnngrade stats` makes them."""
    with book.reading() as connection:
        diagnoses = diagnoses_of(connection, standings)
        traces = traces_of(connection, standings, diagnoses)
    json.dumps(msgspec.to_builtins(statistics(exercise, standings, diagnoses)), allow_nan=False)
    json.dumps(msgspec.to_builtins(similarities(traces)), allow_nan=False)


def keep(book: Gradebook, rng: random.Random, student: str, record: MadeRecord, stamp: str | None) -> None:
    """Show a record in every format and put it into the gradebook, now and then with points by hand."""
    report = msgspec.structs.replace(record.report, student=student)
    for name in format_names():
        text = find_format(name).render(report, View(hints=rng.randrange(3), width=rng.choice((1, 40, 100))))
        text.encode("utf-8", "replace" if name != "json" else "strict")
    submission = build_submission(student, [])
    each = Asked(record.exercise, record.exercise.questions).given(submission, record.result)
    found = {
        one.id: fingerprints_of(record.exercise, given, one.outcome.verdict)
        for given, one in zip(each, report.questions, strict=True)
    }
    one = stored_result(report, as_record(report), {key: own for key, own in found.items() if own})
    # As it comes back from a worker.
    one = msgspec.msgpack.decode(msgspec.msgpack.encode(one), type=StoredResult)
    file = AnswerFile("answer.py", repr(student).encode("utf-8", "backslashreplace"))
    attempt = Attempt(
        student=student,
        exercise=record.exercise.id,
        number=1,
        submission=build_submission(student, [file]),
        submitted_at=None if stamp is None else kept_time(stamp),
    )
    with book.writing() as connection:
        keep_exercise(connection, record.exercise, find_exercise(record.exercise.id).path.read_bytes())
        keep_results(connection, [NewResult(one, "batch", attempt=attempt)])
        if student != ORDINARY and rng.random() < 0.2:
            question = rng.choice((None, record.report.questions[0].id))
            points = str(Fraction(rng.randrange(100), rng.choice((1, 3, 10**30))))
            why = rng.choice(TEXTS[:12]).replace("\ud800", "")
            override = Override(
                student=student,
                exercise=record.exercise.id,
                question=question,
                points=points,
                who="Z",
                why=why,
            )
            keep_override(connection, override)


def ordinary(prepared: Sequence[Seed]) -> MadeRecord:
    """The record of a student with an answer like any other."""
    one = next(one for one in prepared if one.fields and one.exercise.id == HALF_LATE)
    return judged_record(one, RunResult(names={one.question.id: Fields(one.fields[0])}))


def any_record(rng: random.Random, prepared: Sequence[Seed]) -> MadeRecord:
    """A record of any sort."""
    one = rng.choice(prepared)
    match rng.randrange(3):
        case 0:
            return made_up(rng, one)
        case 1 if one.question.asks.function is None:
            return from_json(rng, one)
    if one.question.asks.function is not None:
        return judged_record(one, RunResult(names={}, calls=calls_that_pass(rng, one)))
    return judged_record(one, RunResult(names={one.question.id: Fields(fields_that_pass(rng, one))}))


def calls_that_pass(rng: random.Random, one: Seed) -> tuple[CallReading, ...]:
    """What calls may give, as the sandbox lets it through."""
    probes = calls_of(one.exercise, one.question)
    while True:
        calls = any_calls(rng, one)
        pairs = zip(probes, calls, strict=True)
        if passes((), [(probe, result) for probe, reading in pairs for result in reading.results]):
            return calls


def fields_that_pass(rng: random.Random, one: Seed) -> dict[str, Value]:
    """What fields may hold, as the sandbox lets it through."""
    while True:
        fields = any_fields(rng, one)
        if passes(fields.values(), ()):
            return fields


def judged_record(one: Seed, result: RunResult) -> MadeRecord:
    """What the judge says of values that came back from an answer."""
    alone = msgspec.structs.replace(one.exercise, questions=(one.question,))
    missing = len(calls_of(alone, one.question)) - len(result.calls)
    if missing:
        result = msgspec.structs.replace(result, calls=calls_that_pass(random.Random(0), one))
    submission = build_submission("s", [AnswerFile("answer.py", b"x")])
    return MadeRecord(alone, mark(alone, submission, run=lambda *_: result), result)


def from_json(rng: random.Random, one: Seed) -> MadeRecord:
    """What the judge says of an answer in JSON with extreme texts of numbers, or nested deeply."""
    asks = one.question.asks
    names = (*asks.fields, *asks.optional)
    fields = ", ".join(f"{json.dumps(name)}: {any_json(rng)}" for name in names if rng.random() < 0.8)
    text = f"{{{json.dumps(one.question.id)}: {{{fields}}}}}"
    answer, fault = read_json("answer.json", text.encode(), (one.question.id, *names))
    return judged_record(one, RunResult(names=answer.values, faults=(fault,) if fault else ()))


def any_json(rng: random.Random, depth: int = 0) -> str:
    """Text of a JSON value."""
    if depth == 0 and rng.random() < 0.05:
        deep = rng.choice((20, 500))
        return "[" * deep + rng.choice(JSON_NUMBERS) + "]" * deep
    if depth < 3 and rng.random() < 0.6:
        return f"[{', '.join(any_json(rng, depth + 1) for _ in range(rng.randrange(5)))}]"
    return rng.choice((*JSON_NUMBERS, json.dumps(rng.choice(TEXTS)), "null", "true"))


def made_up(rng: random.Random, one: Seed) -> MadeRecord:
    """A report with evidence and texts as no judge would write them."""
    alone = msgspec.structs.replace(one.exercise, questions=(one.question,))
    fraction = rng.choice((Fraction(0), Fraction(1), Fraction(1, 3), Fraction(1, 10**30), Fraction(7, 10**9)))
    feedback = tuple(
        Feedback(rng.choice(("x", "points-given", "in-words")), rng.choice(TEXTS), level=rng.choice(LEVELS))
        for _ in range(rng.randrange(3))
    )
    facts = {rng.choice(KEYS): any_evidence(rng) for _ in range(rng.randrange(4))}
    outcome = Outcome(
        verdict=rng.choice((verdict_for(fraction), *Verdict)),
        fraction=fraction,
        basis=rng.choice((None, PROVED, PROVED_FOR_ALL_INPUTS, tried_on(0), tried_on(10**4000, "step"))),
        feedback=feedback,
        diagnoses=tuple(Diagnosis("x", rng.choice(TEXTS)) for _ in range(rng.randrange(2))),
        evidence=(RecordedFacts(plain=facts),),
    )
    question = QuestionReport(
        id=one.question.id, label=one.question.label, max_points=one.question.points, outcome=outcome
    )
    report = Report(
        exercise=alone.id,
        exercise_digest=alone.digest,
        student="s",
        submission_digest="sha256:0",
        grader_version="0",
        seed=rng.choice((0, 2**63 - 1)),
        questions=(question,),
        protection=Protection(level="no-code"),
        usage=Usage(cpu_s=rng.choice((0.0, 1e308, 5e-324))),
        output=rng.choice(TEXTS),
    )
    return MadeRecord(alone, report, RunResult(names={}))


def any_evidence(rng: random.Random, depth: int = 0) -> Any:
    """A fact of any form."""
    if depth == 0 and rng.random() < 0.05:
        value = rng.choice(NUMBERS)
        for _ in range(rng.choice((20, 500))):
            value = [value] if rng.random() < 0.5 else {"x": value}
        return value
    match rng.randrange(6 if depth < 4 else 2):
        case 0:
            return rng.choice(NUMBERS)
        case 1:
            return rng.choice(TEXTS) if rng.random() < 0.3 else rng.choice(NUMBERS)
        case 2:
            return {rng.choice(PARTS): any_evidence(rng, depth + 1) for _ in range(rng.randrange(5))}
        case 3:
            return [rng.choice(NUMBERS) for _ in range(rng.randrange(60))]
    return [any_evidence(rng, depth + 1) for _ in range(rng.randrange(4))]


def note_failure(record: MadeRecord, figures: Figures) -> None:
    """Note a finding where a judge raised: it left a message for staff."""
    for feedback in record.report.questions[0].outcome.feedback:
        if feedback.code == "grader-failed" and "Traceback" in feedback.message:
            figures.findings.append(f"judge of {record.report.questions[0].id}: {feedback.message[-600:]}")


@contextlib.contextmanager
def watched(figures: Figures, what: str) -> Iterator[None]:
    """Keep what fails as a finding, and go on."""
    try:
        yield
    except Exception:
        figures.findings.append(f"{what}: {traceback.format_exc(limit=-4)}")


def refused(constant: str) -> None:
    """NaN and infinities are not JSON."""
    raise ValueError(constant)


def main() -> int:
    """Print the figures; 1 if anything was found."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    started = time.monotonic()
    with contextlib.redirect_stderr(io.StringIO()):
        figures = fuzz(count, seed, seeds(examples=1))
    for finding in figures.findings:
        print(finding, "\n")
    print(f"{figures.count} records in {time.monotonic() - started:.0f} s, {len(figures.findings)} findings")
    print(", ".join(f"{verdict} {n}" for verdict, n in figures.verdicts.most_common()))
    return 1 if figures.findings else 0


if __name__ == "__main__":
    sys.exit(main())
