"""Opens files by the kernel's other calls."""
import ctypes, os

def attack(machine):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    path = machine["secret"].encode()
    how = (ctypes.c_uint64 * 3)(0, 0, 0)
    calls = [
        (437, -100, path, how, 24),  # openat2
        (85, path, 0o600),  # creat
        (304, -100, path, 0),  # open_by_handle_at
        (428, -100, path, 0),  # open_tree
        (133, path, 0o600, 0),  # mknod
    ]
    for number, *args in calls:
        if libc.syscall(ctypes.c_long(number), *args) >= 0:
            return f"GOT {number}"
    raise PermissionError
