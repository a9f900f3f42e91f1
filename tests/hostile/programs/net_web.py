"""Fetches a page from the machine."""
import urllib.request

def attack(machine):
    return "GOT " + urllib.request.urlopen(f"http://127.0.0.1:{machine['tcp']}/", timeout=1).read().decode()
