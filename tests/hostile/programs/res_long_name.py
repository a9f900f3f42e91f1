"""Defines a name of 10 MB."""
globals()["a" * 10_000_000] = 1
value = {"b" * 10_000_000: 1}

def f(x):
    return value
