"""A number of 10^8 digits."""
def f(x):
    return 7 ** 10**9
