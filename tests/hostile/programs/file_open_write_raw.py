"""Opens a file for writing with flags in every combination."""
import ctypes, os

def attack(machine):
    libc = ctypes.CDLL(None, use_errno=True)
    for flags in (1, 2, 0o101, 0o1001, 0o2001, 0o20200002, 0o1000):
        for path in (machine["victim"], machine["folder"], "/tmp"):
            if libc.open(path.encode(), flags, 0o600) >= 0:
                return f"GOT {flags:o} {path}"
    raise PermissionError
