# title: Wss = I: the first output piles up too
# verdict: partial
# fraction: 18/25
# codes: counterexample

import numpy as np
b_i = dict(s0=[0, 0], Wss=np.eye(2), Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])
