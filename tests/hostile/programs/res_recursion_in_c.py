"""Calls itself by a function in C."""
class Deep:
    def __repr__(self):
        return repr(self)

def f(x):
    import sys
    sys.setrecursionlimit(10**9)
    return repr(Deep())
