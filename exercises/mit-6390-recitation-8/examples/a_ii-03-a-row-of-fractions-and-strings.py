# title: A row of Fractions and strings
# verdict: correct
# fraction: 1

from fractions import Fraction
class a_ii:
    g1 = [[Fraction(6), "6", "12/2", 6.0]]
