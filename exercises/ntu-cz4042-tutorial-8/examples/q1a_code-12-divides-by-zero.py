# title: Divides by zero
# verdict: invalid
# fraction: 0

def elman(x, U, W, V, b, c):
    return 1 / 0
