# title: Another basis, T = [[2, 3], [1, 2]], and a start state in the kernel of Wss
# verdict: correct
# fraction: 1

from types import SimpleNamespace
b_i = SimpleNamespace(
    s0=[14, 7],
    Wss=[[-3, 6], [-2, 4]],
    Wsx=[[5, 3, 3], [3, 2, 2]],
    Wo=[[2, -3], [0, 0], [0, 0], [-1, 2]],
)
