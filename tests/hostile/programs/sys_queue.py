"""Makes a message queue for those who come after."""
import ctypes

def attack(machine):
    libc = ctypes.CDLL(None, use_errno=True)
    queue = libc.msgget(0, 0o600)
    if queue < 0:
        raise PermissionError
    libc.msgctl(queue, 0, None)
    return "GOT a queue"
