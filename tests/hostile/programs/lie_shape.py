"""One number, to be broadcast."""
import numpy as np

def f(x):
    return np.zeros((1, 1, 1))
