# title: A class, strings in several spellings
# verdict: correct
# fraction: 1

class a_i:
    Wss = "2 x 2"
    Wsx = "(2, 3)"
    Wo = "4 × 2"
    z1 = "2x1"
    z2 = "4 X 1"
