"""Reads a file beside the grader."""
def attack(machine):
    return "GOT " + open(machine["secret"]).read()
