"""An array whose memory is somewhere else."""
import numpy as np
class Elsewhere:
    def __init__(self, address, shape):
        self.__array_interface__ = {"shape": shape, "typestr": "<f8", "data": (address, False), "version": 3}
class Reads:
    def __array__(self, dtype=None, copy=None):
        return np.asarray(Elsewhere(4096, (5,)))

def f(x):
    return Reads()
