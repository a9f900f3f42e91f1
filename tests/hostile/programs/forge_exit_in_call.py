"""Ends the process with status 0 while it is asked."""
import os

def f(x):
    os._exit(0)
