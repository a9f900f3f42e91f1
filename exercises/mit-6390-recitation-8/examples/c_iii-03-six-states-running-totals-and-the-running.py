# title: Six states: running totals, and the running totals of a step ago
# verdict: correct
# fraction: 1

import numpy as np
I, O = np.eye(3), np.zeros((3, 3))
c_iii = dict(
    s0=[1, -1, 0, 9, 9, 9],          # 1 and -1 cancel in the total, the 9s are overwritten
    Wss=np.block([[I, O], [I, O]]),
    Wsx=np.vstack([I, O]),
    Wo=np.vstack([np.hstack([I, -I]), [1, 1, 1, 0, 0, 0]]),
)
