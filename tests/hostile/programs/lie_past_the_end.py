"""An array that reaches past its memory."""
import numpy as np

def f(x):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (5,), (1 << 40,))
