"""From text to tokens: numbers, names, operators, each with its column; and errors with a caret under one."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

import msgspec

from grader.answers.look_alikes import ESCAPED, VULGAR, mixed, odd_character
from grader.errors import Unreadable
from grader.mathematics import signs

MAX_CHARACTERS = 1000
MAX_DIGITS = 12
MAX_EXPONENT = 30
# The report wraps at 80 columns; a caret under a wrapped line would point at nothing.
WINDOW = 56
# A float prints up to 17 digits; with this many a decimal is one, and may stand for a simple fraction.
FLOAT_DIGITS = 14
SIMPLE_DENOMINATOR = 1000
FLOAT_NOISE = Fraction(1, 2**50)

# One character for one, so that a column in the translated text is a column in the student's.
SPELLINGS = str.maketrans("·⋅∙×✕✖⨯⨉÷{}\u2032\u2019", "********/()''")
SUPERSCRIPTS = {letter: str(digit) for digit, letter in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")} | {"⁻": "-", "⁺": "+"}
# As the questions themselves are shown: nₕ, nᵢₙ, and 2⁻ᵏ.
SUBSCRIPTS = {small: plain for plain, small in signs.SUBSCRIPTS.items() if plain.isalnum()}
SMALL_LETTERS = {small: plain for plain, small in signs.SUPERSCRIPTS.items() if plain.islower()}

NUMBER = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
MIXED_NUMBER = re.compile(rf"(\d{{0,6}})([{VULGAR}])", re.ASCII)
NAME = re.compile(
    rf"[A-Za-zͰ-Ͽ∂](?:[A-Za-z0-9Ͱ-Ͽ∂{''.join(SUBSCRIPTS)}]|_(?!\())*(?:_\([A-Za-z0-9,]{{1,8}}\))?'*"
)
SUPERSCRIPT = re.compile(f"[{''.join((*SUPERSCRIPTS, *SMALL_LETTERS))}]+")
OPERATOR = re.compile(r"\*\*|<=|>=|==|!=|&&|[-+*/^()\[\]|<>=,;≤≥≠&∧∨∈¬]")
TRANSLATED = {
    "**": "^",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "&&": "and",
    "&": "and",
    "∧": "and",
    "∨": "or",
    "¬": "not",
    "∈": "in",
}
WORDS = {"and": "and", "AND": "and", "or": "or", "OR": "or", "in": "in", "not": "not", "NOT": "not"}


class Token(msgspec.Struct, frozen=True):
    """One token.

    Args:
        kind: "number", "name", "end", or the operator itself; `**` is "^".
        text: As it counts: names without subscripts written small, operators translated.
        start: Column of its first character, from 0.
        end: Column after its last.
        value: Of a number.
    """

    kind: str
    text: str
    start: int
    end: int
    value: Fraction = Fraction(0)


def tokens_of(text: str, max_characters: int = MAX_CHARACTERS) -> tuple[Token, ...]:
    """All tokens of a text, the last of kind "end".

    Raises:
        Unreadable: If the text is too long, or something in it is no token.
    """
    want_length(text, max_characters)
    line, at, found = text.translate(SPELLINGS), 0, list[Token]()
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        found += _next(text, line, at)
        at = found[-1].end
    return (*found, Token("end", "", len(line), len(line)))


def want_length(text: str, max_characters: int) -> None:
    """Refuse a longer text.

    Raises:
        Unreadable: If it is (code "too-long").
    """
    if len(text) > max_characters:
        message = f"{len(text)} characters; at most {max_characters} are read: simplify the formula"
        raise error_at(text[:40], 0, message, "too-long")


def _next(text: str, line: str, at: int) -> tuple[Token, ...]:
    """The token at a column of the line; more than one for a superscript, which is read as ^(...)."""
    if match := MIXED_NUMBER.match(line, at):
        return (Token("number", match.group(), at, match.end(), mixed(match[1], match[2])),)
    if match := NUMBER.match(line, at):
        return (number_token(text, match.group(), at),)
    if match := NAME.match(line, at):
        written = "".join(SUBSCRIPTS.get(letter, letter) for letter in match.group())
        kind = WORDS.get(written, "name")
        return (Token(kind, written, at, match.end()),)
    if match := SUPERSCRIPT.match(line, at):
        return _superscript(text, match.group(), at)
    if match := OPERATOR.match(line, at):
        kind = TRANSLATED.get(match.group(), match.group())
        return (Token(kind, kind, at, match.end()),)
    raise _no_token(text, line, at)


def number_token(text: str, written: str, at: int) -> Token:
    """The token of a number; a float that stands for a simple fraction has that as its value."""
    digits, _, exponent = written.lower().partition("e")
    significant = digits.replace(".", "").lstrip("0")
    places = len(digits.partition(".")[2])
    if "." not in digits and len(significant) > MAX_DIGITS:
        raise error_at(text, at, f"a number with more than {MAX_DIGITS} digits", "number-too-long")
    if len(significant) > 2 * MAX_DIGITS or len(exponent.lstrip("+-")) > 3 or len(digits) > 40:
        raise error_at(text, at, "a number with too many digits", "number-too-long")
    if abs(int(exponent or 0)) > MAX_EXPONENT:
        raise error_at(text, at, f"exponents of ten go up to {MAX_EXPONENT}", "number-too-long")
    value = Fraction(digits if digits[-1] != "." else digits[:-1])
    if places and len(significant) >= FLOAT_DIGITS:
        simple = value.limit_denominator(SIMPLE_DENOMINATOR)
        # 0.3333333333333333 is how a computer prints a third, 0.30000000000000004 how it adds to 3/10.
        if abs(simple - value) <= max(Fraction(2, 10**places), abs(value) * FLOAT_NOISE):
            value = simple
    return Token("number", written, at, at + len(written), value * Fraction(10) ** int(exponent or 0))


def _superscript(text: str, written: str, at: int) -> tuple[Token, ...]:
    if any(letter in SMALL_LETTERS for letter in written):
        return _raised_letters(written, at)
    plain = "".join(SUPERSCRIPTS[letter] for letter in written)
    if not re.fullmatch(r"[+-]?[0-9]{1,3}", plain):
        raise error_at(text, at, f"the exponent {plain} cannot be read; write it as ^(...)", "unexpected")
    power = Token("^", "^", at, at)
    sign = (Token(plain[0], plain[0], at, at),) if plain[0] in "+-" else ()
    digits = plain.lstrip("+-")
    return (power, *sign, Token("number", digits, at, at + len(written), Fraction(int(digits))))


def _raised_letters(written: str, at: int) -> tuple[Token, ...]:
    """The exponent of 2⁻ᵏ, in brackets: what follows it is a factor."""
    plain = "".join(SUPERSCRIPTS.get(letter) or SMALL_LETTERS[letter] for letter in written)
    end = at + len(written)
    inside = (token for token in tokens_of(plain) if token.kind != "end")
    moved = (msgspec.structs.replace(token, start=at + token.start, end=at + token.end) for token in inside)
    return (Token("^", "^", at, at), Token("(", "(", at, at), *moved, Token(")", ")", end, end))


def _no_token(text: str, line: str, at: int) -> Exception:
    letter = line[at]
    if escaped := ESCAPED.match(line, at):
        message = f"the character {odd_character(escaped[0])} is not part of a formula"
        return error_at(text, at, message, "unexpected")
    if letter == "_":
        return error_at(text, at, "a name starts with a letter", "unexpected")
    if letter == "√":
        return error_at(text, at, "write a root as sqrt(...)", "unexpected")
    visible_letter = odd_character(letter) or letter
    return error_at(text, at, f"the character {visible_letter} is not part of a formula", "unexpected")


def error_at(text: str, column: int, message: str, code: str) -> Unreadable:
    """The error for a place of a text, ready to be raised.

    Args:
        text: What the student wrote.
        column: Where the trouble starts, from 0; its length for "at the end".
        message: What is wrong and what would be right, one line.
        code: Stable kebab-case word.
    """
    start = max(0, min(column - WINDOW // 2, len(text) - WINDOW))
    before, after = visible(text[start:column]), visible(text[column : start + WINDOW])
    left, right = "..." if start else "", "..." if start + WINDOW < len(text) else ""
    return Unreadable(
        f"{message}\n    {left}{before}{after}{right}\n    {' ' * (len(left) + width(before))}^", code=code
    )


def visible(text: str) -> str:
    """The text on one line, with a dot for what cannot be seen."""
    return "".join(" " if letter.isspace() else letter if letter.isprintable() else "." for letter in text)


def width(text: str) -> int:
    """How many columns the text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
