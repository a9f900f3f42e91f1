# title: The start state is seen in the sum
# verdict: partial
# fraction: 71/80
# codes: starts-from-nonzero

import numpy as np
c_iii = dict(
    possible=True, state_size=4, s0=np.ones(4),
    Wss=np.diag([0, 0, 0, 1]), Wsx=np.vstack([np.eye(3), np.ones(3)]), Wo=np.eye(4),
)
