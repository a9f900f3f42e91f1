# title: The sum before the sigmoid is fed back
# verdict: partial
# fraction: 1/2
# diagnoses: preactivation-fed-back

q1b = {"y": [0.27, 0.10, 0.51, 0.06]}
