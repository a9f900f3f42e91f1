"""Signs of formulas in one line: which stand between spaces, can be raised or lowered, and names in ASCII."""

from __future__ import annotations

import unicodedata

SUBSCRIPTS = dict(
    zip("0123456789+-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)
)
SUPERSCRIPTS = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyz⊤T′",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᵀ′",
        strict=True,
    )
)
ACCENTS = {
    "^": "\u0302",
    "~": "\u0303",
    "¯": "\u0304",
    "‾": "\u0304",
    "→": "\u20d7",
    "˙": "\u0307",
    "¨": "\u0308",
}
ACCENT_NAMES = {"^": "hat", "~": "tilde", "¯": "bar", "‾": "bar", "→": "vec", "˙": "dot", "¨": "ddot"}
RELATIONS = frozenset("=<>≤≥≠≈≡∼∝∈∉⊂⊆→←↦⇒⇔⟹⟶≪≫:")
OPERATIONS = frozenset("+-±∓×·⋅∘⊙⊗⊕*∪∩∧∨")
SUMS = frozenset("∑∏∫⋃⋂")
OPENING = frozenset("([{⟨⌈⌊")
CLOSING = frozenset(")]}⟩⌉⌋")
BARS = frozenset("|‖∥∣")
ASCII = {
    "×": "x", "·": "*", "⋅": "*", "∘": "o", "⊙": "(.)", "⊗": "(x)", "⊕": "(+)", "±": "+-", "∓": "-+",
    "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "≡": "==", "∼": "~", "∝": "~", "∈": "in", "∉": "not in",
    "→": "->", "⟶": "->", "←": "<-", "↦": "|->", "⇒": "=>", "⟹": "=>", "⇔": "<=>", "≪": "<<", "≫": ">>",
    "∑": "sum", "∏": "prod", "∫": "int", "∂": "d", "∇": "grad", "∞": "inf", "√": "sqrt", "⊤": "T", "′": "'",
    "‖": "||", "∥": "||", "∣": "|", "⟨": "<", "⟩": ">", "⌈": "ceil(", "⌉": ")", "⌊": "floor(", "⌋": ")",
    "…": "...", "⋯": "...", "⋮": ":", "⋱": "...", "∀": "for all", "∃": "exists", "∅": "{}", "⊂": "subset of",
    "⊆": "subset of", "∪": "union", "∩": "intersect", "∧": "and", "∨": "or", "ℓ": "l", "ℝ": "R", "ℕ": "N",
    "ℤ": "Z", "⋃": "union", "⋂": "intersect",
}  # fmt: skip
"""What a sign is called where there is only ASCII; letters of the Greek alphabet by their names."""


def plain_letters(text: str) -> str:
    """Bold, script and double-struck letters as plain ones, the minus as the hyphen that a program takes."""
    plain = "".join(
        unicodedata.normalize("NFKC", sign) if "\U0001d400" <= sign <= "\U0001d7ff" else sign for sign in text
    )
    return plain.replace("−", "-").replace("\u00a0", " ").translate({0x3F5: "ε", 0x3D5: "φ", 0x2061: None})


def in_ascii(text: str) -> str | None:
    """The text in ASCII; None where a sign has no name there."""
    out = []
    for sign in text:
        name = unicodedata.name(sign, "")
        if sign.isascii():
            out.append(sign)
        elif sign in ASCII:
            out.append(ASCII[sign])
        elif name.startswith("GREEK ") and " LETTER " in name:
            word = name.rsplit(" ", 1)[1]
            out.append(word.capitalize() if "CAPITAL" in name else word.lower())
        else:
            return None
    return "".join(out)
