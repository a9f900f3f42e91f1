"""Writes into a file that is there."""
def attack(machine):
    with open(machine["victim"], "a") as file:
        file.write("changed")
    return "GOT in"
