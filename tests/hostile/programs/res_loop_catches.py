"""Never ends, and catches what is thrown at it."""
def f(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
