"""A fraction whose parts are its own."""
from fractions import Fraction
class Half(Fraction):
    numerator = property(lambda self: 10**6)
    denominator = property(lambda self: 0)

def f(x):
    return [Half(1, 2)] * len(x)
