# title: W with the wrong sign
# verdict: partial
# fraction: 1/2
# diagnoses: w-sign-flipped

q1b = {"y": [0.27, 0.57, 0.96, 0.22]}
