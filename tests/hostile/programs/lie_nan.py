"""Not a number is not unequal to anything."""
import numpy as np

def f(x):
    return np.full(len(x), np.nan)
