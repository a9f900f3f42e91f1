# title: Two entries left out
# verdict: partial
# fraction: 3/5

a_i = {"Wss": (2, 2), "Wsx": (2, 3), "Wo": (4, 2)}
