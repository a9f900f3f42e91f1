# title: Shapes of another network: state 3, input 2
# verdict: incorrect
# fraction: 0

a_i = {"Wss": (3, 3), "Wsx": (3, 2), "Wo": (4, 3), "z1": (3, 1), "z2": (3, 1)}
