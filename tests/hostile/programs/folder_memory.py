"""Maps a file of its own many times, and touches what does not fit the folder."""
import mmap, os

def attack(machine):
    file = os.open("map", os.O_RDWR | os.O_CREAT)
    try:
        os.ftruncate(file, 1 << 30)
        return "GOT a file of 1 GiB"
    except OSError:
        pass
    maps = []
    for number in range(2):
        file = os.open(f"map{number}", os.O_RDWR | os.O_CREAT)
        os.ftruncate(file, 16 << 20)
        maps.append(mmap.mmap(file, 16 << 20))
    for part in maps:
        for place in range(0, 16 << 20, 4096):
            part[place] = 1
    return "GOT 32 MiB"
