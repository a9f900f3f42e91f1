"""Never comes back from a function in C."""
def f(x):
    return sum(range(10**12))
