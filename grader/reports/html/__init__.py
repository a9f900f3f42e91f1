"""Pages: one report in a file of its own that loads nothing, runs nothing and needs no script.

Pages are built as trees of elements, so that whatever a student wrote is text: no string of markup is ever
put together. `elements` builds and prints trees, `page` is the frame around all of them, `figures` draws.
"""
