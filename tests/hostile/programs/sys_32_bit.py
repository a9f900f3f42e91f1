"""Makes a call by the 32-bit door: int 0x80, getpid."""
# machine: x86_64
import ctypes, mmap

def attack(machine):
    code = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    result = ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    return f"GOT {result}" if result > 0 else "blocked"
