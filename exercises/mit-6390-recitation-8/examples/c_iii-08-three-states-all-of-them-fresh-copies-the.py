# title: Three states, all of them fresh copies: the sum forgets
# verdict: partial
# fraction: 139/160
# codes: counterexample

import numpy as np
c_iii = dict(possible=True, state_size=3, s0=[0, 0, 0], Wss=np.zeros((3, 3)), Wsx=np.eye(3), Wo=np.vstack([np.eye(3), np.ones(3)]))
