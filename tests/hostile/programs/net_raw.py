"""Makes sockets of the rarer kinds."""
import socket

def attack(machine):
    for family, kind in ((socket.AF_NETLINK, socket.SOCK_RAW), (socket.AF_PACKET, socket.SOCK_RAW), (40, 1), (38, 5)):
        try:
            socket.socket(family, kind)
            return f"GOT {family}"
        except OSError:
            pass
    raise PermissionError
