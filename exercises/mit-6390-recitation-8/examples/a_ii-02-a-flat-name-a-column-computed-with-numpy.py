# title: A flat name, a column computed with numpy
# verdict: correct
# fraction: 1

import numpy as np
s1 = np.ones((2, 2)) @ np.ones((2, 1)) + np.ones((2, 3)) @ np.array([[1], [0], [0]])   # (3, 3)
g1 = np.ones((4, 2)) @ s1
