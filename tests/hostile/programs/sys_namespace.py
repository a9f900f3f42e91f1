"""Makes a user namespace of its own, to be root in it."""
import ctypes

def attack(machine):
    if ctypes.CDLL(None, use_errno=True).unshare(0x10000000) != 0:
        raise PermissionError
    return "GOT a namespace"
