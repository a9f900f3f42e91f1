# title: Computed step by step with all its digits
# verdict: correct
# fraction: 1

import math
state, y = (0.0, 0.0), []
for x in [1, -0.5, 2]:
    state = (
        math.tanh(0.8 * x + 0.4 * state[0] - 0.9 * state[1] + 0.1),
        math.tanh(-0.5 * x + 0.7 * state[0] + 0.3 * state[1] - 0.2),
    )
    y.append(1.5 * state[0] - 1.2 * state[1] + 0.3)
trace = dict(y=y)
