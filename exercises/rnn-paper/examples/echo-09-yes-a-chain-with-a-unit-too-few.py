# title: Yes: a chain with a unit too few
# verdict: incorrect
# fraction: 0
# codes: possible-wrong

import numpy as np
unit = np.eye({lag})
echo = dict(possible=True, W=np.eye({lag}, k=-1), U=unit[:, :1], V=unit[:1] + {strength} * unit[-1:])
