EXERCISE = "rnn-by-formula"

# everything differs from a right answer by something that does not matter
unroll = "g3 = v·(w³·s₀ + u·(w²·x₁ + w·x₂ + x₃))"
slope = dict(dg3_dw="v*((w^2*s0 + w*u*x1 + u*x2) + w*((w*s0 + u*x1) + w*s0))")
bptt = dict(
    dL_dw="(tanh(w*h1 + u*x2) - y)/cosh(w*h1 + u*x2)^2*(h1 + w*h0/cosh(w*h0 + u*x1)^2)",
    dL_du="(h2 - y)*(x2 + w*x1*sech(w*h0 + u*x1)^2)*sech(w*h1 + u*x2)^2",
)
steady = dict(rest="-(b*x)/(a - 1)", stable="a > -1 and 1 - a > 0")
markov = dict(M0="5 - 4", M1="5/2 - 1", M2="5/4 - 1/4", Mk="M_k = 5*exp(-k*log(2)) - 2^(2 - 2k)")
count = "n_{in}·n_h + n_h² + n_h + n_h·n_out + n_out"
