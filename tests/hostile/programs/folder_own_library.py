"""Copies a shared library into its own folder and loads it from there."""
import ctypes, math, sys

def attack(machine):
    import _ctypes
    with open(getattr(_ctypes, "__file__", None) or machine["library"] + "/nothing", "rb") as source:
        data = source.read()
    with open("copy.so", "wb") as file:
        file.write(data)
    ctypes.CDLL("./copy.so")
    return "GOT code of its own"
