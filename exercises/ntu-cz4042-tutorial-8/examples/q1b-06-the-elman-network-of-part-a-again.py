# title: The Elman network of part (a) again
# verdict: partial
# fraction: 1/4
# diagnoses: elman-for-jordan

q1b = {"y": [0.27, 0.73, 0.94, 0.11]}
