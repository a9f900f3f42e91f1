"""Makes pipes, devices and sockets in its own folder."""
import os, stat

def attack(machine):
    for kind in (stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK):
        try:
            os.mknod("made", 0o600 | kind, os.makedev(1, 1))
            return f"GOT {kind:o}"
        except OSError:
            pass
    raise PermissionError
