# title: An np.matrix column
# verdict: correct
# fraction: 1

import numpy as np
a_ii = dict(g1=np.matrix([[6], [6], [6], [6]]))
