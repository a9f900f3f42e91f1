"""Closes every descriptor, so that nothing can be said."""
import os
os.closerange(0, 1024)

def f(x):
    return x * 0
