"""`rnngrade doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._main import ExitCode
from grader.cli._options import output_option
from grader.cli._progress import Waiting

if TYPE_CHECKING:
    from pathlib import Path

    from grader.sandbox.host.levels import DoctorReport, ProbeResult


@click.command(
    cls=Command,
    examples=(
        "rnngrade doctor",
        "rnngrade doctor --format json",
    ),
)
@click.option(
    "--format", "format_name", type=click.Choice(("text", "json")), default="text", help="How to say it."
)
@output_option
def command(format_name: str, output: Path | None) -> int:
    """Say what protects this machine from the code of others, proven by attempts.

    Exit code 0 where other people's code may be run, 1 where only your own should.
    """
    from grader.sandbox import Sandbox
    from grader.sandbox.host.levels import doctor_report

    with Waiting("trying what the sandbox stops"), Sandbox() as sandbox:
        report = doctor_report(sandbox.jail_report())
    if format_name == "json":
        import msgspec

        text = msgspec.json.format(msgspec.json.encode(report)).decode()
    else:
        text = "\n".join(lines(report))
    _output.deliver(f"{text}\n", output)
    return ExitCode.FULL_MARKS if report.is_safe_for_others else ExitCode.BELOW


def lines(report: DoctorReport) -> Iterator[str]:
    """The report for people."""
    stopped = sum(probe.is_stopped for probe in report.probes)
    yield f"sandbox: {report.level} ({report.meaning})"
    yield f"layers:  {', '.join(report.layers)}"
    yield f"probes:  {stopped} of {len(report.probes)} attempts from inside were stopped"
    for probe in report.probes:
        yield f"  {'stopped' if probe.is_stopped else 'OPEN   '}  {probe.attempt}{note(probe)}"
    yield from (f"missing: {problem}" for problem in report.problems)
    yield from (f"advice:  {advice}" for advice in report.advice)


def note(probe: ProbeResult) -> str:
    """Whether the level promises to stop an attempt that was not stopped; "" where it was."""
    if probe.is_stopped:
        return ""
    return "  <- this level promises to stop it" if probe.is_promised else "  (not promised at this level)"
