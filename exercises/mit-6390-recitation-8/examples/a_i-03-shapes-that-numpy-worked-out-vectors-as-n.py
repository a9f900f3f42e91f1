# title: Shapes that numpy worked out, vectors as (n,)
# verdict: correct
# fraction: 1

import numpy as np
from types import SimpleNamespace

n, m, p = 2, 3, 4
s, x, g = np.zeros(n), np.zeros(m), np.zeros(p)
a_i = SimpleNamespace(
    Wss=np.outer(s, s).shape,
    Wsx=np.outer(s, x).shape,
    Wo=np.outer(g, s).shape,
    z1=s.shape,
    z2=g.shape,
)
