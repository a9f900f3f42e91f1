# title: By arrays, thousands set apart
# verdict: correct
# fraction: 1

import numpy as np
W, b = np.zeros((4 * 16, 10 + 16)), np.zeros(4 * 16)
packed = dict(W=W.size, b=b.size, parameters="1,728")
