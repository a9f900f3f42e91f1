"""Says without end that it has answered."""
import os
while True:
    os.write(5, b"!" * 1000)
