"""Every command is told of in README.md or docs/, and has help of its own."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from grader.cli._main import group

ROOT = Path(__file__).parents[2]
COMMANDS = group.list_commands(click.Context(group))


def options() -> list[object]:
    """Every option of every command and sub-command, but --help."""
    found = []
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        inner = [("", command)]
        if isinstance(command, click.Group):
            context = click.Context(command)
            inner = [(one, command.get_command(context, one)) for one in command.list_commands(context)]
        for inner_name, one in inner:
            title = f"{name} {inner_name}".strip()
            found += [
                pytest.param(name, option, id=f"{title} {option}")
                for parameter in one.params
                if isinstance(parameter, click.Option)
                for option in parameter.opts
                if option.startswith("--")
            ]
    return found


def written() -> str:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages if page.exists())


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_told_of(name: str):
    assert f"rnngrade {name}" in written()


@pytest.mark.parametrize("name", COMMANDS)
def test_command_and_its_options_have_help(name: str):
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.help
    silent = [p.name for p in command.params if isinstance(p, click.Option) and not p.help]
    assert silent == []
    # Written in a raw docstring, click's mark for lines that stay as they are would be two signs of the help.
    assert r"\b" not in command.get_help(click.Context(command))


@pytest.mark.parametrize(("name", "option"), options())
def test_option_stands_on_the_page_of_commands(name: str, option: str):
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    section = "## What submit takes" if name == "submit" else "## What the other commands take"
    told = page.split(section)[1].split("\n## ")[0]
    rows = [row for row in told.splitlines() if name == "submit" or f"`{name}" in row or f", `{name}" in row]
    assert any(f"`{option}" in row for row in rows)
