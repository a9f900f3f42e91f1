# title: Written out, with sech and with cosh
# verdict: correct
# fraction: 1

bptt = {
    "dL_dw": "(tanh(w*tanh(w*h0+u*x1)+u*x2)-y) * sech(w*tanh(w*h0+u*x1)+u*x2)^2 * (tanh(w*h0+u*x1) + w*h0*sech(w*h0+u*x1)^2)",
    "dL_du": "(tanh(w*h1 + u*x2) - y)/cosh(w*h1 + u*x2)^2 * (x2 + w*x1/cosh(w*h0 + u*x1)^2)",
}
