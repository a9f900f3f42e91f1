"""Has a destructor that never ends."""
class Last:
    def __del__(self):
        while True:
            pass
value = Last()

def f(x):
    global value
    value = None
    return x * 0
