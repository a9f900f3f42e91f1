"""Parses brackets."""
def f(x):
    return eval("(" * 10**6)
