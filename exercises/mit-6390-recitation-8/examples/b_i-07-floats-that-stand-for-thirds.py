# title: Floats that stand for thirds
# verdict: correct
# fraction: 1
# codes: rationalised

b_i = dict(
    s0=[0, 0],
    Wss=[[0, 0], [0, 1]],
    Wsx=[[1, 0, 0], [10 / 3, 10 / 3, 10 / 3]],
    Wo=[[1, 0], [0, 0], [0, 0], [0, 0.3]],
)
