# title: No formulas
# verdict: invalid

cost = dict(
    parameters="many",
    time="long",
    kept="much",
    pieces="less",
)
