"""Leaves a key in the kernel's ring."""
import ctypes

def attack(machine):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(ctypes.c_long(250), ctypes.c_long(0), ctypes.c_long(-3), ctypes.c_long(0)) < 0:  # keyctl
        raise PermissionError
    return "GOT a key ring"
