"""Makes a file wherever it can."""
import os

def attack(machine):
    for folder in (machine["folder"], "/tmp", "/dev/shm", "/var/tmp", machine["library"], "/", "/answer", ".."):
        try:
            with open(os.path.join(folder, machine["mark"]), "w") as file:
                file.write("was here")
            return "GOT " + folder
        except OSError:
            pass
    raise PermissionError
