"""Hands back an integer with 10^6 digits."""
def f(x):
    return 1 << 3_000_000
