# title: A second state that grows without bound, and is never read
# verdict: correct
# fraction: 1

c_ii = dict(
    s0=[0, 1],
    Wssx=[[-1 + 2, 0, 1, 1, 1], [3, 2, 7, -1, 0]],
    Wox=[[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, 0, 0, 0]],
)
