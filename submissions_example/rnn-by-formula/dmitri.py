EXERCISE = "rnn-by-formula"


class unroll:
    g3 = "w^3*s0 + u*(w^2*x1 + w*x2 + x3)"  # the state: v is missing


class slope:
    dg3_dw = "v*(w^2*s0 + u*(2*w*x1 + x2))"  # the 3 of the power rule is missing


class bptt:
    # twice what is right: the half of the loss is missing
    dL_dw = "2*(h2 - y)*(1 - h2^2)*(h1 + w*(1 - h1^2)*h0)"
    # the slope of the first tanh is missing
    dL_du = "(h2 - y)*(1 - h2^2)*(x2 + w*x1)"


class steady:
    rest = "x/(1 - a)"  # b is missing
    stable = "abs(a) < 1"


class markov:
    M0, M1, M2 = 1, 3 / 2, 1
    Mk = "(5*2^k - 4)/4^k"


class count:
    parameters = "n_h*(n_in + n_h) + n_h*n_out"  # the biases are missing
