# title: The weights of the question before: all ones
# verdict: partial
# fraction: 1/10
# codes: counterexample

import numpy as np
b_i = dict(s0=[0, 0], Wss=np.ones((2, 2)), Wsx=np.ones((2, 3)), Wo=np.ones((4, 2)))
