"""Never comes back."""
def f(x):
    while True:
        pass
