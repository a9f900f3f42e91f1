"""Talks to a server on the machine."""
import socket

def attack(machine):
    with socket.create_connection(("127.0.0.1", machine["tcp"]), timeout=1) as connection:
        return "GOT " + connection.recv(100).decode()
