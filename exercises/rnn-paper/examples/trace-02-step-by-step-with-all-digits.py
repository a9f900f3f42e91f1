# title: Step by step with all digits
# verdict: correct
# fraction: 1

import math
p, q, y = 0.0, 0.0, []
for one in {x}:
    p, q = (
        math.tanh({U[1,1]} * one + {W[1,1]} * p + {W[1,2]} * q + {b[1]}),
        math.tanh({U[2,1]} * one + {W[2,1]} * p + {W[2,2]} * q + {b[2]}),
    )
    y.append({V[1,1]} * p + {V[1,2]} * q + {c})
trace = dict(y=y)
