# title: Lists and numpy integer arrays
# verdict: correct
# fraction: 1

import numpy as np
a_i = dict(Wss=[2, 2], Wsx=np.array([2, 3]), Wo=[4, 2], z1=[2, 1], z2=np.array([4, 1]))
