# title: In full
# verdict: correct
# fraction: 1

small_gru = {"duz": -0.3047026510969284, "dur": 0.023388294899892956, "dun": -0.05308939322740684}
