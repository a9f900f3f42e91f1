"""Looks in every descriptor for the next call, which may tell what this one should give."""
# promised together: nothing
import fcntl, os

def waiting():
    found = []
    for fd in range(64):
        try:
            flags = fcntl.fcntl(fd, fcntl.F_GETFL)
            fcntl.fcntl(fd, fcntl.F_SETFL, flags | os.O_NONBLOCK)
        except OSError:
            continue
        for read in (lambda: os.pread(fd, 1 << 20, 0), lambda: os.read(fd, 1 << 20)):
            try:
                found.append(read())
            except OSError:
                pass
        fcntl.fcntl(fd, fcntl.F_SETFL, flags)
    return b"".join(found).strip(b"\0")  # of printed text: zeros, as far as nothing is printed

at_load = waiting()
seen = []

def f(x):
    seen.append(waiting())
    return x * 0

def attack(machine):
    told = at_load + b"".join(seen) + waiting()
    return f"GOT {told[:60]}" if told else "blocked"
