"""`rnngrade doctor`: what the sandbox can do here."""

from __future__ import annotations

import json

from click.testing import CliRunner

from grader.cli.doctor import command, lines
from grader.sandbox.host.levels import ATTEMPTS, advice, doctor_report
from grader.sandbox.host.zygote import JailReport
from grader.sandbox.inside.isolation.probes import PROBES


def test_every_probe_is_reported():
    result = CliRunner().invoke(command, ["--format", "json"], standalone_mode=False)
    finding = json.loads(result.output)
    assert {probe["name"] for probe in finding["probes"]} == set(PROBES)
    assert set(PROBES) <= set(ATTEMPTS)
    assert result.return_value == (0 if finding["is_safe_for_others"] else 1)


def test_open_probe_stands_out():
    found = JailReport(
        level="full", layers=("seccomp",), could={"network": "it was not stopped", "memory": ""}
    )
    finding = doctor_report(found)
    assert (finding.level, finding.is_safe_for_others) == ("limits", False)
    text = "\n".join(lines(finding))
    assert "1 of 2 attempts" in text
    assert "OPEN     open a network connection  <- this level promises to stop it" in text
    assert "please report it" in text


def test_what_a_level_does_not_promise_is_said_so():
    found = JailReport(
        level="kernel", layers=("seccomp", "landlock-7"), could={"see-files": "it was not stopped"}
    )
    finding = doctor_report(found)
    assert (finding.level, finding.is_safe_for_others) == ("kernel", True)
    assert "(not promised at this level)" in "\n".join(lines(finding))
    assert any("user namespaces" in line for line in finding.advice)


def test_other_systems_are_sent_to_linux(monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    assert "Linux container" in advice("limits", JailReport())[0]
