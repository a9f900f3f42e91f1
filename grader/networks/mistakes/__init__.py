"""The known mistakes, one file a family; each declares its `MISCONCEPTIONS`.

A new mistake is one more declaration; tests run its two examples, and every question knows it at once.
"""
