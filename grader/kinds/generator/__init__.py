"""A function that draws training data: inputs, targets and noise, judged by bounds that hold for all luck."""
