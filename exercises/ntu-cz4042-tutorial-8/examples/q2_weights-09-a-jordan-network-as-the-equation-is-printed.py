# title: A Jordan network, as the equation is printed
# verdict: partial
# fraction: 3/20
# codes: jordan-recurrence

import numpy as np
rng = np.random.default_rng(1)
q2_weights = dict(U=np.zeros((3, 5)), W=0.001 * rng.normal(size=(2, 5)), V=np.zeros((5, 2)), b=np.zeros(5), c=np.array([0, 6.2]))
q2_weights['U'][0, 0], q2_weights['V'][0, 0] = 0.1, 50
