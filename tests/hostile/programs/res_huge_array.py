"""Hands back 10^7 numbers."""
import numpy as np

def f(x):
    return np.zeros(10**7)
