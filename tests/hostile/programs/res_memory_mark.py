"""Takes memory again after each failure."""
kept = []
while True:
    try:
        kept.append(" " * (1 << 24))
    except MemoryError:
        try:
            kept.append([None] * 1000)
        except MemoryError:
            kept.clear()
