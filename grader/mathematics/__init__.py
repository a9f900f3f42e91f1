"""Mathematics that an author writes as TeX, in three forms: MathML, a line of Unicode, a line of ASCII.

One parser reads it (`tree`), through a list of what is allowed; `mathml` and `one_line` print its tree, and
`prose` finds it between `$` in a text. Nothing here is ever applied to what a student wrote.
"""
