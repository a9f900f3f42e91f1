"""Defines 100,000 names."""
for number in range(100_000):
    globals()[f"name_{number}"] = number

def f(x):
    return x * 0
