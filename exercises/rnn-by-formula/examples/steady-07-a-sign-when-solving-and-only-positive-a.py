# title: A sign when solving, and only positive a
# verdict: incorrect
# diagnoses: sign-when-solving

steady = {"rest": "b*x/(1+a)", "stable": "0 < a < 1"}
