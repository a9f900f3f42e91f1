"""A harmless answer."""
# mark: 1
import numpy as np

def f(x):
    return np.cumsum(x)
