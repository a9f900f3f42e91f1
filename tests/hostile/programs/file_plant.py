"""Plants code in the library, for those who come after."""
import os

def attack(machine):
    path = os.path.join(machine["library"], machine["mark"] + ".pth")
    with open(path, "w") as file:
        file.write("import os")
    return "GOT code in the library"
