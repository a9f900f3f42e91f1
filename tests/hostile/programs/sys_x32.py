"""Makes a call by the x32 numbers."""
import ctypes

def attack(machine):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(ctypes.c_long(0x40000000 + 41), 2, 1, 0) < 0:
        raise PermissionError
    return "GOT a socket"
