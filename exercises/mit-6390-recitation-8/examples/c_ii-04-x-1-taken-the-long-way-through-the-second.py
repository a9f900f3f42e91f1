# title: x[1] taken the long way, through the second state, in halves
# verdict: correct
# fraction: 1

from fractions import Fraction as F
c_ii = dict(
    possible=True,
    s0=[0, "3/4"],
    Wssx=[[1, 0, "1/2", "1/2", "1/2"], [0, 0, F(1, 3), 0, 0]],
    Wox=[[0, 3, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [2, 0, 0, 0, 0]],
)
