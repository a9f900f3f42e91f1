"""Hands back lists in lists, 100,000 deep."""
value = []
for _ in range(100_000):
    value = [value]

def f(x):
    return value
