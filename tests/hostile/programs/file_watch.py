"""Watches a folder."""
import ctypes

def attack(machine):
    if ctypes.CDLL(None).inotify_init() < 0:
        raise PermissionError
    return "GOT a watch"
