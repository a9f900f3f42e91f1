# title: b forgotten
# verdict: partial
# fraction: 1/2
# diagnoses: b-forgotten

q1a = {"y": [0.2008, 0.7220, 0.9573, 0.0709]}
