# title: Text, with gates rounded to two places on the way
# verdict: correct
# fraction: 1

gru_hand = dict(
    z=[["0.71", "0.31"], ["0.48", "0.55"], ["0.84", "0.18"]],
    n=[["0.80", "-0.60"], ["-0.43", "0.62"], ["0.98", "-0.92"]],
    h=[["0.23", "-0.41"], ["-0.11", "0.05"], ["0.06", "-0.74"]],
)
