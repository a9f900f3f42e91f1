"""An empty array: all of nothing is true."""
import numpy as np

def f(x):
    return np.zeros((0, 5))
