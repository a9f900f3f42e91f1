# title: One step from zero
# verdict: partial
# fraction: 1/2
# diagnoses: state-forgotten

steady = {"rest": "b*x", "stable": "|a| < 1"}
