"""In which line of an answer a name is defined, for tools that point at it; nothing is parsed or run."""

from __future__ import annotations

import re


def line_of(code: bytes, name: str) -> int | None:
    """The last line, from 1, in which Python code gives this name something; None where none does.

    Args:
        code: Of the answer.
        name: A question's id, or a function's.
    """
    defines = re.compile(
        rb"^(?:(?:async[ \t]+)?(?:def|class)[ \t]+%b\b|%b[ \t]*[=:])" % ((re.escape(name.encode()),) * 2),
        re.M,
    )
    found = [match.start() for match in defines.finditer(code)]
    return code.count(b"\n", 0, found[-1]) + 1 if found else None
