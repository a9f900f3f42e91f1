# title: The same in float32 as a class, hidden neurons in another order
# verdict: correct
# fraction: 1
# codes: error

import numpy as np

q2_weights = {
    "U": [[0.3325, -0.017, -0.0678, -0.0186, -0.3194], [-0.0021, -0.0073, 0.4809, -0.0046, -0.001], [-0.334, -0.0095, 0.4618, 0.0484, -0.3712]],
    "W": [[0.0148, -2.2135, 0.0335, 1.1518, -0.0691], [0.0016, 0.0492, 0.0017, -0.003, 0.0039], [0.0046, -2.8831, -0.0346, -0.0069, -0.0001], [0.0122, 1.6564, -6.0224, 0.5185, -0.0352], [0.0115, -1.7398, 0.0743, 1.2262, -0.0699]],
    "V": [[8.1064, -0.421], [0.0126, -17.3592], [-0.0125, -0.1314], [-2.263, -8.4179], [-7.4251, 0.7752]],
    "b": [-0.0355, 1.526, -6.3194, -1.1205, 0.2002],
    "c": [-0.0553, 9.0185],
}
q2_weights = {name: np.array(array) for name, array in q2_weights.items()}
order = [3, 1, 4, 0, 2]

class trained:
    U = np.float32(q2_weights['U'][:, order])
    W = q2_weights['W'][np.ix_(order, order)]
    V = q2_weights['V'][order].tolist()
    b = q2_weights['b'][order].reshape(1, -1)
    c = q2_weights['c']

q2_weights = {'weights': trained}
