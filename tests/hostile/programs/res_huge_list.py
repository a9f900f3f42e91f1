"""Hands back a list that has itself many times over: 10^9 entries in 1 kB."""
def f(x):
    value = [0]
    for _ in range(9):
        value = [value] * 10
    return value
