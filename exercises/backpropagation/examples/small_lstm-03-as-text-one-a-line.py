# title: As text, one a line
# verdict: correct
# fraction: 1

class small_lstm:
    dui = "0.091"
    duf = "-0.059"
    duo = "0.017"
    dug = "-0.089"
