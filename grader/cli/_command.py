"""Commands and groups of commands whose help ends in examples."""

from __future__ import annotations

from typing import Any

import click

from grader.cli._completion import complete_words


class Command(click.Command):
    """A command whose help ends in examples.

    Args:
        examples: Lines to type, complete; what stands after a # is for the reader.
    """

    def __init__(self, *given: Any, examples: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        self.examples = examples
        complete_words(self.params)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line; whatever is wrong in it knows whose help to name.

        Args:
            ctx: Given by click.
            args: As typed.

        Raises:
            click.UsageError: If they cannot be read.
        """
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            # Click leaves it out where an option lacks its value.
            error.ctx = error.ctx or ctx
            raise

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, then what else stands at the end.

        Args:
            ctx: Given by click.
            formatter: Takes the text.
        """
        write_examples(self.examples, formatter)
        super().format_epilog(ctx, formatter)


class Group(Command, click.Group):
    """A group of commands; its help ends in examples, and so does that of its commands."""

    command_class = Command


def write_examples(examples: tuple[str, ...], formatter: click.HelpFormatter) -> None:
    """Write examples as they are: a line that is broken could not be copied.

    Args:
        examples: Lines to type.
        formatter: Takes the text.
    """
    if examples:
        with formatter.section("Examples"):
            formatter.write("".join(f"  {line}\n" for line in examples))
