"""Sends a message to the machine."""
import socket

def attack(machine):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(machine["mark"].encode(), ("127.0.0.1", machine["udp"]))
    return "GOT a message out"
