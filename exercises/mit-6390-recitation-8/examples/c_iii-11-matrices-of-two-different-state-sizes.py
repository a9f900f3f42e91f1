# title: Matrices of two different state sizes
# verdict: invalid
# fraction: 0

import numpy as np
c_iii = dict(possible=True, state_size=5, s0=np.zeros(5), Wss=np.zeros((5, 5)), Wsx=np.ones((4, 3)), Wo=np.ones((4, 5)))
