"""Takes all memory, at once."""
import numpy as np

def f(x):
    return np.ones((1 << 15, 1 << 15)).sum()

def attack(machine):
    try:
        np.ones(1 << 27)
    except MemoryError:
        return "blocked"
    return "GOT a gigabyte"
