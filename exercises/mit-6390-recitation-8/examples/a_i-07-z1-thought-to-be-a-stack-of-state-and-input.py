# title: z1 thought to be a stack of state and input, as in RNN-B
# verdict: partial
# fraction: 4/5

a_i = {"Wss": "2x2", "Wsx": "2x3", "Wo": "4x2", "z1": "5x1", "z2": "4x1"}
