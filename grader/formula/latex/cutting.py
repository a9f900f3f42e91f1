"""The names of a question that letters and digits side by side can be: wx1 is w and x1."""

from __future__ import annotations

from grader.formula.latex.pieces import LETTERS
from grader.formula.names import Names

LONGEST_NAME = 24
LONGEST_WORD = 60


def is_known(names: Names, name: str) -> bool:
    """Whether it is a symbol, or the number e."""
    return names.symbol(name) is not None or names.is_euler(name)


def ends_in_function(names: Names, word: str, whole: bool) -> bool:
    """Whether the last name in a word is that of a function."""
    ways = ways_to_cut(names, word, None, whole)
    return len(ways) == 1 and not is_known(names, ways[0][-1])


def ways_to_cut(names: Names, word: str, subscript: str | None, whole: bool = False) -> list[list[str]]:
    """The ways, up to two, to read a word as names side by side."""
    if whole or word in LETTERS:
        last = word if subscript is None else f"{word}_{{{subscript}}}"
        return [[last]] if is_known(names, last) or (subscript is None and names.function(word)) else []
    if len(word) > LONGEST_WORD:
        return []
    ways: list[list[list[str]]] = [[] for _ in range(len(word) + 1)]
    ways[0] = [[]]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - LONGEST_NAME), end):
            part = word[start:end]
            if not ways[start] or not part[0].isalpha():
                continue
            is_last = end == len(word)
            name = f"{part}_{{{subscript}}}" if is_last and subscript is not None else part
            is_function = is_last and subscript is None and names.function(part)
            if is_known(names, name) or (is_function and (start == 0 or len(part) > 1)):
                ways[end] += [[*way, name] for way in ways[start]]
        ways[end] = ways[end][:2]
    return ways[-1]
