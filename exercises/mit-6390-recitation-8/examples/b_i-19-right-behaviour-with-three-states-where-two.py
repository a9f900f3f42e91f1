# title: Right behaviour with three states where two are asked
# verdict: partial
# fraction: 1/2
# codes: state-size

b_i = dict(
    s0=[0, 0, 0],
    Wss=[[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    Wsx=[[1, 0, 0], [1, 1, 1], [0, 1, 0]],
    Wo=[[1, 0, 0], [0, 0, 0], [0, 0, 0], [0, 1, 0]],
)
