# title: The slope of a sigmoid
# verdict: incorrect

slope = dict(du=-0.667, dw=0.548)
