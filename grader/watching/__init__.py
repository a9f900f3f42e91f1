"""An answer marked whenever it is saved: what was saved, a warm process that marks it, what is shown of it.

Nothing is marked in the program that a student sees: it waits for saves and keys, and an answer that is
saved while an older one is still running takes that one's place.
"""
