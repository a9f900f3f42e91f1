"""How much one answer may hand back. Both sides use these numbers: one to cut, the other to refuse."""

TYPED = " (in the browser).py"
"""Ends the name of code that was typed for one question, whose id stands before it: it answers no other."""

MAX_BITS = 4096
"""Of a whole number: more than any exercise needs, and below CPython's guard of 4300 digits."""

MAX_DIGITS = 1300
"""2 ** 4096 has 1234 digits; a sign and some room."""

MAX_EXPONENT = 400
"""A double ends at 1e308; a text like 1e999999999 would fill the memory as a fraction."""

MAX_DEPTH = 12
"""Lists in lists: an array of 6 dimensions in a dict in a dict, and room."""

MAX_MEMBERS = 52
"""Texts of a set: 26 options in either case."""
MAX_ENTRIES = 200_000
"""Numbers, strings and containers of one value; a 400 x 400 matrix has 160,000 entries."""

MAX_TEXT = 10_000
"""Characters of one string."""

MAX_FORMULA = 2_000
"""Characters of one sympy expression."""

MAX_SYMBOLS = 50
"""Symbols of one sympy expression that have no plain name."""

MAX_DESCRIPTION = 200
"""Characters that say what a thing is, or where a fault was."""

MAX_MESSAGE = 500
"""Characters of an exception's message."""

MAX_NAME = 100
"""Characters of a name at top level or a key."""

MAX_NAMES = 200
"""Names handed back for "did you mean"."""

MAX_NDIM = 6
"""As in grader.model.value."""

MAX_FAULTS = 20
"""Faults reported while the files are read: a notebook may have one in every cell."""

MAX_NOTES = 50
"""Notes on cells and imports that are left out."""

MAX_FRAME_BYTES = 16 * 1024 * 1024
"""200,000 floats as JSON objects take 60 bytes each: 12 MB."""

MAX_REPLY_BYTES = 32 * 1024 * 1024
"""Of all frames of one child together."""

MAX_NPZ_MEMBERS = 64
"""Arrays in one .npz; the largest exercise asks for 30."""

MAX_NPZ_BYTES = 32 * 1024 * 1024
"""Of one .npz unpacked; np.load unpacks a 1 MB file to 1 GB without complaint."""

READ_CPU_S = 2.0
"""For turning one name's value into a plain value: 200,000 sympy numbers take 1 s."""
