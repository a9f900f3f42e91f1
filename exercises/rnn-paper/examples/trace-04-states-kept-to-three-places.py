# title: States kept to three places
# verdict: correct
# fraction: 1

trace = dict(h=[[0.716, -0.604], [0.485, 0.354], [0.918, -0.638]], y=[2.10, 0.60, 2.44])
