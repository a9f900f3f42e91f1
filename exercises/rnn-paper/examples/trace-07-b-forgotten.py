# title: b forgotten
# verdict: partial
# fraction: 1/2

trace = dict(y=[1.85, 0.09, 2.26])
