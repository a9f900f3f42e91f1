# title: Sequences of several lengths as numpy arrays
# verdict: correct
# fraction: 1
# codes: possible-right, certificate-valid

import numpy as np
e = np.eye(3)
class b_ii:
    possible = False
    certificate = [e[:1], e[1:2], np.array([[2, 0, 0], [0, 0, 5]])]
    state_size = 4
