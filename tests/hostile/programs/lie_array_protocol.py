"""An object that gives another array each time it is asked."""
import numpy as np
class Changing:
    count = 0
    def __array__(self, dtype=None, copy=None):
        Changing.count += 1
        return np.full(5, Changing.count, float)

def f(x):
    return Changing()
