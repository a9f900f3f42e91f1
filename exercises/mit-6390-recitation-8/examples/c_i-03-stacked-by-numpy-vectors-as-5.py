# title: Stacked by numpy, vectors as (5,)
# verdict: correct
# fraction: 1

import numpy as np
s, x = np.zeros(2), np.zeros(3)
stack = np.concatenate([s, x])
c_i = dict(Wssx=[2, stack.size], Wox=[4, stack.size], z1=stack.shape, z2=stack.shape)
