"""`rnngrade doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from grader.cli._exit import ExitCode

if TYPE_CHECKING:
    from grader.sandbox.host.diagnosis import Finding, ProbeFinding


@click.command()
@click.option(
    "--format", "format_name", type=click.Choice(("text", "json")), default="text", help="How to say it."
)
def command(format_name: str) -> int:
    """Say what protects this machine from the code of others, proven by attempts.

    Exit code 0 where other people's code may be run, 1 where only your own should.
    """
    from grader.sandbox import Sandbox
    from grader.sandbox.host.diagnosis import examine

    with Sandbox() as sandbox:
        finding = examine(sandbox.told())
    if format_name == "json":
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(finding)).decode())
    else:
        click.echo("\n".join(lines(finding)))
    return ExitCode.FULL_MARKS if finding.is_safe_for_others else ExitCode.BELOW


def lines(finding: Finding) -> Iterator[str]:
    """The finding for people.

    Args:
        finding: What was seen.
    """
    stopped = sum(probe.is_stopped for probe in finding.probes)
    yield f"sandbox: {finding.level} ({finding.meaning})"
    yield f"layers:  {', '.join(finding.layers)}"
    yield f"probes:  {stopped} of {len(finding.probes)} attempts from inside were stopped"
    for probe in finding.probes:
        yield f"  {'stopped' if probe.is_stopped else 'OPEN   '}  {probe.attempt}{note(probe)}"
    yield from (f"missing: {problem}" for problem in finding.problems)
    yield from (f"advice:  {advice}" for advice in finding.advice)


def note(probe: ProbeFinding) -> str:
    """What to think of an attempt that was not stopped.

    Args:
        probe: What it came to.
    """
    if probe.is_stopped:
        return ""
    return "  <- this level promises to stop it" if probe.is_promised else "  (not promised at this level)"
