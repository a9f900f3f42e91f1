"""Plain values read as exact numbers, matrices, shapes and flags."""
