"""Says without end that it has answered, in a call, one word at a time."""
import os

def f(x):
    while True:
        os.write(5, b"!")
