"""Reads the list of users."""
def attack(machine):
    return "GOT " + open("/etc/passwd").read()[:40]
