"""One number as text with what people and programs put around it: a = 0.5, (0.5), np.float64(0.5), 5*10^-1.

They become the text that says the same, 0.5 and 5e-1, for the reader of numbers. What is no such number stays
as it is: nothing is worked out here.
"""

from __future__ import annotations

import re

MAX_CHARACTERS = 2_500
"""A longer text is not looked at: no number has as many."""

SPACES = " \t\r\n"
"""Not all that Python takes for one: a form feed is the start of a LaTeX fraction."""

# One number as a program prints it within others: np.float64(0.5) is how numpy 2 does.
SCALAR = re.compile(
    r"\b(?:(?:np|numpy)\.(?:float|int|uint)\d{1,3}|(?:torch\.)?tensor|(?:np\.|numpy\.)?array)"
    r"\(\s{0,9}([-+]?[\d.]{1,40}(?:[eE][-+]?\d{1,4})?)\s{0,9}"
    r"(?:,\s{0,9}(?:dtype|device|requires_grad|grad_fn)=[^()\[\],]{0,40}){0,4}\)"
)
# The name of what is given: a =, w_1 :=, y(2) =, dL/dw =; or a sign alone. Not w^2 = or 2w =: they tell of
# another number.
NAME = r"[^\W\d]\w{0,30}(?:[(\[]\d{1,4}[)\]])?"
LABEL = re.compile(
    rf"(?:(?:{NAME}|[d∂]{NAME}\s?/\s?[d∂]{NAME})\s{{0,9}})?"
    r"(?::?=|:|[\N{ALMOST EQUAL TO}~]|\\approx|\\simeq)\s{0,9}"
    r"(?=[-+(.,\d\\])"
)
# What may stand in a number that is in brackets or quotation marks.
INSIDE = r"\s{0,9}[-+.,]?[\d.,][-+\d.,/eE*^·×⁻⁰¹²³⁴-⁹ ]{0,60}"
ENCLOSED = re.compile(rf"\(({INSIDE})\)")
QUOTED = re.compile(rf"([\"'`])({INSIDE})\1")
COMMA_AT_THE_END = re.compile(r"(?<=\d),$")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
WHOLE = r"([-+]?\d{1,6})"
EXPONENT = rf"(?:(?:\^|\*\*)\s?(?:{WHOLE}|\({WHOLE}\)|\{{{WHOLE}\}})|([⁻⁺]?[⁰¹²³⁴-⁹]{{1,6}}))"
POWER_OF_TEN = re.compile(
    rf"([-+]?)\s?(?:(\d[\d.,]{{0,1300}}|\.\d{{1,1300}})\s{{0,9}}[*·⋅∙•×xX]\s{{0,9}})?10\s?{EXPONENT}"
)


def number_alone(text: str) -> str:
    """A number without what stands around it, a power of ten as an exponent; any other text as it is.

    Args:
        text: What was handed in.
    """
    if len(text) > MAX_CHARACTERS:
        return text
    plain = text.strip(SPACES)
    if found := QUOTED.fullmatch(plain):
        plain = found[2].strip()
    if label := LABEL.match(plain):
        plain = plain[label.end() :]
    plain = SCALAR.sub(r"\1", plain.rstrip("; ")).replace("{,}", ",")
    plain = COMMA_AT_THE_END.sub("", plain).strip(SPACES)
    if found := ENCLOSED.fullmatch(plain):
        plain = found[1].strip()
    if found := POWER_OF_TEN.fullmatch(plain):
        exponent = next(one for one in found.groups()[2:] if one).translate(SUPERSCRIPTS)
        return f"{found[1]}{found[2] or 1}e{exponent}"
    return plain


def without_types(text: str) -> str:
    """A text with each np.float64(0.5) as 0.5.

    Args:
        text: A number, or a table of them.
    """
    return SCALAR.sub(r"\1", text) if "(" in text else text
