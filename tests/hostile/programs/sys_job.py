"""Reads its job again, for more than its own files."""
import fcntl, os

def attack(machine):
    text = b""
    for fd in (0, 4):
        fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK)
        for read in (lambda: os.pread(fd, 1 << 20, 0), lambda: os.read(fd, 1 << 20)):
            try:
                text += read()
            except OSError:
                pass
    return f"GOT {text[:60]}" if text else "blocked"
