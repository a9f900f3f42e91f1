"""From plain values to exact numbers, matrices, shapes and flags."""
