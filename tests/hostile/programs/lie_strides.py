"""An array of 10^12 entries that takes 8 bytes."""
import numpy as np

def f(x):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (10**6, 10**6), (0, 0))
