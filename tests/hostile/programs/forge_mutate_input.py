"""Changes its argument, in the hope that it is compared with itself."""
def f(x):
    x[:] = 0
    x.flags.writeable = False
    return x
