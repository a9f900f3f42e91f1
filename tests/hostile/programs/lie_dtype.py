"""An array of a type made up."""
import numpy as np

def f(x):
    return np.zeros(len(x), dtype=[("a", "f8"), ("b", "O")])
