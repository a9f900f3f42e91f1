"""Talks by a Unix socket without a file."""
import socket

def attack(machine):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("\0" + machine["abstract"])
        return "GOT " + client.recv(100).decode()
