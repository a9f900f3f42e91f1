"""An exception whose text is a trap."""
class Evil(Exception):
    def __str__(self):
        while True:
            pass

def f(x):
    raise Evil
