# title: As text, one a line
# verdict: correct
# fraction: 1

class small:
    du = "1.341"
    dw = "-0.736"
    db = "-0.823"
    dv = "0.677"
