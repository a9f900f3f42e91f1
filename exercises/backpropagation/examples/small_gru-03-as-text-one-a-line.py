# title: As text, one a line
# verdict: correct
# fraction: 1

class small_gru:
    duz = "-0.305"
    dur = "0.023"
    dun = "-0.053"
