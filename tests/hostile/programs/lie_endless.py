"""A list that never ends."""
class Endless(list):
    def __iter__(self):
        while True:
            yield 0.0
    def __len__(self): return 10**18

def f(x):
    return Endless([0.0] * 5)
