# title: Four states, one of them the sum before this step; no two rows of the usual key
# verdict: correct
# fraction: 1

from fractions import Fraction
# states: x[1] + x[2], x[2], x[3]/2, and the sum BEFORE this step; the total is past + present
# the last state must learn the present at the next step: s4' = s4 + (s1 + 2 s3)
c_iii = dict(
    possible=True,
    state_size="4",
    s0=[0, 0, 0, 0],
    Wss=[[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 2, 1]],
    Wsx=[[1, 1, 0], [0, 1, 0], [0, 0, Fraction(1, 2)], [0, 0, 0]],
    Wo=[[1, -1, 0, 0], [0, 1, 0, 0], [0, 0, 2, 0], [1, 0, 2, 1]],
)
