# title: Wss = I: the copies of the input pile up
# verdict: partial
# fraction: 97/160
# codes: counterexample

import numpy as np
c_iii = dict(possible=True, state_size=4, s0=np.zeros(4), Wss=np.eye(4), Wsx=np.vstack([np.eye(3), np.ones(3)]), Wo=np.eye(4))
