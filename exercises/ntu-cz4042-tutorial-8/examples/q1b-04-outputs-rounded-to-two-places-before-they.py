# title: Outputs rounded to two places before they were fed back
# verdict: correct
# fraction: 1

# y(3) = 0.96 -> y(4) = sigma(-1.698) = 0.1547
q1b = {"y": [0.27, 0.71, 0.96, 0.15]}
