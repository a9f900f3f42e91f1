# title: In full
# verdict: correct
# fraction: 1

small = {"du": 1.3414533976725502, "dw": -0.7363637557899009, "db": -0.8225250027813104, "dv": 0.6767884959325444}
