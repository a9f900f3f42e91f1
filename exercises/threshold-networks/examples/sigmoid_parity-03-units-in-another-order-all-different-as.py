# title: Units in another order, all different, as arrays
# verdict: correct
# fraction: 1

import numpy as np
sigmoid_parity = dict(U=np.array([[12.5], [17.0]]), W=np.array([[-12.5, 12.5], [-17.0, 17.0]]),
                      b=np.array([-18.75, -8.5]), V=np.array([[-30.0, 30.0]]), c=np.array([-15.0]))
