"""Waits for others to call."""
import socket

def attack(machine):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
    return "GOT a server"
