"""Imports itself without end."""
import importlib, sys
for _ in range(10**9):
    importlib.invalidate_caches()
    sys.modules.pop("answer", None)
    __import__("answer")
