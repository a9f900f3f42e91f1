# title: A numpy float32 row, hidden values to two places
# verdict: correct
# fraction: 1

import numpy as np
q1b = dict(
    y=np.array([[0.2707, 0.7115, 0.9635, 0.1563]], dtype=np.float32),
    h=np.array([[0, .99], [.95, 1], [1, -.52], [-.36, .98]]),
)
