"""Lines by which a log tells the system that reads it to do something: none may come from a student.

Sources: GitHub's "Workflow commands for GitHub Actions" (`::name ...::value` at the start of a line, spaces
before it ignored) and its runner's older form `##[name]`, which counts anywhere in a line
(`ActionCommand.cs`); "Logging commands" of Azure Pipelines (`##vso[`); "Service Messages" of TeamCity
(`##teamcity[`).
"""

from __future__ import annotations

import re

COMMAND = re.compile(r":(?=:[ \t]*[A-Za-z](?s:.*?)::)|#(?=#(?:vso|teamcity)?\[)", re.IGNORECASE)


def disarmed(text: str) -> str:
    """The text with a space in the marks of such commands, wherever they stand: lines may yet be broken.

    Args:
        text: Anything, also from a student.
    """
    return COMMAND.sub(r"\g<0> ", text) if "::" in text or "##" in text else text
