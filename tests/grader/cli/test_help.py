"""What every command says of itself: examples that can be typed, and a file for what it shows."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import click
import pytest

from grader.cli._main import group

# They write a file of their own, keep what they do, or talk for as long as they run.
SHOW_NOTHING_TO_KEEP = {
    "author lint": "its exit code is what is wanted",
    "author preview": "a page that is served",
    "next": "what is to be done now; `submit -o` keeps the report",
    "serve": "goes on until it is ended",
    "watch": "goes on for as long as it is watched",
    "batch": "results go into the gradebook",
    "gradebook backup": "writes the file that is its argument",
    "gradebook restore": "puts a file in the place of the gradebook",
    "gradebook hint": "what was shown goes into the gradebook",
    "gradebook import-hints": "what was shown goes into the gradebook",
    "gradebook override": "points go into the gradebook",
    "queue import": "points go into the gradebook",
    "queue mark": "points go into the gradebook",
    "regrade": "results go into the gradebook",
    "report": "writes a folder of pages, which is its argument",
}


def commands(found: click.Command = group, path: str = "rnngrade") -> Iterator[tuple[str, click.Command]]:
    yield path, found
    if isinstance(found, click.Group):
        context = click.Context(found)
        for name in found.list_commands(context):
            below = found.get_command(context, name)
            assert below is not None
            yield from commands(below, f"{path} {name}")


ALL = dict(commands())
LEAVES = {path: one for path, one in ALL.items() if not isinstance(one, click.Group)}


def examples_of(command: click.Command) -> tuple[str, ...]:
    return getattr(command, "examples", ())


@pytest.mark.parametrize("path", ALL)
def test_help_ends_in_examples_of_the_command_itself(path: str):
    examples = examples_of(ALL[path])
    assert len(set(examples)) >= 2
    assert all(line.startswith(f"{path} ") or line == path for line in examples)
    # click keeps the first help option that is asked for.
    context = click.Context(ALL[path], info_name=path, help_option_names=["-h", "--help"])
    told = ALL[path].get_help(context)
    assert told.endswith("".join(f"  {line}\n" for line in examples).rstrip())


def context_of(words: list[str]) -> click.Context:
    """The context of the command that is typed; click's errors where its options or arguments are wrong."""
    context = group.make_context("rnngrade", words)
    while isinstance(context.command, click.Group) and (rest := [*context._protected_args, *context.args]):
        name, command, rest = context.command.resolve_command(context, rest)
        assert command is not None
        context = command.make_context(name, rest, parent=context)
    return context


@pytest.mark.parametrize("line", dict.fromkeys(line for one in ALL.values() for line in examples_of(one)))
def test_example_can_be_typed(line: str, tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").touch()  # an argument of a file that must be there
    words = shlex.split(line.partition(" > ")[0], comments=True)
    context = context_of(words[1:])
    ends_here = not isinstance(context.command, click.Group) or context.command.invoke_without_command
    assert context.command_path in ALL
    assert ends_here


@pytest.mark.parametrize("path", LEAVES)
def test_what_is_shown_can_be_kept_in_a_file(path: str):
    names = {name for option in LEAVES[path].params for name in option.opts}
    writes_a_result = "--results" in names
    is_exempt = path.removeprefix("rnngrade ") in SHOW_NOTHING_TO_KEEP or writes_a_result
    assert is_exempt != ({"-o", "--output"} <= names)
