"""Makes a pair of sockets, to hand descriptors over."""
import socket

def attack(machine):
    socket.socketpair()
    return "GOT a pair"
