# title: A third of the sum is kept, in strings and Fractions
# verdict: correct
# fraction: 1

from fractions import Fraction
third = Fraction(1, 3)
b_i = {
    "s0": ["0", "0"],
    "Wss": [[0, 0], [0, "1"]],
    "Wsx": [["1/2", 0, 0], [third, third, "1/3"]],
    "Wo": [[2, 0], [0, 0], [0, 0], [0, 3]],
}
