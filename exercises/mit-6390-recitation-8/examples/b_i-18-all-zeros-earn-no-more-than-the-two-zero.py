# title: All zeros earn no more than the two zero rows
# verdict: partial
# fraction: 1/5
# codes: counterexample

import numpy as np
b_i = dict(s0=np.zeros(2), Wss=np.zeros((2, 2)), Wsx=np.zeros((2, 3)), Wo=np.zeros((4, 2)))
