# title: No memory at all
# verdict: partial
# fraction: 139/160
# codes: counterexample

import numpy as np
c_ii = dict(
    possible=True,
    s0=np.zeros(2),
    Wssx=np.zeros((2, 5)),
    Wox=np.hstack([np.zeros((4, 2)), np.vstack([np.eye(3), np.ones(3)])]),
)
