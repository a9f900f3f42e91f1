# title: Strings in a class
# verdict: correct
# fraction: 1

class c_i:
    Wssx, Wox = "2x5", "4 × 5"
    z1 = z2 = "(5, 1)"
