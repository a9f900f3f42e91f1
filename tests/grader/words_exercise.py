"""An exercise whose one question asks for words."""

WORDS = """
title = "Words"
source = "own"
[[question]]
id = "w"
label = "1"
points = 3
prompt = "Why do gradients vanish?"
[question.fields]
text = "a sentence"
[question.check]
kind = "text"
rubric = [{id = "product", points = 2, text = "names the product", comment = "A product, yes."},
          {id = "below-one", points = 1, text = "says that factors are below one"}]
"""
