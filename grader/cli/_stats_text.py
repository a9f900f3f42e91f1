"""Statistics of one exercise, for a terminal."""

from __future__ import annotations

from typing import Any

from grader.cli._output import one_line

BAR = 40
MOST_SHOWN = 20


def text(record: dict[str, Any]) -> str:
    """The lines of one exercise.

    Args:
        record: As `--format json` has it.
    """
    lines = [f"{record['exercise']}: {record['students']} students{_middle(record)}"]
    lines += [f"  note: {warning}" for warning in record["warnings"]]
    lines += ["", *_histogram(record["histogram"]), "", *_questions(record["questions"])]
    if "similar" in record:
        lines += ["", *_similar(record["similar"])]
    return "".join(f"{line}\n" for line in lines)


def _middle(record: dict[str, Any]) -> str:
    if record["mean"] is None:
        return ""
    return f", mean {record['mean']:.0%}, median {record['median']:.0%}"


def _histogram(counts: list[int]) -> list[str]:
    most = max(*counts, 1)
    width = 100 // len(counts)
    return [
        f"  {at * width:3}-{(at + 1) * width:3} %  {count:5}  {'#' * round(BAR * count / most)}".rstrip()
        for at, count in enumerate(counts)
    ]


def _questions(questions: list[dict[str, Any]]) -> list[str]:
    longest = max(len("question"), *(len(one["question"]) for one in questions))
    lines = [f"  {'question':{longest}}  mean share  discrimination  verdicts"]
    for one in questions:
        share = "-" if one["difficulty"] is None else f"{one['difficulty']:.0%}"
        discrimination = "-" if one["discrimination"] is None else f"{one['discrimination']:+.2f}"
        verdicts = ", ".join(f"{count} {verdict}" for verdict, count in one["verdicts"].items())
        lines.append(f"  {one['question']:{longest}}  {share:>10}  {discrimination:>14}  {verdicts}")
        lines += [f"  {'':{longest}}  {count:>10} x {name}" for name, count in one["diagnoses"].items()]
    return lines


def _similar(similar: dict[str, Any]) -> list[str]:
    groups, pairs = similar["identical"], similar["pairs"]
    if not groups and not pairs:
        return ["  No hand-ins have anything rare in common."]
    lines = ["  In common, and rare in this class (something to look at, not a finding):"]
    for group in groups[:MOST_SHOWN]:
        names = ", ".join(map(one_line, group[:MOST_SHOWN]))
        lines.append(f"  identical files: {names}" + (", ..." if len(group) > MOST_SHOWN else ""))
    lines += [f"  {one_line(' and '.join(one['students']))}: {_shared(one)}" for one in pairs[:MOST_SHOWN]]
    hidden = max(len(groups) - MOST_SHOWN, 0) + max(len(pairs) - MOST_SHOWN, 0)
    return [*lines, f"  and {hidden} more; --format json has all"] if hidden else lines


def _shared(one: dict[str, Any]) -> str:
    parts = []
    if one["wrong_values"]:
        parts.append(f"the same wrong values in {', '.join(one['wrong_values'])}")
    if one["same_basis"]:
        parts.append(f"the same unusual weights in {', '.join(one['same_basis'])}")
    if one["code"]:
        parts.append(f"{one['code']:.0%} of the code, names aside")
    return "; ".join(parts)
