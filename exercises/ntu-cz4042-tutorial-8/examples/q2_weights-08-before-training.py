# title: Before training
# verdict: incorrect
# fraction: 0
# codes: untrained

import numpy as np
rng = np.random.default_rng(1)
q2_weights = dict(U=rng.normal(size=(3, 5)), W=rng.normal(size=(5, 5)), V=rng.normal(size=(5, 2)), b=np.zeros(5), c=np.zeros(2))
