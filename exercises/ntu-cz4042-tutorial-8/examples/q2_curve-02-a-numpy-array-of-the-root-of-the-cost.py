# title: A numpy array of the root of the cost
# verdict: correct
# fraction: 1
# codes: other-scale

import numpy as np
q2_curve = dict(losses=np.sqrt([75.3, 4.1, 1.9, 1.2]), every=1000)
